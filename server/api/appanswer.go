package api

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"mime"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"previewd/runtime/upstream"
)

// appAnswer is what the app answered.
type appAnswer struct {
	StatusCode   int               `json:"status_code"`
	Headers      map[string]string `json:"headers"` // names in lower case, values of one name joined
	Body         any               `json:"body"`
	ElapsedMS    float64           `json:"elapsed_ms"`    // from the request's going out to the end of the body
	BodyEncoding string            `json:"body_encoding"` // json: body is the value; text and base64: a string
	Truncated    bool              `json:"truncated"`     // the body is only its beginning
	ContentType  string            `json:"content_type"`
	SizeBytes    int               `json:"size_bytes"` // of the body as it is told, decompressed
}

func newAppAnswer(got upstream.Answer) appAnswer {
	media := got.Header.Get("Content-Type")
	body, encoding := readable(got.Body, media, got.Truncated)
	return appAnswer{
		StatusCode: got.Status, Headers: flat(got.Header), Body: body, BodyEncoding: encoding, Truncated: got.Truncated,
		ElapsedMS:   float64(got.Elapsed.Round(time.Microsecond)) / float64(time.Millisecond),
		ContentType: unicodeOf(media), SizeBytes: len(got.Body),
	}
}

// readable is the body in the form that is easiest to use: JSON as the value itself, its numbers spelled as the app did, text
// as a string, and everything else as base64.
func readable(body []byte, media string, truncated bool) (value any, encoding string) {
	kind, params, _ := mime.ParseMediaType(media)
	if isJSON(kind) && utf8.Valid(body) && json.Valid(body) {
		return json.RawMessage(body), encodingJSON
	}
	switch strings.ToLower(params["charset"]) {
	case "iso-8859-1", "latin1":
		return latin1(body), encodingText
	}
	text := body
	if truncated {
		text = wholeRunes(body)
	}
	if utf8.Valid(text) && !bytes.ContainsRune(text, 0) {
		return string(text), encodingText
	}
	return base64.StdEncoding.EncodeToString(body), encodingBase64
}

func isJSON(kind string) bool {
	return kind == typeJSON || kind == "text/json" || strings.HasSuffix(kind, "+json")
}

// wholeRunes leaves out a character that a cut went through.
func wholeRunes(b []byte) []byte {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if tail := b[len(b)-n:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				return b[:len(b)-n]
			}
			break
		}
	}
	return b
}

// flat joins the values of each name as RFC 9110, section 5.3, allows. Cookies cannot be joined by a comma, which their dates
// hold: a newline, which no header can hold, stands between them.
func flat(h http.Header) map[string]string {
	out := make(map[string]string, len(h))
	for name, values := range h {
		name = strings.ToLower(name)
		between := ", "
		if name == "set-cookie" {
			between = "\n"
		}
		out[name] = unicodeOf(strings.Join(values, between))
	}
	return out
}

// unicodeOf reads a header's value that is not UTF-8 as the encoding headers once had.
func unicodeOf(value string) string {
	if utf8.ValidString(value) {
		return value
	}
	return latin1([]byte(value))
}

// latin1 decodes ISO-8859-1, whose bytes are the first 256 characters of Unicode.
func latin1(b []byte) string {
	runes := make([]rune, len(b))
	for i, c := range b {
		runes[i] = rune(c)
	}
	return string(runes)
}
