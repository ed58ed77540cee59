package routes

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	logtest "github.com/sirupsen/logrus/hooks/test"

	"previewd/server/api"
	"previewd/server/auth"
	"previewd/server/config"
	"previewd/server/middleware/requestid"
	"previewd/server/openapi"
	"previewd/server/openapi/openapitest"
	"previewd/server/problem"
)

var secret = []byte("0123456789abcdef0123456789abcdef")

// newRoutes needs no database: no request here gets as far.
func newRoutes(t *testing.T, insecure bool, checks ...api.Check) (http.Handler, *logtest.Hook) {
	t.Helper()
	return newRoutesOf(t, func(o *Options) { o.Insecure, o.API.Checks = insecure, checks })
}

func newRoutesOf(t *testing.T, change func(*Options)) (http.Handler, *logtest.Hook) {
	t.Helper()
	log, hook := logtest.NewNullLogger()
	log.SetLevel(logrus.DebugLevel)
	entry := logrus.NewEntry(log)
	o := Options{API: api.New(api.Options{Config: config.Config{}, Log: entry}), Problems: &problem.Renderer{Log: entry}, Log: entry}
	change(&o)
	verifier, err := auth.NewVerifier(auth.Options{Secrets: [][]byte{secret}, Insecure: o.Insecure})
	if err != nil {
		t.Fatal(err)
	}
	o.Verifier = verifier
	return New(o), hook
}

func send(t *testing.T, h http.Handler, method, target string, headers ...string) (*http.Response, problem.Body) {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	r.Host = "localhost"
	if len(headers) == 2 {
		r.Header.Set(headers[0], headers[1])
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	var body problem.Body
	if rec.Header().Get("Content-Type") == problem.ContentType {
		if err := json.NewDecoder(bytes.NewReader(rec.Body.Bytes())).Decode(&body); err != nil {
			t.Fatal(err, rec.Body)
		}
	}
	openapitest.Check(t, r, nil, rec.Result(), rec.Body.Bytes())
	return rec.Result(), body
}

func TestNotFoundIsJSON(t *testing.T) {
	h, _ := newRoutes(t, false)
	for _, path := range []string{"/api", "/previews", "/previews/a/b", "/assets/", "/api/v1/", "/api/v1/generation", "/api/v1/generations/a/b", "/api//v1/previews", "/api/v1/generations/a%2Fb", "/livez/"} {
		resp, body := send(t, h, http.MethodGet, path)
		if resp.StatusCode != 404 || body.ErrorCode != problem.NotFound || resp.Header.Get("Content-Type") != problem.ContentType {
			t.Errorf("%s: %d %+v", path, resp.StatusCode, body)
		}
	}
}

func TestMethodNotAllowed(t *testing.T) {
	h, _ := newRoutes(t, false)
	gen := "/api/v1/generations/g1"
	tests := []struct{ method, path, allow string }{
		{"POST", gen, "DELETE, GET, HEAD, PUT"},
		{"PATCH", gen, "DELETE, GET, HEAD, PUT"},
		{"OPTIONS", gen + "/preview/launch", "POST"},
		{"GET", gen + "/preview/launch", "POST"},
		{"GET", gen + "/preview", "DELETE"},
		{"HEAD", gen + "/preview/logs/stream", "GET"},
		{"POST", "/livez", "GET, HEAD"},
		{"DELETE", "/api/v1/previews", "GET, HEAD"},
	}
	for _, test := range tests {
		resp, body := send(t, h, test.method, test.path)
		if resp.StatusCode != 405 || body.ErrorCode != problem.MethodNotAllowed || resp.Header.Get("Allow") != test.allow {
			t.Errorf("%s %s: %d %+v, Allow %q", test.method, test.path, resp.StatusCode, body, resp.Header.Get("Allow"))
		}
	}
}

func isDocument(path string) bool { return path == "/openapi.json" || path == "/docs" }

func TestEveryRouteButProbesAsksForAToken(t *testing.T) {
	h, _ := newRoutes(t, false)
	for _, r := range table(&api.API{}, openapi.NewSite()) {
		path := strings.ReplaceAll(r.path, "{"+api.GenerationID+"}", "g1")
		resp, body := send(t, h, r.method, path)
		code := problem.InvalidToken
		if r.access == sessions {
			code = problem.InvalidSessionToken
		}
		if open := isProbe(path) || isDocument(path); open != (r.access == everybody) || !open && (resp.StatusCode != 401 || body.ErrorCode != code) {
			t.Errorf("%s %s: %d %+v", r.method, path, resp.StatusCode, body)
		}
		if bounded := r.timeout > 0; !bounded && !strings.HasSuffix(path, "/launch") && !strings.HasSuffix(path, "/stream") && !strings.HasSuffix(path, "/export") {
			t.Errorf("%s %s has no timeout", r.method, path)
		}
	}
}

func TestRequestIDs(t *testing.T) {
	h, hook := newRoutes(t, false)
	resp, body := send(t, h, http.MethodGet, "/nowhere", requestid.Header, "mine-1")
	if resp.Header.Get(requestid.Header) != "mine-1" || body.RequestID != "mine-1" || hook.LastEntry().Data["request_id"] != "mine-1" {
		t.Error(resp.Header, body, hook.LastEntry().Data)
	}
	resp, body = send(t, h, http.MethodGet, "/nowhere", requestid.Header, "not sane")
	if id := resp.Header.Get(requestid.Header); len(id) != 32 || body.RequestID != id {
		t.Error(id, body)
	}
}

func TestAccessLogKnowsTheRouteAndTheUser(t *testing.T) {
	h, hook := newRoutes(t, false)
	token, err := auth.Mint(secret, "ann", time.Minute, false)
	if err != nil {
		t.Fatal(err)
	}
	send(t, h, http.MethodGet, "/api/v1/generations/a~b/files", "Authorization", "Bearer "+token)
	data := hook.LastEntry().Data
	if data["route"] != "/api/v1/generations/{generation_id}/files" || data["user"] != "ann" || data["status"] != 400 {
		t.Error(data)
	}
}

func TestPanicIsAnInternalError(t *testing.T) {
	h, _ := newRoutes(t, false) // without a database
	token, err := auth.Mint(secret, "ann", time.Minute, false)
	if err != nil {
		t.Fatal(err)
	}
	resp, body := send(t, h, http.MethodGet, "/api/v1/previews", "Authorization", "Bearer "+token)
	if resp.StatusCode != 500 || body.ErrorCode != problem.Internal {
		t.Error(resp.StatusCode, body)
	}
}

func TestInsecureRefusesOtherOrigins(t *testing.T) {
	h, _ := newRoutes(t, true)
	resp, body := send(t, h, http.MethodPost, "/api/v1/generations/g1/preview/launch", "Sec-Fetch-Site", "cross-site")
	if resp.StatusCode != 403 || body.ErrorCode != problem.PermissionDenied {
		t.Error(resp.StatusCode, body)
	}
	if resp, _ := send(t, h, http.MethodGet, "/livez"); resp.StatusCode != 200 {
		t.Error(resp.StatusCode)
	}
	secure, _ := newRoutes(t, false)
	if resp, _ := send(t, secure, http.MethodPost, "/api/v1/generations/g1/preview/launch", "Sec-Fetch-Site", "cross-site"); resp.StatusCode != 401 {
		t.Error("front ends of other origins bring a token:", resp.StatusCode)
	}
}

func TestHeadHasNoBody(t *testing.T) {
	h, _ := newRoutes(t, false)
	server := httptest.NewServer(h)
	defer server.Close()
	resp, err := http.Head(server.URL + "/livez")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != 200 || resp.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Error(resp.StatusCode, resp.Header)
	}
}

// TestOddRequestsOnTheWire sends what no client library sends.
func TestOddRequestsOnTheWire(t *testing.T) {
	h, _ := newRoutes(t, false)
	log, _ := logtest.NewNullLogger()
	server, lines := NewServer(t.Context(), h, logrus.NewEntry(log))
	defer lines.Close()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	defer server.Close()
	const gen = "/api/v1/generations/g1"
	tests := []struct {
		request string
		status  int
		code    problem.Code // "" where Go's own server refuses before any handler, in plain text
	}{
		{"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 404, problem.NotFound},
		{"GET http://elsewhere" + gen + " HTTP/1.1\r\nHost: x\r\n\r\n", 401, problem.InvalidToken},
		{"CONNECT x:80 HTTP/1.1\r\nHost: x:80\r\n\r\n", 404, problem.NotFound},
		{"TRACE " + gen + " HTTP/1.1\r\nHost: x\r\n\r\n", 405, problem.MethodNotAllowed},
		{"get " + gen + " HTTP/1.1\r\nHost: x\r\n\r\n", 405, problem.MethodNotAllowed},
		{"GET /api/v1/../v1/previews HTTP/1.1\r\nHost: x\r\n\r\n", 404, problem.NotFound},
		{"GET //api/v1/previews HTTP/1.1\r\nHost: x\r\n\r\n", 404, problem.NotFound},
		{"GET /api/v1/previews HTTP/1.1\r\nHost: x\r\nX-Big: " + strings.Repeat("x", maxHeaderBytes+8<<10) + "\r\n\r\n", 431, ""},
		{"GET /api/v1/previews HTTP/1.1\r\n\r\n", 400, ""},
		{"GET /api/v1/previews HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n", 400, ""},
		{"nonsense\r\n\r\n", 400, ""},
	}
	for _, test := range tests {
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		go func() { _, _ = io.WriteString(conn, test.request) }() // more than the server reads of a large one
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Errorf("%.40q: %v", test.request, err)
			continue
		}
		var body problem.Body
		if resp.Header.Get("Content-Type") == problem.ContentType {
			err = json.NewDecoder(resp.Body).Decode(&body)
		}
		if err != nil || resp.StatusCode != test.status || body.ErrorCode != test.code {
			t.Errorf("%.40q: %d %s %v", test.request, resp.StatusCode, body.ErrorCode, err)
		}
		conn.Close()
	}
}

type contextKey struct{}

func TestServer(t *testing.T) {
	log, hook := logtest.NewNullLogger()
	log.SetLevel(logrus.DebugLevel)
	seen := make(chan any, 1)
	server, lines := NewServer(context.WithValue(t.Context(), contextKey{}, "app"), http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		seen <- r.Context().Value(contextKey{})
	}), logrus.NewEntry(log))
	if server.ReadHeaderTimeout == 0 || server.IdleTimeout == 0 || server.MaxHeaderBytes == 0 || server.WriteTimeout != 0 || server.ReadTimeout != 0 {
		t.Errorf("%+v", server)
	}
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	resp, err := http.Get("http://" + listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if value := <-seen; value != "app" {
		t.Error("requests do not end with the app:", value)
	}
	server.ErrorLog.Print("a word from the server")
	if err := server.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		t.Error(err)
	}
	if err := lines.Close(); err != nil {
		t.Error(err)
	}
	for deadline := time.Now().Add(5 * time.Second); hook.LastEntry() == nil; {
		if time.Now().After(deadline) {
			t.Fatal("the server's own words are lost")
		}
		time.Sleep(time.Millisecond)
	}
	if hook.LastEntry().Message != "a word from the server" || hook.LastEntry().Level != logrus.DebugLevel {
		t.Error(hook.LastEntry())
	}
}
