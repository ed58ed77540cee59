package app_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"previewd/server/auth"
	"previewd/server/openapi/openapitest"
)

// wire speaks to a server as a stranger's program does: requests as text, answers as maps.
type wire struct {
	testing.TB
	api   string // address of the server
	token string // "" sends none
	http  *http.Client

	reached map[string]bool // error codes that were wanted and came
}

func (s *service) wire(t testing.TB, user string, admin bool) *wire {
	t.Helper()
	token, err := auth.Mint([]byte(secret), user, time.Hour, admin)
	if err != nil {
		t.Fatal(err)
	}
	return &wire{TB: t, api: s.api, token: token, http: openapitest.Client(t), reached: map[string]bool{}}
}

// other is a token of somebody else.
func (w *wire) other(user string) string {
	w.Helper()
	token, err := auth.Mint([]byte(secret), user, time.Hour, false)
	if err != nil {
		w.Fatal(err)
	}
	return token
}

// reply is what came back.
type reply struct {
	status int
	header http.Header
	body   map[string]any // nil unless JSON
	raw    string
}

// text is a member that is a string, "" where it is none.
func (r reply) text(name string) string {
	s, _ := r.body[name].(string)
	return s
}

// code is the error's code and detail its words, for comparison.
func (r reply) code() string { return r.text("error_code") }

// send sends a request; a path that does not begin with a slash is one below the generations. Pairs of headers may follow.
func (w *wire) send(method, path, body string, headers ...string) reply {
	w.Helper()
	if !strings.HasPrefix(path, "/") {
		path = "/api/v1/generations/" + path
	}
	req, err := http.NewRequestWithContext(w.Context(), method, w.api+path, strings.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	if w.token != "" {
		req.Header.Set("Authorization", "Bearer "+w.token)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := w.http.Do(req)
	if err != nil {
		w.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		w.Fatalf("%s %s: %v", method, path, err)
	}
	r := reply{status: resp.StatusCode, header: resp.Header, raw: string(text)}
	if strings.Contains(resp.Header.Get("Content-Type"), "json") && method != http.MethodHead {
		if err := json.Unmarshal(text, &r.body); err != nil {
			w.Fatalf("%s %s: %v: %s", method, path, err, text)
		}
	}
	return r
}

func (w *wire) get(path string, headers ...string) reply {
	w.Helper()
	return w.send(http.MethodGet, path, "", headers...)
}

func (w *wire) post(path, body string, headers ...string) reply {
	w.Helper()
	return w.send(http.MethodPost, path, body, headers...)
}

// put stores a generation.
func (w *wire) put(id string, files map[string]string) reply {
	w.Helper()
	body, err := json.Marshal(map[string]any{"project_id": "p", "files": files})
	if err != nil {
		w.Fatal(err)
	}
	r := w.send(http.MethodPut, id, string(body))
	if r.status != http.StatusCreated && r.status != http.StatusOK {
		w.Fatalf("store %s: %d %s", id, r.status, r.raw)
	}
	return r
}

// want fails the test unless the status is the wanted one.
func (w *wire) want(r reply, status int) reply {
	w.Helper()
	if r.status != status {
		w.Fatalf("status %d, want %d: %s", r.status, status, r.raw)
	}
	return r
}

// wantError fails the test unless the answer is that error, as the contract has it.
func (w *wire) wantError(what string, r reply, status int, code string) {
	w.Helper()
	if r.status != status || r.code() != code || r.header.Get("Content-Type") != "application/problem+json" {
		w.Errorf("%s: %d %s (%s), want %d %s", what, r.status, r.raw, r.header.Get("Content-Type"), status, code)
		return
	}
	w.reached[code] = true
	w.wantMembers(what, r.body, map[string]string{
		"type": "string", "title": "string", "status": "int", "detail": "string", "error_code": "string", "timestamp": "time", "request_id": "string",
	})
	if r.body["status"] != float64(status) || r.text("request_id") != r.header.Get("X-Request-ID") || r.text("detail") == "" {
		w.Errorf("%s: %s", what, r.raw)
	}
}

// wantMembers checks the types of members by name: string, int, number, bool, time, object, list; a question mark lets it be null.
func (w *wire) wantMembers(what string, body map[string]any, types map[string]string) {
	w.Helper()
	for name, want := range types {
		value, there := body[name]
		kind, nullable := strings.CutSuffix(want, "?")
		if !there || value == nil && !nullable || value != nil && !isA(value, kind) {
			w.Errorf("%s: %s is %v, want %s", what, name, fmt.Sprintf("%T %v", value, value), want)
		}
	}
}

func isA(value any, kind string) bool {
	text, isText := value.(string)
	number, isNumber := value.(float64)
	switch kind {
	case "string":
		return isText
	case "time":
		at, err := time.Parse(time.RFC3339, text)
		return isText && err == nil && at.Location() == time.UTC
	case "int":
		return isNumber && number == float64(int64(number))
	case "number":
		return isNumber
	case "bool":
		_, is := value.(bool)
		return is
	case "object":
		_, is := value.(map[string]any)
		return is
	case "list":
		_, is := value.([]any)
		return is
	}
	return false
}
