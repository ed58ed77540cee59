package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"previewd/runtime/preview"
)

// serve returns a client of a server with one handler.
func serve(t *testing.T, handle http.HandlerFunc) *Client {
	t.Helper()
	server := httptest.NewServer(handle)
	t.Cleanup(server.Close)
	return to(t, server.URL)
}

func to(t *testing.T, address string) *Client {
	t.Helper()
	c, err := New(address, StaticToken("tok"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestNewRefusesWhatIsNoAddress(t *testing.T) {
	for _, address := range []string{"", "127.0.0.1:8080", "ftp://x", "http://", "http://[::1", "unix:///x"} {
		if _, err := New(address, nil); err == nil {
			t.Errorf("took %q", address)
		}
	}
}

func TestRequests(t *testing.T) {
	type sent struct{ Method, URI, Type, Auth, Body string }
	for name, tt := range map[string]struct {
		base string
		do   func(context.Context, *Client) error
		want sent
	}{
		"put": {"", func(ctx context.Context, c *Client) error {
			_, err := c.PutGeneration(ctx, "a", "p", []byte("zip"))
			return err
		}, sent{"PUT", "/api/v1/generations/a?project_id=p", "application/gzip", "Bearer tok", "zip"}},
		"launch": {"", func(ctx context.Context, c *Client) error {
			_, err := c.Launch(ctx, "a", LaunchRequest{ProjectID: "p", MemoryMB: 128, Wait: true})
			return err
		}, sent{"POST", "/api/v1/generations/a/preview/launch", "application/json", "Bearer tok", `{"project_id":"p","memory_mb":128,"wait":true}`}},
		"extend": {"", func(ctx context.Context, c *Client) error {
			_, err := c.Extend(ctx, "a", 1500*time.Millisecond)
			return err
		}, sent{"POST", "/api/v1/generations/a/preview/extend", "application/json", "Bearer tok", `{"duration":2}`}},
		"extend by default": {"", func(ctx context.Context, c *Client) error {
			_, err := c.Extend(ctx, "a", 0)
			return err
		}, sent{"POST", "/api/v1/generations/a/preview/extend", "application/json", "Bearer tok", `{}`}},
		"share": {"", func(ctx context.Context, c *Client) error {
			_, err := c.Share(ctx, "a", 1500*time.Millisecond)
			return err
		}, sent{"POST", "/api/v1/generations/a/preview/share", "application/json", "Bearer tok", `{"ttl_seconds":2}`}},
		"share by default": {"", func(ctx context.Context, c *Client) error {
			_, err := c.Share(ctx, "a", 0)
			return err
		}, sent{"POST", "/api/v1/generations/a/preview/share", "application/json", "Bearer tok", `{}`}},
		"revoke shares": {"", func(ctx context.Context, c *Client) error {
			return c.RevokeShares(ctx, "a")
		}, sent{"DELETE", "/api/v1/generations/a/preview/share", "", "Bearer tok", ""}},
		"status below a path": {"/previews/", func(ctx context.Context, c *Client) error {
			_, err := c.Status(ctx, "a")
			return err
		}, sent{"GET", "/previews/api/v1/generations/a/preview/status", "", "Bearer tok", ""}},
		"an id with everything": {"", func(ctx context.Context, c *Client) error {
			return c.Stop(ctx, "a/b?c#d e%")
		}, sent{"DELETE", "/api/v1/generations/a%2Fb%3Fc%23d%20e%25/preview", "", "Bearer tok", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			var got sent
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				got = sent{r.Method, r.RequestURI, r.Header.Get("Content-Type"), r.Header.Get("Authorization"), string(body)}
				_, _ = io.WriteString(w, "{}")
			}))
			defer server.Close()
			if err := tt.do(t.Context(), to(t, server.URL+tt.base)); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestProblems(t *testing.T) {
	for name, tt := range map[string]struct {
		kind, body, retry string
		want              Problem
		text              string
	}{
		"problem": {
			"application/problem+json; charset=utf-8", `{"title":"Gone","status":1,"detail":"It is gone.","error_code":"X_Y","request_id":"r"}`, "7",
			Problem{Title: "Gone", Status: 410, Detail: "It is gone.", ErrorCode: "X_Y", RequestID: "r", RetryAfter: 7 * time.Second},
			"It is gone. (X_Y)",
		},
		"no detail": {
			"application/json", `{"error_code":"X"}`, "soon",
			Problem{Title: "Gone", Status: 410, ErrorCode: "X"},
			"Gone (X)",
		},
		"a page": {
			"text/html", "<h1>Gone</h1>", "-1",
			Problem{Title: "Gone", Status: 410, Detail: "the answer is not one of previewd's: is the address right?"},
			"the answer is not one of previewd's: is the address right? (HTTP 410)",
		},
		"broken JSON": {
			"application/json", "{", "",
			Problem{Title: "Gone", Status: 410, Detail: "the answer is not one of previewd's: is the address right?"},
			"the answer is not one of previewd's: is the address right? (HTTP 410)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", tt.kind)
				w.Header().Set("Retry-After", tt.retry)
				w.WriteHeader(http.StatusGone)
				_, _ = io.WriteString(w, tt.body)
			})
			_, err := c.Status(t.Context(), "a")
			var got *Problem
			if !errors.As(err, &got) {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&tt.want, got); diff != "" {
				t.Error(diff)
			}
			if got.Error() != tt.text {
				t.Errorf("says %q", got)
			}
		})
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	asked := 0
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	})
	_, err := c.Status(t.Context(), "a")
	var p *Problem
	if !errors.As(err, &p) || p.Status != http.StatusTemporaryRedirect || asked != 1 {
		t.Errorf("asked %d times: %v", asked, err)
	}
}

func TestUnreachable(t *testing.T) {
	c := to(t, "http://127.0.0.1:1")
	if _, err := c.Status(t.Context(), "a"); !errors.Is(err, ErrUnreachable) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Status(ctx, "a"); errors.Is(err, ErrUnreachable) || !errors.Is(err, context.Canceled) {
		t.Errorf("an interrupt reads as %v", err)
	}
}

func TestAnswersThatAreNoJSON(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") })
	if _, err := c.Previews(t.Context()); err == nil || !strings.Contains(err.Error(), "/api/v1/previews") {
		t.Error(err)
	}
	if err := c.Logs(t.Context(), "a", 0, nil); err == nil {
		t.Error("took it for a log")
	}
}

func TestTokenThatCannotBeHad(t *testing.T) {
	wanted := errors.New("no key")
	c, err := New("http://127.0.0.1:1", func() (string, error) { return "", wanted })
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Stop(t.Context(), "a"); !errors.Is(err, wanted) {
		t.Error(err)
	}
}

func TestPreviewsReadsEveryPage(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Query().Get("cursor") {
		case "":
			_, _ = io.WriteString(w, `{"previews":[{"generation_id":"a"},{"generation_id":"b"}],"next_cursor":"2&x=1"}`)
		case "2&x=1":
			_, _ = io.WriteString(w, `{"previews":[{"generation_id":"c"}],"next_cursor":null}`)
		default:
			http.Error(w, "?", http.StatusBadRequest)
		}
	})
	list, err := c.Previews(t.Context())
	if err != nil || len(list) != 3 || list[2].GenerationID != "c" {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestLogsReadsEveryPage(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		at := r.URL.Query().Encode()
		next := map[string]string{"after=3": `"a4"`, "cursor=a4": `"a5"`, "cursor=a5": "null"}[at]
		seq := map[string]int{"after=3": 4, "cursor=a4": 5, "cursor=a5": 6}[at]
		_, _ = fmt.Fprintf(w, `{"logs":[{"seq":%d,"message":"m"}],"next_cursor":%s}`, seq, next)
	})
	var got []int64
	if err := c.Logs(t.Context(), "a", 3, func(l preview.LogLine) { got = append(got, l.Seq) }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int64{4, 5, 6}, got); diff != "" {
		t.Error(diff)
	}
}

func TestSearchLogs(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch at := r.URL.Query().Encode(); at {
		case "after=3&level=ERROR&preview_id=p&q=%5Ex&regex=true&since=2026-11-05T11%3A30%3A00.5Z&source=system":
			_, _ = io.WriteString(w, `{"logs":[],"next_cursor":"a500","last_seq":901}`) // nothing found so far
		case "cursor=a500&level=ERROR&preview_id=p&q=%5Ex&regex=true&since=2026-11-05T11%3A30%3A00.5Z&source=system":
			_, _ = io.WriteString(w, `{"logs":[{"seq":700}],"next_cursor":null,"last_seq":902}`)
		default:
			t.Error(at)
		}
	})
	var got []int64
	last, err := c.SearchLogs(t.Context(), "a", LogSearch{
		PreviewID: "p", After: 3, Level: preview.Error, Source: preview.System, Regexp: "^x",
		Since: time.Date(2026, 11, 5, 12, 30, 0, 5e8, time.FixedZone("", 3600)),
	}, func(l preview.LogLine) { got = append(got, l.Seq) })
	if err != nil || last != 902 || len(got) != 1 || got[0] != 700 {
		t.Errorf("%v, last %d: %v", got, last, err)
	}
}

func TestStream(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Last-Event-ID"); got != "7" || r.Header.Get("Accept") != "text/event-stream" || r.URL.RawQuery != "preview_id=p1" {
			t.Errorf("Last-Event-ID %q", got)
		}
		_, _ = io.WriteString(w, ": heartbeat\n\nid: 8\ndata: {\"seq\":8,\"message\":\"one\",\n"+
			"data: \"source\":\"system\"}\n\nevent:status\r\ndata:{\"status\":\"running\"}\r\n\r\n"+
			"data: {\"message\":\"dropped 3 lines\"}\n\nevent: end\ndata: {}\n\ndata: no json\n\nid: 11\n\ndata: {\"message\":\"cut o")
	})
	var got []preview.LogLine
	if err := c.Stream(t.Context(), "a", "p1", 7, func(l preview.LogLine) { got = append(got, l) }); err != nil {
		t.Fatal(err)
	}
	want := []preview.LogLine{{Seq: 8, Message: "one", Source: preview.System}, {Message: "dropped 3 lines"}} // a notice has no number
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestStreamCutOff(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "id: 1\ndata: {\"message\":\"one\"}\n\n")
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	n := 0
	err := c.Stream(t.Context(), "a", "", 0, func(preview.LogLine) { n++ })
	if n != 1 || !errors.Is(err, ErrUnreachable) {
		t.Errorf("%d lines, %v", n, err)
	}
}

func TestStreamRefused(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })
	var p *Problem
	if err := c.Stream(t.Context(), "a", "", 0, nil); !errors.As(err, &p) {
		t.Error(err)
	}
}

func TestReady(t *testing.T) {
	asked := 0
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/base/readyz" {
			t.Errorf("asked for %s", r.URL.Path)
		}
		if asked++; asked < 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	c.root = c.root.JoinPath("base/")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := c.Ready(ctx, time.Millisecond); err != nil || asked != 3 {
		t.Errorf("asked %d times: %v", asked, err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := to(t, "http://127.0.0.1:1").Ready(ctx, time.Millisecond); !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, ErrUnreachable) {
		t.Error(err)
	}
	silent := serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	ctx, cancel = context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := silent.Ready(ctx, time.Millisecond); !errors.Is(err, ErrUnreachable) {
		t.Error(err)
	}
}

func TestStatusReadsNulls(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"id":"p","status":"running","phase":null,"reason":null,"message":null,"hint":null,"exit_code":null,
			"started_at":null,"uptime_seconds":1,"memory_usage_mb":1.5,"timings":{"total":12}}`)
	})
	s, err := c.Status(t.Context(), "a")
	if err != nil || s.Status != preview.Running || s.Timings["total"] != 12 || s.ExitCode != nil {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := json.Marshal(s); err != nil {
		t.Error(err)
	}
}
