package api

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"previewd/runtime/upstream"
	"previewd/server/problem"
)

const (
	maxRequestBody = 4 << 20 // bytes of the JSON document
	maxMethod      = 32      // bytes
	maxHeaders     = 100
	maxHeaderBytes = 32 << 10 // of all names and values
)

// Encodings of a body, in the request and in the answer.
const (
	encodingText   = "text"
	encodingJSON   = "json"
	encodingBase64 = "base64"
)

// newAppRequest reads what is to be sent to the app: {method, path, query, body, headers, body_encoding}.
func newAppRequest(o *object) (upstream.Request, error) {
	method, path, query, headers := o.text("method"), o.text("path"), o.params("query"), o.params("headers")
	encoding := o.text("body_encoding")
	if err := o.problem(); err != nil {
		return upstream.Request{}, err
	}
	var r upstream.Request
	var err error
	if r.Method, err = appMethod(method); err != nil {
		return r, err
	}
	if r.Target, err = appTarget(path, query); err != nil {
		return r, err
	}
	if r.Header, err = appHeader(headers); err != nil {
		return r, err
	}
	body, media, err := appBody(o.members["body"], encoding)
	if body != nil && r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", media)
	}
	r.Body = body
	return r, err
}

// appMethod takes the usual methods in any case, as fetch does, and others as they are (RFC 9110, section 9.1).
func appMethod(given *string) (string, error) {
	if given == nil {
		return http.MethodGet, nil
	}
	method := *given
	switch upper := strings.ToUpper(method); upper {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return upper, nil
	case http.MethodConnect, http.MethodTrace:
		return "", invalid("method", upper+" cannot be sent to a preview")
	}
	if len(method) > maxMethod || !upstream.ValidToken(method) {
		return "", invalid("method", fmt.Sprintf("want a method's name of at most %d characters", maxMethod))
	}
	return method, nil
}

// appTarget puts the path's own query and the query object together, in this order.
func appTarget(given *string, query []param) (string, error) {
	if given == nil {
		return "", invalid("path", "is required")
	}
	path, own, err := upstream.ParseTarget(*given)
	if err != nil {
		return "", problem.New(problem.InvalidRequest, "path: "+err.Error()).Because(err)
	}
	var parts []string
	if own != "" {
		parts = append(parts, own)
	}
	for _, p := range query {
		for _, value := range p.values {
			parts = append(parts, url.QueryEscape(p.name)+"="+url.QueryEscape(value))
		}
	}
	target := path
	if len(parts) > 0 {
		target += "?" + strings.Join(parts, "&")
	}
	if len(target) > upstream.MaxTarget {
		return "", invalid("query", fmt.Sprintf("makes the path longer than %d bytes", upstream.MaxTarget))
	}
	return target, nil
}

// appHeader checks the headers. Those of the connection are dropped later, for front ends pass on what their browser gave them;
// the session token is nothing for the app to see.
func appHeader(given []param) (http.Header, error) {
	h, size, count := http.Header{}, 0, 0
	for _, p := range given {
		if !upstream.ValidToken(p.name) {
			return nil, invalid("headers."+shown(p.name), "is no header's name")
		}
		for _, value := range p.values {
			if !upstream.ValidHeaderValue(value) {
				return nil, invalid("headers."+shown(p.name), "its value holds a control character")
			}
			size, count = size+len(p.name)+len(value), count+1
			h.Add(p.name, strings.Trim(value, " \t"))
		}
	}
	if size > maxHeaderBytes || count > maxHeaders {
		return nil, invalid("headers", fmt.Sprintf("want at most %d values of together %d bytes", maxHeaders, maxHeaderBytes))
	}
	h.Del(sessionHeader)
	return h, nil
}

// appBody is the body to send, nil for none, and its type where no header names one. Without an encoding a string is text,
// null is nothing and everything else is JSON, spelled as it was given.
func appBody(value json.RawMessage, encoding *string) (body []byte, media string, err error) {
	how := ""
	if encoding != nil {
		how = *encoding
	}
	absent := value == nil || kindOf(value) == "null"
	switch {
	case how != "" && how != encodingText && how != encodingJSON && how != encodingBase64:
		return nil, "", invalid("body_encoding", "want text, json or base64")
	case value == nil || absent && how != encodingJSON:
		return nil, "", nil
	case how == encodingJSON || how == "" && kindOf(value) != "string":
		return value, "application/json", nil
	case kindOf(value) != "string":
		return nil, "", invalid("body", "want a string with body_encoding "+how+", not "+kindOf(value))
	}
	var text string
	if err := json.Unmarshal(value, &text); err != nil {
		return nil, "", invalid("body", "is no string")
	}
	if how != encodingBase64 {
		return []byte(text), "text/plain; charset=utf-8", nil
	}
	body, err = base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, "", invalid("body", "is not base64 (RFC 4648, section 4)")
	}
	return body, "application/octet-stream", nil
}
