package probe_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"testing"
	"time"

	"previewd/runtime/probe"
)

func target(t *testing.T, rawURL string) probe.Target {
	t.Helper()
	u, err := url.Parse(rawURL)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		t.Fatal(err)
	}
	return probe.Target{Host: u.Hostname(), Port: port}
}

func TestAnyAnswerMeansUp(t *testing.T) {
	for _, status := range []int{200, 204, 302, 404, 500, 503} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(status)
			}))
			t.Cleanup(app.Close)
			got, err := probe.New().Wait(t.Context(), target(t, app.URL))
			if err != nil || got != status {
				t.Fatalf("Wait = %d, %v; want %d", got, err, status)
			}
		})
	}
}

func TestWaitsForALateListener(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := free.Addr().(*net.TCPAddr)
	_ = free.Close()

	answer := make(chan error, 1)
	go func() {
		_, err := probe.New().Wait(t.Context(), probe.Target{Host: "127.0.0.1", Port: addr.Port, Path: "/health"})
		answer <- err
	}()
	asked := make(chan string, 1)
	late, err := net.Listen("tcp", addr.String())
	if err != nil {
		t.Fatal(err)
	}
	app := &http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case asked <- r.URL.Path:
		default:
		}
	})}
	go func() { _ = app.Serve(late) }()
	t.Cleanup(func() { _ = app.Close() })
	if err := <-answer; err != nil {
		t.Fatal(err)
	}
	if path := <-asked; path != "/health" {
		t.Errorf("asked %q, want /health", path)
	}
}

func TestGivesTheCauseWhenTheWaitEnds(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0") // accepts into its backlog and never answers
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("the app exited")
	time.AfterFunc(20*time.Millisecond, func() { cancel(why) })
	_, err = probe.New().Wait(ctx, probe.Target{Host: "127.0.0.1", Port: silent.Addr().(*net.TCPAddr).Port})
	if !errors.Is(err, why) {
		t.Errorf("Wait = %v, want the cause of the end", err)
	}
}

func TestBadTarget(t *testing.T) {
	if _, err := probe.New().Ask(t.Context(), probe.Target{Host: "127.0.0.1", Port: 1, Path: "/\x7f%zz"}); err == nil {
		t.Error("a path that is no URL was asked")
	}
}
