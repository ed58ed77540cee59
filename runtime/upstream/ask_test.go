package upstream_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"previewd/runtime/preview"
	"previewd/runtime/upstream"
)

// TestWhatIsSent looks at the bytes an app gets.
func TestWhatIsSent(t *testing.T) {
	b := newBed(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	seen := make(chan string, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		req, err := http.ReadRequest(bufio.NewReader(conn))
		if err != nil {
			seen <- err.Error()
			return
		}
		body, _ := io.ReadAll(req.Body)
		_, _ = io.WriteString(conn, "HTTP/1.1 204 No Content\r\n\r\n")
		seen <- fmt.Sprint(req.Method, " ", req.RequestURI, " ", req.Host, " ", req.ContentLength, " ", string(body), " ", req.Header)
	}()
	p := b.runs("p1", l.Addr())
	a, err := b.Ask(t.Context(), p, upstream.Request{
		Method: "PROPFIND", Target: "/a;b=%2e/c%20d?x=1&&y=%", Body: []byte("hi"),
		Header: http.Header{
			"Connection": {"x-hop, close"}, "X-Hop": {"1"}, "Host": {"evil"}, "Content-Length": {"99"}, "Transfer-Encoding": {"chunked"},
			"Expect": {"100-continue"}, "Upgrade": {"h2c"}, "Te": {"trailers"}, "Proxy-Authorization": {"x"}, "Keep-Alive": {"9"},
			"X-Two": {"a", "b"}, "Accept": {"text/html"},
		},
	}, limits)
	if err != nil || a.Status != 204 {
		t.Fatal(a.Status, err)
	}
	want := fmt.Sprintf("PROPFIND /a;b=%%2e/c%%20d?x=1&&y=%% 127.0.0.1:%d 2 hi ", p.Port) +
		"map[Accept:[text/html] Accept-Encoding:[identity] Content-Length:[2] User-Agent:[previewd] X-Two:[a b]]"
	if got := <-seen; got != want {
		t.Errorf("\ngot  %s\nwant %s", got, want)
	}
}

func TestTheAnswer(t *testing.T) {
	b := newBed(t)
	p := b.app("p1", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Add("Set-Cookie", "a=1")
		w.Header().Add("Set-Cookie", "b=2")
		w.Header().Set("Connection", "X-Hop")
		w.Header().Set("X-Hop", "1")
		w.Header()["Date"] = nil
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, "short")
	})
	a := b.get(p, "/")
	want := http.Header{"Set-Cookie": {"a=1", "b=2"}, "Content-Length": {"5"}, "Content-Type": {"text/plain; charset=utf-8"}}
	if diff := cmp.Diff(want, a.Header); diff != "" {
		t.Error(diff)
	}
	if a.Status != 418 || string(a.Body) != "short" || a.Truncated || a.Elapsed <= 0 {
		t.Errorf("%+v", a)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	b := newBed(t)
	p := b.app("p1", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			t.Errorf("%s was asked for", r.URL)
		}
		http.Redirect(w, r, "/next", http.StatusFound)
	})
	if a := b.get(p, "/"); a.Status != 302 || a.Header.Get("Location") != "/next" {
		t.Errorf("%d %s", a.Status, a.Header)
	}
}

func TestLongBodiesAreCut(t *testing.T) {
	b := newBed(t)
	p := b.app("p1", func(w http.ResponseWriter, r *http.Request) {
		var n int
		_, _ = fmt.Sscan(r.URL.Query().Get("n"), &n)
		_, _ = io.WriteString(w, strings.Repeat("x", n))
	})
	for n, cut := range map[int]bool{99: false, 100: false, 101: true, 1 << 20: true} {
		req := upstream.Request{Method: http.MethodGet, Target: fmt.Sprint("/?n=", n)}
		a, err := b.Ask(t.Context(), p, req, upstream.Limits{Timeout: time.Minute, Bytes: 100})
		if err != nil || a.Truncated != cut || len(a.Body) != min(n, 100) {
			t.Errorf("%d bytes: %d came, truncated %v, %v", n, len(a.Body), a.Truncated, err)
		}
	}
}

func TestNoAnswerInTime(t *testing.T) {
	b := newBed(t)
	p := b.app("p1", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	req := upstream.Request{Method: http.MethodGet, Target: "/"}
	_, err := b.Ask(t.Context(), p, req, upstream.Limits{Timeout: 50 * time.Millisecond, Bytes: 100})
	if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, upstream.ErrUnreachable) {
		t.Error(err)
	}
}

// TestEndlessBodies has an app that streams for ever: what came in time is the answer.
func TestEndlessBodies(t *testing.T) {
	b := newBed(t)
	p := b.app("p1", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "data: 1\n\n")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	req := upstream.Request{Method: http.MethodGet, Target: "/"}
	a, err := b.Ask(t.Context(), p, req, upstream.Limits{Timeout: 200 * time.Millisecond, Bytes: 100})
	if err != nil || a.Status != 200 || !a.Truncated || string(a.Body) != "data: 1\n\n" {
		t.Errorf("%+v %v", a, err)
	}
}

func TestCallerGoesAway(t *testing.T) {
	b := newBed(t)
	ctx, cancel := context.WithCancel(t.Context())
	p := b.app("p1", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			_ = http.NewResponseController(w).Flush()
		}
		cancel()
		<-r.Context().Done()
	})
	for _, target := range []string{"/", "/body"} {
		_, err := b.Ask(ctx, p, upstream.Request{Method: http.MethodGet, Target: target}, limits)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", target, err)
		}
	}
}

func TestBrokenApps(t *testing.T) {
	b := newBed(t)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := b.runs("nobody", closed.Addr())
	_ = closed.Close()
	tests := []struct {
		p    preview.Preview
		says string
	}{
		{nobody, "The app refuses connections."},
		{b.speaks("silent", ""), "The app closed the connection without an answer."},
		{b.speaks("ssh", "SSH-2.0-OpenSSH\r\n"), "The app's answer is not valid HTTP/1.1."},
		{b.speaks("headers", "HTTP/1.1 200 OK\r\nX: "+strings.Repeat("x", 256<<10)+"\r\n\r\n"), "The app's answer is not valid HTTP/1.1."},
		{b.speaks("agent", "HTTP/1.1 007 Bond\r\nContent-Length: 0\r\n\r\n"), "The app's answer is not valid HTTP/1.1."},
		{b.speaks("smuggler", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"), "The app's answer is not valid HTTP/1.1."},
	}
	for _, test := range tests {
		t.Run(test.p.ID, func(t *testing.T) {
			_, err := b.Ask(t.Context(), test.p, upstream.Request{Method: http.MethodGet, Target: "/"}, limits)
			told, ok := errors.AsType[*upstream.UnreachableError](err)
			if !ok || !errors.Is(err, upstream.ErrUnreachable) || told.Message != test.says {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestHalfAnAnswer(t *testing.T) {
	b := newBed(t)
	for name, answer := range map[string]string{
		"short":   "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello",
		"chunked": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz",
	} {
		if a := b.get(b.speaks(name, answer), "/"); !a.Truncated || string(a.Body) != "hello" {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

// TestProtocolsAreNotSwitched has an app that answers 101 though nobody asked.
func TestProtocolsAreNotSwitched(t *testing.T) {
	b := newBed(t)
	p := b.speaks("p1", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nhello")
	if a := b.get(p, "/"); a.Status != 101 || len(a.Body) != 0 || a.Truncated {
		t.Errorf("%+v", a)
	}
}

func TestRequestsThatCannotBeMade(t *testing.T) {
	b := newBed(t)
	p := b.app("p1", func(http.ResponseWriter, *http.Request) { t.Error("something was sent") })
	for _, r := range []upstream.Request{
		{Method: "BAD METHOD", Target: "/"},
		{Method: "GET", Target: "/\r\nX: y"},
		{Method: "GET", Target: "/", Header: http.Header{"X": {"a\r\nb"}}},
	} {
		if _, err := b.Ask(t.Context(), p, r, limits); err == nil {
			t.Errorf("%+v was sent", r)
		}
	}
}
