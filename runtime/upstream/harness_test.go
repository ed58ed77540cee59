package upstream_test

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/runtime/upstream"
)

// limits are those of a test that does not test them.
var limits = upstream.Limits{Timeout: time.Minute, Bytes: 1 << 20}

// rows are the previews there are.
type rows struct {
	mu    sync.Mutex
	known map[string]preview.Preview
	reads int
	fails error
}

func (r *rows) Preview(_ context.Context, id string) (preview.Preview, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reads++
	p, ok := r.known[id]
	switch {
	case r.fails != nil:
		return p, r.fails
	case !ok:
		return p, preview.ErrPreviewNotFound
	}
	return p, nil
}

func (r *rows) set(p preview.Preview) preview.Preview {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.known == nil {
		r.known = map[string]preview.Preview{}
	}
	r.known[p.ID] = p
	return p
}

func (r *rows) readings() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.reads
}

// bed is a pool, and apps whose ports previews hold.
type bed struct {
	*testing.T
	*upstream.Pool
	rows *rows
}

func newBed(t *testing.T, change ...func(*upstream.Options)) *bed {
	t.Helper()
	b := &bed{T: t, rows: &rows{}}
	o := upstream.Options{Host: "127.0.0.1", Rows: b.rows}
	for _, f := range change {
		f(&o)
	}
	b.Pool = upstream.New(o)
	t.Cleanup(b.Close)
	return b
}

// app runs an app and returns its preview.
func (b *bed) app(id string, h http.HandlerFunc) preview.Preview {
	b.Helper()
	server := httptest.NewServer(h)
	b.Cleanup(server.Close)
	return b.runs(id, server.Listener.Addr())
}

// speaks runs an app that answers every connection with these bytes and closes it.
func (b *bed) speaks(id, answer string) preview.Preview {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				if _, err := conn.Read(make([]byte, 4096)); err == nil {
					_, _ = conn.Write([]byte(answer))
				}
			}()
		}
	}()
	return b.runs(id, l.Addr())
}

func (b *bed) runs(id string, addr net.Addr) preview.Preview {
	b.Helper()
	_, text, err := net.SplitHostPort(addr.String())
	if err != nil {
		b.Fatal(err)
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		b.Fatal(err)
	}
	return b.rows.set(preview.Preview{ID: id, Status: preview.Running, Port: port})
}

// get asks for a path.
func (b *bed) get(p preview.Preview, target string) upstream.Answer {
	b.Helper()
	a, err := b.Ask(b.Context(), p, upstream.Request{Method: http.MethodGet, Target: target}, limits)
	if err != nil {
		b.Fatalf("GET %s: %v", target, err)
	}
	return a
}

// requestFor is a request line as a server reads it.
func requestFor(target string) *bufio.Reader {
	return bufio.NewReader(strings.NewReader("GET " + target + " HTTP/1.1\r\nHost: app\r\n\r\n"))
}
