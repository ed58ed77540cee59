package middleware

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	logtest "github.com/sirupsen/logrus/hooks/test"

	"previewd/runtime/preview"
	"previewd/server/auth"
	"previewd/server/middleware/requestid"
	"previewd/server/problem"
	"previewd/server/ratelimit"
)

func newLog() (*logrus.Entry, *logtest.Hook) {
	log, hook := logtest.NewNullLogger()
	log.SetLevel(logrus.DebugLevel)
	return logrus.NewEntry(log), hook
}

func newProblems() *problem.Renderer {
	log, _ := newLog()
	return &problem.Renderer{Log: log}
}

// codeOf is the error code of an answer, "" when it is no problem.
func codeOf(t *testing.T, resp *http.Response) string {
	t.Helper()
	if resp.Header.Get("Content-Type") != problem.ContentType {
		return ""
	}
	var body problem.Body
	if err := json.NewDecoder(resp.Body).Decode(&body); err != nil {
		t.Fatal(err)
	}
	return string(body.ErrorCode)
}

func TestAccessLogsFixedFields(t *testing.T) {
	log, hook := newLog()
	h := requestid.Middleware(Access(log, func(path string) bool { return path == "/livez" })(
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			SetRoute(r.Context(), "/things/{id}")
			recordOf(r.Context()).user = "ann"
			w.WriteHeader(http.StatusTeapot)
			_, _ = io.WriteString(w, "short and stout")
		})))
	r := httptest.NewRequest(http.MethodGet, "/things/7?token=sess_secret", nil)
	r.Header.Set(requestid.Header, "req-1")
	h.ServeHTTP(httptest.NewRecorder(), r)

	entry := hook.LastEntry()
	want := logrus.Fields{
		"request_id": "req-1", "method": "GET", "path": "/things/7", "route": "/things/{id}", "status": 418,
		"bytes": int64(15), "remote": "192.0.2.1", "user": "ann",
	}
	for name, value := range want {
		if entry.Data[name] != value {
			t.Errorf("%s: %v, want %v", name, entry.Data[name], value)
		}
	}
	if _, ok := entry.Data["duration_ms"].(int64); !ok || entry.Level != logrus.InfoLevel || len(hook.AllEntries()) != 1 {
		t.Error(entry.Data, entry.Level)
	}
	text, err := entry.String()
	if err != nil || strings.Contains(text, "sess_secret") {
		t.Errorf("the token is in the log: %s %v", text, err)
	}

	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/livez", nil))
	if hook.LastEntry().Level != logrus.DebugLevel {
		t.Error("probes are loud")
	}
}

func TestAccessOfASilentHandler(t *testing.T) {
	log, hook := newLog()
	h := Access(log, func(string) bool { return false })(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr = "@"
	h.ServeHTTP(httptest.NewRecorder(), r)
	if got := hook.LastEntry().Data; got["status"] != 200 || got["remote"] != "@" {
		t.Error(got)
	}
}

func TestStatusWriter(t *testing.T) {
	hinted := &statusWriter{ResponseWriter: httptest.NewRecorder()}
	if hinted.WriteHeader(http.StatusEarlyHints); hinted.status != 0 {
		t.Error("an informational status is not the answer's")
	}
	rec := httptest.NewRecorder()
	sw := &statusWriter{ResponseWriter: rec}
	if _, err := sw.Write([]byte("x")); err != nil || sw.status != http.StatusOK || sw.bytes != 1 {
		t.Error(err, sw.status, sw.bytes)
	}
	sw.Flush()
	if !rec.Flushed || sw.Unwrap() != http.ResponseWriter(rec) {
		t.Error("the writer beneath is out of reach")
	}
}

func TestRecover(t *testing.T) {
	log, hook := newLog()
	problems := &problem.Renderer{Log: log}
	server := httptest.NewServer(Recover(problems)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/late":
			_, _ = io.WriteString(w, "half")
			w.(http.Flusher).Flush()
			panic("too late")
		case "/abort":
			panic(http.ErrAbortHandler)
		case "/error":
			panic(errors.New("hunter2"))
		}
		w.WriteHeader(http.StatusNoContent)
	})))
	defer server.Close()

	resp := get(t, server.URL+"/error")
	if resp.StatusCode != 500 || codeOf(t, resp) != "INTERNAL_ERROR" {
		t.Error(resp.StatusCode)
	}
	if logged := hook.LastEntry().Data["err"].(error).Error(); !strings.Contains(logged, "hunter2") || !strings.Contains(logged, "middleware_test.go") {
		t.Error("the log lacks the panic and its stack:", logged)
	}
	if resp := get(t, server.URL+"/fine"); resp.StatusCode != http.StatusNoContent {
		t.Error(resp.StatusCode)
	}
	if _, err := io.ReadAll(get(t, server.URL+"/late").Body); err == nil {
		t.Error("half an answer looks whole")
	}
	if resp, err := http.Get(server.URL + "/abort"); err == nil {
		resp.Body.Close()
		t.Error("an aborted handler answered")
	}
}

func get(t *testing.T, url string) *http.Response {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	return resp
}

func TestSecurityHeaders(t *testing.T) {
	rec := httptest.NewRecorder()
	SecurityHeaders(http.NotFoundHandler()).ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", nil))
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
		"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "X-Frame-Options": "DENY",
	} {
		if got := rec.Header().Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestDeadlineBoundsTheContext(t *testing.T) {
	var deadline time.Time
	var bounded bool
	h := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { deadline, bounded = r.Context().Deadline() })
	Deadline(time.Minute, h).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	if left := time.Until(deadline); !bounded || left < 50*time.Second || left > time.Minute {
		t.Error(bounded, left)
	}
	Deadline(0, h).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	if bounded {
		t.Error("a stream has a deadline")
	}
}

type verifier struct{}

func (verifier) Verify(_ context.Context, token string) (auth.Identity, error) {
	switch token {
	case "good":
	case "unknown":
		return auth.Identity{}, errors.Join(auth.ErrInvalidToken, auth.ErrKeysUnavailable)
	default:
		return auth.Identity{}, auth.ErrInvalidToken
	}
	return auth.Identity{User: "ann"}, nil
}

func TestAuthentication(t *testing.T) {
	var seen string
	inner := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		id, ok := auth.From(r.Context())
		seen = id.User
		if !ok {
			seen = "nobody"
		}
	})
	users := Authenticate(verifier{}, newProblems(), inner)
	sessions := AuthenticateOrSession(verifier{}, newProblems(), inner)
	tests := []struct {
		name, header, target string
		handler              http.Handler
		want                 string // "" is refused
	}{
		{"good", "Bearer good", "/", users, "ann"},
		{"any case, spaces", "bearer  good ", "/", users, "ann"},
		{"bad", "Bearer bad", "/", users, ""},
		{"none", "", "/", users, ""},
		{"other scheme", "Basic good", "/", users, ""},
		{"no scheme", "good", "/", users, ""},
		{"session where it does not count", "", "/?token=sess_x", users, ""},
		{"session", "", "/?token=sess_x", sessions, "nobody"},
		{"good beside a session", "Bearer good", "/?token=sess_x", sessions, "ann"},
		{"bad beside a session", "Bearer bad", "/?token=sess_x", sessions, ""},
		{"bearer token in the query", "", "/?token=good", sessions, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			seen = ""
			rec, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, test.target, nil)
			r.Header.Set("Authorization", test.header)
			if test.header == "" {
				r.Header.Del("Authorization")
			}
			test.handler.ServeHTTP(rec, r)
			if seen != test.want {
				t.Errorf("seen as %q", seen)
			}
			if code := codeOf(t, rec.Result()); (test.want == "") != (code == "INVALID_TOKEN") {
				t.Errorf("code %q", code)
			}
		})
	}
}

func TestTokensThatCannotBeJudged(t *testing.T) {
	rec, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Authorization", "Bearer unknown")
	Authenticate(verifier{}, newProblems(), http.NotFoundHandler()).ServeHTTP(rec, r)
	if code := codeOf(t, rec.Result()); rec.Code != 503 || code != "IDENTITY_UNAVAILABLE" || rec.Header().Get("Retry-After") == "" {
		t.Error(rec.Code, code, rec.Header())
	}
}

func TestLimit(t *testing.T) {
	counter := ratelimit.New("things", preview.Rate{Most: 1, Per: time.Hour}, nil)
	h := Authenticate(verifier{}, newProblems(), Limit(counter, newProblems(), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTeapot)
	})))
	for i, want := range []int{http.StatusTeapot, http.StatusTooManyRequests} {
		for _, token := range []string{"bad", "good"} { // what nobody is known for counts for nobody
			rec, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header.Set("Authorization", "Bearer "+token)
			h.ServeHTTP(rec, r)
			if token == "bad" && (rec.Code != 401 || rec.Header().Get("X-RateLimit-Limit") != "") || token == "good" && rec.Code != want {
				t.Errorf("request %d with a %s token: %d %v", i, token, rec.Code, rec.Header())
			}
		}
	}
}

func TestLocalOnly(t *testing.T) {
	h := LocalOnly(newProblems())(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	tests := []struct {
		method, host string
		header       map[string]string
		let          bool
	}{
		{http.MethodGet, "127.0.0.1:8080", nil, true},
		{http.MethodGet, "[::1]:8080", nil, true},
		{http.MethodGet, "[::1]", nil, true},
		{http.MethodGet, "localhost", nil, true},
		{http.MethodGet, "API.localhost:8080", nil, true},
		{http.MethodGet, "previewd:8080", nil, true},
		{http.MethodPost, "127.0.0.1:8080", nil, true}, // no browser
		{http.MethodPost, "127.0.0.1:8080", map[string]string{"Sec-Fetch-Site": "same-origin"}, true},
		{http.MethodPost, "127.0.0.1:8080", map[string]string{"Origin": "http://127.0.0.1:8080"}, true},

		{http.MethodGet, "evil.example:8080", nil, false},
		{http.MethodGet, "localhost.evil.example", nil, false},
		{http.MethodPost, "127.0.0.1:8080", map[string]string{"Sec-Fetch-Site": "cross-site"}, false},
		{http.MethodPost, "127.0.0.1:8080", map[string]string{"Sec-Fetch-Site": "same-site"}, false}, // a preview on another port
		{http.MethodDelete, "127.0.0.1:8080", map[string]string{"Origin": "http://127.0.0.1:3001"}, false},
	}
	for _, test := range tests {
		rec, r := httptest.NewRecorder(), httptest.NewRequest(test.method, "/", nil)
		r.Host = test.host
		for name, value := range test.header {
			r.Header.Set(name, value)
		}
		h.ServeHTTP(rec, r)
		if let := rec.Code == http.StatusNoContent; let != test.let {
			t.Errorf("%s %s %v: %d", test.method, test.host, test.header, rec.Code)
		}
	}
}

func TestRecordOutsideOfARequest(t *testing.T) {
	SetRoute(context.Background(), "nobody reads it") // must not panic
}
