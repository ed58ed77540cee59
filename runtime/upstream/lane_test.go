package upstream_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/runtime/upstream"
)

func withLanes(o *upstream.Options) { o.Lanes = true }

// send asks by a lane and reads the whole answer.
func (b *bed) send(ctx context.Context, p preview.Preview, method, path string) (*http.Response, string, error) {
	b.Helper()
	u := upstream.Origin(p)
	u.Path = path
	req, err := http.NewRequestWithContext(ctx, method, u.String(), http.NoBody)
	if err != nil {
		b.Fatal(err)
	}
	resp, err := b.RoundTrip(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp, string(body), err
}

// counted runs an app and counts the connections made to it.
func (b *bed) counted(h http.HandlerFunc) (preview.Preview, *httptest.Server, *atomic.Int32) {
	b.Helper()
	made := &atomic.Int32{}
	server := httptest.NewUnstartedServer(h)
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			made.Add(1)
		}
	}
	server.Start()
	b.Cleanup(server.Close)
	return b.runs("p", server.Listener.Addr()), server, made
}

// TestALaneIsKept asks for answers of every form over one connection.
func TestALaneIsKept(t *testing.T) {
	b := newBed(t, withLanes)
	p, server, made := b.counted(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/chunked":
			_, _ = io.WriteString(w, "chun")
			_ = http.NewResponseController(w).Flush()
			_, _ = io.WriteString(w, "ked")
		case "/none":
			w.WriteHeader(http.StatusNoContent)
		case "/same":
			w.WriteHeader(http.StatusNotModified)
		default:
			_, _ = io.WriteString(w, r.Method+" "+r.Host)
		}
	})
	for range 3 {
		for _, test := range []struct{ method, path, want string }{
			{"GET", "/", "GET p:" + fmt.Sprint(p.Port)},
			{"HEAD", "/", ""},
			{"GET", "/chunked", "chunked"},
			{"HEAD", "/chunked", ""},
			{"GET", "/none", ""},
			{"GET", "/same", ""},
			{"OPTIONS", "/", "OPTIONS p:" + fmt.Sprint(p.Port)},
		} {
			if _, body, err := b.send(t.Context(), p, test.method, test.path); err != nil || body != test.want {
				t.Errorf("%s %s: %q %v, want %q", test.method, test.path, body, err, test.want)
			}
		}
	}
	if made.Load() != 1 || b.rows.readings() != 1 {
		t.Errorf("%d connections, %d looks", made.Load(), b.rows.readings())
	}
	server.CloseClientConnections() // while the lane is idle
	if _, body, err := b.send(t.Context(), p, "GET", "/"); err != nil || !strings.HasPrefix(body, "GET") {
		t.Error("a stale lane:", body, err)
	}
	if made.Load() != 2 {
		t.Errorf("%d connections", made.Load())
	}
}

// TestALaneWithoutUseIsClosed waits until the app sees it.
func TestALaneWithoutUseIsClosed(t *testing.T) {
	b := newBed(t, withLanes)
	closed := make(chan struct{})
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateClosed {
			close(closed)
		}
	}
	server.Start()
	defer server.Close()
	p := b.runs("p", server.Listener.Addr())
	if _, _, err := b.send(t.Context(), p, "GET", "/"); err != nil {
		t.Fatal(err)
	}
	select {
	case <-closed:
	case <-time.After(20 * time.Second):
		t.Error("it stays open, and counts as use of the preview")
	}
}

// TestLanesEndWithTheirPreview has it end while a lane is idle and while one is in use.
func TestLanesEndWithTheirPreview(t *testing.T) {
	b := newBed(t, withLanes)
	p, _, _ := b.counted(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/hang" {
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}
	})
	if _, _, err := b.send(t.Context(), p, "GET", "/"); err != nil {
		t.Fatal(err)
	}
	changes := make(chan preview.Preview)
	go b.Watch(changes)
	defer close(changes)
	ended := make(chan error, 1)
	go func() {
		_, _, err := b.send(t.Context(), p, "GET", "/hang")
		ended <- err
	}()
	gone := p
	gone.Status = preview.Stopped
	b.rows.set(gone)
	for over := false; !over; {
		changes <- gone
		select {
		case err := <-ended:
			over = true
			if err == nil {
				t.Error("the answer ended as if it were whole")
			}
		default:
		}
	}
	if _, _, err := b.send(t.Context(), p, "GET", "/"); !errors.Is(err, upstream.ErrNotRunning) {
		t.Error(err)
	}
}

// TestALaneIsLeftInTheMiddle cancels before the answer and within it, and stops reading; the next request is none the worse.
func TestALaneIsLeftInTheMiddle(t *testing.T) {
	b := newBed(t, withLanes)
	asked := make(chan struct{}, 10)
	p, _, _ := b.counted(func(w http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		switch r.URL.Path {
		case "/late":
			<-r.Context().Done()
		case "/endless":
			for r.Context().Err() == nil {
				_, _ = w.Write(make([]byte, 1<<16))
			}
		default:
			_, _ = io.WriteString(w, "fine")
		}
	})
	fine := func() {
		t.Helper()
		if _, body, err := b.send(t.Context(), p, "GET", "/"); err != nil || body != "fine" {
			t.Error(body, err)
		}
		<-asked
	}
	fine()
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-asked; cancel() }()
	if _, _, err := b.send(ctx, p, "GET", "/late"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	fine()
	ctx, cancel = context.WithCancel(t.Context())
	go func() { <-asked; cancel() }()
	if _, _, err := b.send(ctx, p, "GET", "/endless"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	fine()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, upstream.Origin(p).String()+"/endless", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := b.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	<-asked
	fine()
}

// TestAnswersThatNoLaneTakes are errors, and never the answer to the next request.
func TestAnswersThatNoLaneTakes(t *testing.T) {
	const good = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	for name, test := range map[string]struct {
		answer string
		fails  bool
	}{
		"more than was asked for": {good + good, false},
		"the last of a server":    {"HTTP/1.0 200 OK\r\n\r\nok", false},
		"101":                     {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n", true},
		"nothing":                 {"", true},
		"half a head":             {"HTTP/1.1 200 OK\r\nX: y", true},
		"half a body":             {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok", true},
		"no end of heads":         {strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", 8000) + good, true},
		"a head too long":         {"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("y", 200<<10) + "\r\n\r\n", true},
		"another protocol":        {"SSH-2.0-x\r\n\r\n", true},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBed(t, withLanes)
			p := b.speaks("p", test.answer)
			for range 2 {
				_, body, err := b.send(t.Context(), p, "GET", "/")
				if test.fails != (err != nil) || err == nil && body != "ok" {
					t.Errorf("%q %v", body, err)
				}
			}
		})
	}
}

func TestALanesPatience(t *testing.T) {
	b := newBed(t, withLanes, func(o *upstream.Options) { o.Patience = 100 * time.Millisecond })
	p, _, _ := b.counted(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			<-r.Context().Done()
			return
		}
		_ = http.NewResponseController(w).Flush()
		if _, _, err := b.send(r.Context(), preview.Preview{ID: "p", Port: b.rows.known["p"].Port}, "GET", "/slow"); !errors.Is(err, upstream.ErrSlow) {
			t.Error(err)
		}
		_, _ = io.WriteString(w, "a body may take longer")
	})
	if _, body, err := b.send(t.Context(), p, "GET", "/"); err != nil || body == "" {
		t.Error(body, err)
	}
}

func BenchmarkRoundTrip(b *testing.B) {
	for name, lanes := range map[string]bool{"transport": false, "lanes": true} {
		b.Run(name, func(b *testing.B) {
			server, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				b.Fatal(err)
			}
			defer server.Close()
			go answerAll(server)
			r := &rows{}
			p := r.set(preview.Preview{ID: "p", Status: preview.Running, Port: server.Addr().(*net.TCPAddr).Port}) //nolint:forcetypeassert // of "tcp"
			pool := upstream.New(upstream.Options{Host: "127.0.0.1", Rows: r, Lanes: lanes, MaxConns: 512})
			defer pool.Close()
			b.ReportAllocs()
			b.SetParallelism(32)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					req, _ := http.NewRequestWithContext(b.Context(), http.MethodGet, upstream.Origin(p).String(), http.NoBody)
					resp, err := pool.RoundTrip(req)
					if err != nil {
						b.Error(err)
						return
					}
					_, _ = io.Copy(io.Discard, resp.Body)
					_ = resp.Body.Close()
				}
			})
		})
	}
}

// answerAll is the cheapest server there is, so that the client is what is measured.
func answerAll(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			for in := bufio.NewReader(conn); ; {
				line, err := in.ReadSlice('\n')
				if err != nil {
					return
				}
				if len(line) == 2 {
					_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
				}
			}
		}()
	}
}
