package api_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sirupsen/logrus"

	"previewd/runtime/preview"
	"previewd/server/api"
	"previewd/server/ratelimit"
)

// running is a running preview of ann's generation g1 whose app is the handler, and its session token.
func (h *harness) running(app http.HandlerFunc) (token string) {
	h.Helper()
	server := httptest.NewServer(app)
	h.Cleanup(server.Close)
	return h.runningOn(server.Listener.Addr())
}

func (h *harness) runningOn(addr net.Addr) (token string) {
	h.Helper()
	_, text, _ := net.SplitHostPort(addr.String())
	port, err := strconv.Atoi(text)
	if err != nil {
		h.Fatal(err)
	}
	h.launches.ports.PortMin, h.launches.ports.PortMax = port, port
	h.put("ann", "g1")
	return h.want(h.launch("ann", "g1", `{"project_id":"p","wait":true}`), http.StatusCreated).body["session_token"].(string)
}

// ask sends a request through the API without a bearer token.
func (h *harness) ask(token, body string) answer {
	h.Helper()
	return h.do("", http.MethodPost, gens+"g1/preview/request", []byte(body), "Content-Type", "application/json", "X-Preview-Token", token)
}

// echo tells an app's request line, headers that are not a client's habit, and body.
func echo(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	for _, name := range []string{"User-Agent", "Accept-Encoding", "Content-Length"} {
		r.Header.Del(name)
	}
	w.Header().Set("Content-Type", "text/plain")
	_, _ = fmt.Fprintf(w, "%s %s %v %s", r.Method, r.RequestURI, r.Header, body)
}

func TestRequestReachesTheApp(t *testing.T) {
	h := newHarness(t)
	token := h.running(echo)
	const plain = "map[Accept:[*/*]] "
	tests := []struct{ body, want string }{
		{`{"path":"/"}`, "GET / " + plain},
		{`{"path":"/","method":null,"query":null,"headers":null,"body":null,"x":1}`, "GET / " + plain},
		{`{"path":"/a","method":"post"}`, "POST /a " + plain},
		{`{"path":"/a","method":"M-SEARCH"}`, "M-SEARCH /a " + plain},
		{`{"path":"/a","method":"purge"}`, "purge /a " + plain},
		{
			`{"path":"/a?x=1","query":{"z":"a b&c","n":12345678901234567890.10,"t":true,"f":false,"none":null,"l":["a",1,null,false],"e":[],"":"","é":"/?"}}`,
			"GET /a?x=1&z=a+b%26c&n=12345678901234567890.10&t=true&f=false&l=a&l=1&l=false&=&%C3%A9=%2F%3F " + plain,
		},
		{`{"path":"/a?","query":{}}`, "GET /a " + plain},
		{`{"path":"/","method":"PUT","body":{"a":[1.0, "ü"]}}`, `PUT / map[Accept:[*/*] Content-Type:[application/json]] {"a":[1.0, "ü"]}`},
		{`{"path":"/","method":"PUT","body":"a\nb"}`, "PUT / map[Accept:[*/*] Content-Type:[text/plain; charset=utf-8]] a\nb"},
		{`{"path":"/","method":"PUT","body":"<a/>","headers":{"content-type":"text/xml"}}`, "PUT / map[Accept:[*/*] Content-Type:[text/xml]] <a/>"},
		{`{"path":"/","method":"PUT","body":0}`, `PUT / map[Accept:[*/*] Content-Type:[application/json]] 0`},
		{`{"path":"/","method":"PUT","body":false}`, `PUT / map[Accept:[*/*] Content-Type:[application/json]] false`},
		{`{"path":"/","method":"PUT","body":null,"body_encoding":"json"}`, `PUT / map[Accept:[*/*] Content-Type:[application/json]] null`},
		{`{"path":"/","method":"PUT","body":"a","body_encoding":"json"}`, `PUT / map[Accept:[*/*] Content-Type:[application/json]] "a"`},
		{`{"path":"/","method":"PUT","body":"","body_encoding":"text"}`, "PUT / map[Accept:[*/*] Content-Type:[text/plain; charset=utf-8]] "},
		{`{"path":"/","method":"PUT","body":"aGk=","body_encoding":"base64"}`, "PUT / map[Accept:[*/*] Content-Type:[application/octet-stream]] hi"},
		{
			`{"path":"/","headers":{"x-a":" 1 ","X-B":[1,"two",true],"X-C":null,"x-preview-token":"sess_x","Host":"evil","Connection":"x-d","X-D":"1",` +
				`"Content-Length":"7","Transfer-Encoding":"chunked","Expect":"100-continue","Upgrade":"h2c","Proxy-Authorization":"x","Accept":"text/html"}}`,
			"GET / map[Accept:[text/html] X-A:[1] X-B:[1 two true]] ",
		},
	}
	for _, test := range tests {
		t.Run(test.body[:min(60, len(test.body))], func(t *testing.T) {
			a := h.want(h.ask(token, test.body), http.StatusOK)
			if a.body["body"] != test.want || a.body["status_code"] != 200.0 {
				t.Errorf("\ngot  %v\nwant %s", a.body["body"], test.want)
			}
		})
	}
}

func TestRequestValidation(t *testing.T) {
	h := newHarness(t)
	token := h.running(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("the app got %s %s", r.Method, r.URL) })
	many, wide := `"X":"`+strings.Repeat("x", 32<<10)+`"`, `"X":[`+strings.Repeat(`"",`, 100)+`""]`
	tests := []struct{ body, detail string }{
		{``, "the body is empty"},
		{`{}`, "path: is required"},
		{`{"path":7}`, "path: want a string, not number"},
		{`{"path":""}`, "path: want a path that begins with /"},
		{`{"path":"http://169.254.169.254/"}`, "path: want a path that begins with /"},
		{`{"path":"//evil/"}`, "path: begins with //"},
		{`{"path":"/a/%2e%2e/b"}`, "path: has a dot segment"},
		{`{"path":"/a\r\nHost: evil"}`, `path: has '\r'`},
		{`{"path":"/a","method":""}`, "method: want a method's name"},
		{`{"path":"/a","method":"GET /x"}`, "method: want a method's name"},
		{`{"path":"/a","method":"connect"}`, "method: CONNECT cannot be sent"},
		{`{"path":"/a","method":"TRACE"}`, "method: TRACE cannot be sent"},
		{`{"path":"/a","method":"` + strings.Repeat("A", 33) + `"}`, "method: want a method's name of at most 32"},
		{`{"path":"/a","method":["GET"]}`, "method: want a string, not array"},
		{`{"path":"/a","query":"a=1"}`, "query: want an object, not string"},
		{`{"path":"/a","query":{"a":{"b":1}}}`, "query.a: want a string, a number, true, false or a list of them, not object"},
		{`{"path":"/a","query":{"a b":[1,[2]]}}`, `query."a b"[1]: want a string, a number, true, false or a list of them, not array`},
		{`{"path":"/a","query":{"a":"` + strings.Repeat("x", 8<<10) + `"}}`, "query: makes the path longer than 8192 bytes"},
		{`{"path":"/a","headers":[]}`, "headers: want an object, not array"},
		{`{"path":"/a","headers":{"a b":"x"}}`, `headers."a b": is no header's name`},
		{`{"path":"/a","headers":{"":"x"}}`, `headers."": is no header's name`},
		{`{"path":"/a","headers":{"X":"a\nb"}}`, "headers.X: its value holds a control character"},
		{`{"path":"/a","headers":{"X":{}}}`, "headers.X: want a string"},
		{`{"path":"/a","headers":{` + many + `}}`, "headers: want at most 100 values of together 32768 bytes"},
		{`{"path":"/a","headers":{` + wide + `}}`, "headers: want at most 100 values of together 32768 bytes"},
		{`{"path":"/a","body":1,"body_encoding":"base64"}`, "body: want a string with body_encoding base64, not number"},
		{`{"path":"/a","body":{},"body_encoding":"text"}`, "body: want a string with body_encoding text, not object"},
		{`{"path":"/a","body":"a","body_encoding":"base64"}`, "body: is not base64"},
		{`{"path":"/a","body":"a","body_encoding":"hex"}`, "body_encoding: want text, json or base64"},
		{`{"path":"/a","body_encoding":1}`, "body_encoding: want a string, not number"},
	}
	for _, test := range tests {
		t.Run(test.detail, func(t *testing.T) {
			a := h.ask(token, test.body)
			if a.status != 400 || a.code() != "INVALID_REQUEST" || !strings.HasPrefix(a.detail(), test.detail) {
				t.Errorf("%d %s", a.status, a.text)
			}
		})
	}
	if a := h.ask(token, `{"path":"/","body":"`+strings.Repeat("x", 4<<20)+`"}`); a.status != 413 {
		t.Error(a.status, a.text)
	}
	path := gens + "g1/preview/request"
	if a := h.do("", http.MethodPost, path, []byte(`{"path":"/"}`), "Content-Type", "text/plain", "X-Preview-Token", token); a.status != 415 {
		t.Error(a.status, a.text)
	}
}

func TestWhatTheAppAnswered(t *testing.T) {
	var gz bytes.Buffer
	zw := gzip.NewWriter(&gz)
	_, _ = io.WriteString(zw, "<p>packed</p>")
	_ = zw.Close()
	tests := []struct {
		name, media, encoding string
		status                int
		answer                string
		body                  any
		how                   string
	}{
		{"html", "text/html; charset=utf-8", "", 200, "<p>ü</p>", "<p>ü</p>", "text"},
		{"json", "application/json", "", 201, ` {"n": 1.50, "a": ["<"]}`, map[string]any{"n": 1.5, "a": []any{"<"}}, "json"},
		{"json string", "application/json; charset=utf-8", "", 200, `"x"`, "x", "json"},
		{"json null", "application/hal+json", "", 200, `null`, nil, "json"},
		{"not json", "application/json", "", 500, `{"n": `, `{"n": `, "text"},
		{"json that is not utf-8", "application/json", "", 200, "\"\xff\"", "Iv8i", "base64"},
		{"nothing", "", "", 204, "", "", "text"},
		{"empty json", "application/json", "", 200, "", "", "text"},
		{"image", "image/png", "", 200, "\x89PNG\r\n", "iVBORw0K", "base64"},
		{"zeros", "application/octet-stream", "", 200, "a\x00b", "YQBi", "base64"},
		{"latin1", "text/plain; charset=ISO-8859-1", "", 200, "gr\xfcn", "grün", "text"},
		{"type that is none", ";;", "", 200, "x", "x", "text"},
		{"packed", "text/html", "gzip", 200, gz.String(), "<p>packed</p>", "text"},
	}
	var current int
	h := newHarness(t)
	token := h.running(func(w http.ResponseWriter, _ *http.Request) {
		test := tests[current]
		w.Header()["Content-Type"] = []string{test.media}
		if test.encoding != "" {
			w.Header().Set("Content-Encoding", test.encoding)
		}
		w.WriteHeader(test.status)
		_, _ = io.WriteString(w, test.answer)
	})
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			current = i
			a := h.want(h.ask(token, `{"path":"/"}`), http.StatusOK)
			if diff := cmp.Diff(test.body, a.body["body"]); diff != "" {
				t.Error(diff)
			}
			if a.body["status_code"] != float64(test.status) || a.body["body_encoding"] != test.how || a.body["truncated"] != false || a.body["content_type"] != test.media {
				t.Error(a.text)
			}
			if _, there := a.body["headers"].(map[string]any)["content-encoding"]; there {
				t.Error("a decompressed body is said to be compressed:", a.text)
			}
			if ms := a.body["elapsed_ms"].(float64); ms <= 0 || ms > 60_000 {
				t.Error("elapsed", ms)
			}
		})
	}
}

func TestNumbersOfTheAppKeepTheirSpelling(t *testing.T) {
	h := newHarness(t)
	token := h.running(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"id":12345678901234567890,"price":1.10}`)
	})
	if a := h.want(h.ask(token, `{"path":"/"}`), 200); !strings.Contains(a.text, `{"id":12345678901234567890,"price":1.10}`) {
		t.Error(a.text)
	}
}

func TestHeadersOfTheAnswer(t *testing.T) {
	h := newHarness(t)
	token := h.running(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Set-Cookie"] = []string{"a=1; Expires=Wed, 01 Jan 2031 00:00:00 GMT", "b=2"}
		w.Header()["X-Many"] = []string{"1", "2"}
		w.Header()["X-Old"] = []string{"gr\xfcn"}
		w.Header()["Content-Type"] = []string{"text/plain"}
		w.Header()["Date"] = nil
		w.Header().Set("Keep-Alive", "timeout=5")
	})
	a := h.want(h.ask(token, `{"path":"/"}`), http.StatusOK)
	want := map[string]any{
		"set-cookie": "a=1; Expires=Wed, 01 Jan 2031 00:00:00 GMT\nb=2", "x-many": "1, 2", "x-old": "grün", "content-type": "text/plain", "content-length": "0",
	}
	if diff := cmp.Diff(want, a.body["headers"]); diff != "" {
		t.Error(diff)
	}
}

func TestTruncatedAnswers(t *testing.T) {
	h := newHarness(t, func(o *api.Options) { o.Config.MaxResponseKB = 1 })
	token := h.running(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", r.URL.Query().Get("type"))
		_, _ = io.WriteString(w, "x"+strings.Repeat("ü", 1000)) // the cut goes through a character
	})
	a := h.want(h.ask(token, `{"path":"/","query":{"type":"text/plain"}}`), http.StatusOK)
	if a.body["truncated"] != true || a.body["body_encoding"] != "text" || a.body["body"] != "x"+strings.Repeat("ü", 511) || a.body["size_bytes"] != 1024.0 {
		t.Error(a.text)
	}
	a = h.want(h.ask(token, `{"path":"/","query":{"type":"application/json"}}`), http.StatusOK)
	if a.body["truncated"] != true || a.body["body_encoding"] != "text" {
		t.Error(a.text)
	}
}

func TestRequestTimeout(t *testing.T) {
	h := newHarness(t, func(o *api.Options) { o.Config.RequestTimeout = 1 })
	token := h.running(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/stream" {
			_, _ = io.WriteString(w, "data: 1\n\n")
			_ = http.NewResponseController(w).Flush()
		}
		<-r.Context().Done()
	})
	if a := h.ask(token, `{"path":"/"}`); a.status != 504 || a.code() != "REQUEST_TIMEOUT" || a.detail() != "The app did not answer within 1 s." {
		t.Error(a.status, a.text)
	}
	a := h.want(h.ask(token, `{"path":"/stream"}`), http.StatusOK)
	if a.body["truncated"] != true || a.body["body"] != "data: 1\n\n" {
		t.Error("what came of a stream in time is lost:", a.text)
	}
	for _, entry := range h.logged.AllEntries() {
		if entry.Level <= logrus.WarnLevel {
			t.Error("an app's fault is loud in previewd's log:", entry.Message, entry.Data)
		}
	}
}

func TestAppThatCannotBeReached(t *testing.T) {
	h := newHarness(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	token := h.runningOn(l.Addr())
	_ = l.Close()
	a := h.ask(token, `{"path":"/"}`)
	if a.status != 502 || a.code() != "PREVIEW_UNREACHABLE" || a.detail() != "The app refuses connections." || a.body["health"] != "healthy" {
		t.Error(a.status, a.text)
	}
}

// TestPreviewThatEndsMeanwhile has the app end its own preview while it answers.
func TestPreviewThatEndsMeanwhile(t *testing.T) {
	h := newHarness(t)
	token := h.running(func(http.ResponseWriter, *http.Request) {
		if err := h.launches.Stop(t.Context(), "g1", preview.Idle); err != nil {
			t.Error(err)
		}
		panic(http.ErrAbortHandler)
	})
	if a := h.ask(token, `{"path":"/"}`); a.status != 409 || a.code() != "PREVIEW_NOT_RUNNING" || a.body["reason"] != "IDLE" {
		t.Error(a.status, a.text)
	}
}

func TestRequestToAPreviewThatDoesNotRun(t *testing.T) {
	h := newHarness(t)
	h.put("ann", "g1")
	token := h.want(h.launch("ann", "g1", `{"project_id":"p"}`), http.StatusCreated).body["session_token"].(string)
	a := h.ask(token, `{"path":"/"}`)
	got := fmt.Sprint(a.status, a.code(), a.header.Get("Retry-After"), a.body["preview_status"], a.body["phase"], a.body["reason"])
	if want := fmt.Sprint(503, "PREVIEW_NOT_RUNNING", 1, "starting", "queued", nil); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	h.want(h.do("ann", http.MethodDelete, gens+"g1/preview", nil), http.StatusNoContent)
	a = h.ask(token, `{"path":"/"}`)
	got = fmt.Sprint(a.status, a.code(), a.header.Get("Retry-After"), a.body["preview_status"], a.body["phase"], a.body["reason"], a.body["message"], a.detail())
	if want := fmt.Sprint(409, "PREVIEW_NOT_RUNNING", "", "stopped", nil, "USER", "You stopped it.", "The preview is stopped. You stopped it."); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestWhoMaySendRequests(t *testing.T) {
	clock := time.Now()
	h := newHarness(t, func(o *api.Options) { o.Now = func() time.Time { return clock } })
	token := h.running(echo)
	other, _ := preview.NewSessionToken()
	path := gens + "g1/preview/request"
	tests := []struct {
		name, path string
		headers    []string
		status     int
		code       string
	}{
		{"session token", path, []string{"X-Preview-Token", token}, 200, ""},
		{"both", path, []string{"X-Preview-Token", token, "Authorization", "Bearer " + h.token("ann")}, 200, ""},
		{"an admin's bearer", path, []string{"X-Preview-Token", token, "Authorization", "Bearer " + h.token("root")}, 200, ""},
		{"nothing", path, nil, 401, "INVALID_SESSION_TOKEN"},
		{"another session token", path, []string{"X-Preview-Token", other}, 401, "INVALID_SESSION_TOKEN"},
		{"the owner without it", path, []string{"Authorization", "Bearer " + h.token("ann")}, 401, "INVALID_SESSION_TOKEN"},
		{"the owner without it, of nothing", gens + "g2/preview/request", []string{"Authorization", "Bearer " + h.token("ann")}, 401, "INVALID_SESSION_TOKEN"},
		{"in the query", path + "?token=" + token, nil, 401, "INVALID_SESSION_TOKEN"},
		{"as a bearer", path, []string{"Authorization", "Bearer " + token}, 401, "INVALID_TOKEN"},
		{"a bad bearer beside it", path, []string{"X-Preview-Token", token, "Authorization", "Bearer x"}, 401, "INVALID_TOKEN"},
		{"an empty bearer beside it", path, []string{"X-Preview-Token", token, "Authorization", ""}, 401, "INVALID_TOKEN"},
		{"another user beside it", path, []string{"X-Preview-Token", token, "Authorization", "Bearer " + h.token("bob")}, 403, "PERMISSION_DENIED"},
		{"unknown generation", gens + "g2/preview/request", []string{"X-Preview-Token", token}, 401, "INVALID_SESSION_TOKEN"},
		{"invalid generation", gens + "a~b/preview/request", []string{"X-Preview-Token", token}, 400, "INVALID_REQUEST"},
	}
	for _, test := range tests {
		a := h.do("", http.MethodPost, test.path, []byte(`{"path":"/"}`), test.headers...)
		if a.status != test.status || a.code() != test.code {
			t.Errorf("%s: %d %s", test.name, a.status, a.text)
		}
	}
	clock = clock.Add(61 * time.Minute)
	if a := h.ask(token, `{"path":"/"}`); a.status != 401 || a.code() != "INVALID_SESSION_TOKEN" {
		t.Error("an expired token opens the preview:", a.text)
	}
}

func TestRequestsAreLimitedPerPreview(t *testing.T) {
	counter := ratelimit.New("requests to this preview", preview.Rate{Most: 2, Per: time.Hour}, nil)
	h := newHarness(t, func(o *api.Options) { o.Requests = counter })
	token := h.running(echo)
	wrong, _ := preview.NewSessionToken()
	for range 3 {
		h.want(h.ask(wrong, `{"path":"/"}`), http.StatusUnauthorized) // nobody uses up what is another's
	}
	h.want(h.ask(token, `{"path":7}`), http.StatusBadRequest)
	if a := h.want(h.ask(token, `{"path":"/"}`), http.StatusOK); left(h, a, 2) != 0 {
		t.Error(a.header)
	}
	h.wantSpent(h.ask(token, `{"path":"/"}`), "2 requests to this preview per hour")
	h.want(h.do("ann", http.MethodDelete, gens+"g1/preview", nil), http.StatusNoContent)
	again := h.want(h.launch("ann", "g1", `{"project_id":"p","wait":true}`), http.StatusCreated).body["session_token"].(string)
	h.want(h.ask(again, `{"path":"/"}`), http.StatusOK)
}

// TestRequestsCountAsUse looks at what the idle timeout goes by.
func TestRequestsCountAsUse(t *testing.T) {
	clock := time.Now()
	h := newHarness(t, func(o *api.Options) { o.Now = func() time.Time { return clock } })
	token := h.running(echo)
	used := func() time.Time {
		p, err := h.store.LatestPreview(t.Context(), "g1")
		if err != nil {
			t.Fatal(err)
		}
		return p.LastActiveAt
	}
	before := used()
	clock = before.Add(time.Second)
	h.want(h.ask(token, `{"path":"/"}`), 200)
	if !used().Equal(before) {
		t.Error("every request writes a row")
	}
	clock = before.Add(10 * time.Minute)
	h.want(h.ask(token, `{"path":"/"}`), 200)
	if !used().Equal(clock.UTC().Truncate(time.Microsecond)) {
		t.Errorf("last use %s, want %s", used(), clock)
	}
}

func TestAnswerHasTheContractsMembers(t *testing.T) {
	h := newHarness(t)
	token := h.running(echo)
	a := h.want(h.ask(token, `{"path":"/"}`), 200)
	var names []string
	for name := range a.body {
		names = append(names, name)
	}
	slices.Sort(names)
	if want := []string{"body", "body_encoding", "content_type", "elapsed_ms", "headers", "size_bytes", "status_code", "truncated"}; !slices.Equal(names, want) {
		t.Error(names)
	}
	if !json.Valid([]byte(a.text)) || a.header.Get("Content-Type") != "application/json" {
		t.Error(a.header)
	}
}
