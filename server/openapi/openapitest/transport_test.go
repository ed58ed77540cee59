package openapitest

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// witness is a test that fails without failing.
type witness struct {
	testing.TB
	errors []string
}

func (w *witness) Errorf(format string, args ...any) {
	w.errors = append(w.errors, fmt.Sprintf(format, args...))
}

const (
	limits     = `{"port":0,"base_url":"","session_timeout_seconds":1,"max_uptime_seconds":1,"memory_limit_mb":1,"startup_timeout_seconds":1,"health_check_retries":1,"health_check_interval_seconds":1,"idle_timeout_seconds":0,"request_timeout_seconds":1,"request_max_response_kb":1,"expires_at":null,"token_expiry":null}`
	problem    = `{"type":"urn:x","title":"t","status":404,"detail":"d","error_code":"%s","timestamp":"2026-01-02T03:04:05Z","request_id":"r"}`
	line       = `data: {"seq":1,"timestamp":"2026-01-02T03:04:05Z","level":"INFO","message":"m","source":"system","stream":""%s}` + "\n\n"
	generation = "/api/v1/generations/g1"
)

// TestFindsWhatIsNotAsDescribed lets a server answer all sorts of things.
func TestFindsWhatIsNotAsDescribed(t *testing.T) {
	const js, pj, sse = "application/json", "application/problem+json", "text/event-stream"
	tests := []struct {
		name          string
		method, path  string
		body          string
		status        int
		media, answer string
		header        string
		want          string // "" is as described
	}{
		{name: "as described", path: generation + "/preview/config", media: js, answer: limits},
		{name: "HEAD", method: "HEAD", path: generation + "/preview/config", media: js, answer: limits},
		{name: "a member of a wrong type", path: generation + "/preview/config", media: js, answer: strings.Replace(limits, `"port":0`, `"port":"0"`, 1), want: "got string, want integer"},
		{name: "a member too few", path: generation + "/preview/config", media: js, answer: strings.Replace(limits, `"port":0,`, "", 1), want: "missing property 'port'"},
		{name: "a member too many", path: generation + "/preview/config", media: js, answer: strings.Replace(limits, `{`, `{"secret":1,`, 1), want: "secret"},
		{name: "a member too many in a list", path: generation + "/files", media: js, answer: `{"files":[{"path":"a","size":1,"mode":1,"inode":7}],"next_cursor":null}`, want: "inode"},
		{name: "a member too many in a map", path: "/readyz", media: js, answer: `{"status":"ok","checks":{"any":{"status":"ok","duration_ms":1,"dsn":"x"}}}`, want: "dsn"},
		{name: "a header too many", path: generation + "/preview/config", media: js, answer: limits, header: "X-Secret", want: "X-Secret"},
		{name: "a status", path: generation + "/preview/config", status: 418, media: js, answer: `{}`, want: "418"},
		{name: "a content type", path: generation + "/preview/config", media: "text/plain", answer: "ok", want: "text/plain"},
		{name: "an error", path: generation, status: 404, media: pj, answer: fmt.Sprintf(problem, "GENERATION_NOT_FOUND")},
		{name: "another operation's error", path: generation, status: 404, media: pj, answer: fmt.Sprintf(problem, "PREVIEW_NOT_FOUND"), want: "error_code"},
		{name: "no such path", path: "/nowhere", status: 404, media: pj, answer: fmt.Sprintf(problem, "NOT_FOUND")},
		{name: "a path that is not described", path: "/secret", media: js, answer: `{}`, want: "/secret"},
		{name: "an invalid request is accepted", path: generation + "/preview/logs?level=loud", media: js, answer: `{"logs":[],"next_cursor":null}`, want: "accepts what the document forbids"},
		{name: "an invalid body is accepted", method: "PUT", path: generation, body: `{"files":7}`, media: js, want: "accepts what the document forbids"},
		{name: "a stream", path: generation + "/preview/logs/stream", media: sse, answer: "retry: 1\n\n: heartbeat\n\nid: 1\n" + fmt.Sprintf(line, "") + "event: end\ndata: {\"status\":\"stopped\",\"reason\":null,\"message\":null,\"hint\":null,\"exit_code\":null}\n\n"},
		{name: "a line too much told", path: generation + "/preview/logs/stream", media: sse, answer: fmt.Sprintf(line, `,"origin":5`), want: "origin"},
		{name: "an unknown event", path: generation + "/preview/logs/stream", media: sse, answer: "event: boo\ndata: {}\n\n", want: `event "boo"`},
		{name: "an unknown field", path: generation + "/preview/logs/stream", media: sse, answer: "colour: red\n\n", want: "colour"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-Request-ID", "r")
				w.Header().Set("Content-Type", test.media)
				if test.header != "" {
					w.Header().Set(test.header, "1")
				}
				w.WriteHeader(cmp.Or(test.status, http.StatusOK))
				_, _ = io.WriteString(w, test.answer)
			}))
			defer server.Close()
			w := &witness{TB: t}
			exchangeOnce(t, Client(w), test.method, server.URL+test.path, test.body)
			all := strings.Join(w.errors, "\n")
			if (test.want == "") != (all == "") || !strings.Contains(all, test.want) {
				t.Errorf("found %q, want %q", all, test.want)
			}
		})
	}
}

func exchangeOnce(t *testing.T, client *http.Client, method, url, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), cmp.Or(method, http.MethodGet), url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.ReadAll(resp.Body); err != nil {
		t.Fatal(err)
	}
}

// The race detector is what may complain: the library is not for use by several goroutines.
func TestExchangesAtOnce(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for name, value := range map[string]string{
			"Content-Type": "text/event-stream", "X-Request-ID": "r", "Cache-Control": "no-cache, no-transform", "Vary": "Accept-Encoding",
		} {
			w.Header().Set(name, value)
		}
		_, _ = io.WriteString(w, strings.Repeat(fmt.Sprintf(line, ""), 20))
	}))
	defer server.Close()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			resp, err := Client(t).Get(server.URL + generation + "/preview/logs/stream")
			if err != nil {
				t.Error(err)
				return
			}
			defer resp.Body.Close()
			_, _ = io.Copy(io.Discard, resp.Body)
		})
	}
	all.Wait()
}
