package gateway_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

// writes counts what is written to the connections of a listener.
type writes struct {
	net.Listener
	n atomic.Int32
}

type writesConn struct {
	net.Conn
	n *atomic.Int32
}

func (l *writes) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return &writesConn{c, &l.n}, err
}

func (c *writesConn) Write(p []byte) (int, error) {
	c.n.Add(1)
	return c.Conn.Write(p)
}

// TestASmallAnswerIsSentInOnePiece with its headers, while whatever takes the app longer is not waited for.
func TestASmallAnswerIsSentInOnePiece(t *testing.T) {
	b := newBed(t)
	b.app(hello)
	front := httptest.NewUnstartedServer(b.gate.Before(nil))
	counted := &writes{Listener: front.Listener}
	front.Listener = counted
	front.Start()
	t.Cleanup(front.Close)
	b.front.URL = front.URL
	for want := int32(1); want <= 5; want++ {
		if a := b.get("/"); a.body != "hello" || counted.n.Load() != want {
			t.Fatalf("%q in %d pieces, %d before it", a.body, counted.n.Load()-want+1, want-1)
		}
	}
}

// TestHeadersAreNotHeldBack while the body is to come, by each of the ways to the app.
func TestHeadersAreNotHeldBack(t *testing.T) {
	b := newBed(t)
	next := make(chan struct{})
	b.app(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "1")
		w.Header().Set("Content-Type", r.URL.RawQuery)
		_ = http.NewResponseController(w).Flush()
		<-next
		_, _ = io.WriteString(w, "x")
	})
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		for _, kind := range []string{"text/plain", "Text/Event-Stream;charset=utf-8"} {
			t.Run(fmt.Sprint(method, " ", kind), func(t *testing.T) {
				resp, err := http.DefaultTransport.RoundTrip(b.request(method, one, "/?"+kind, nil, "X-Preview-Token", token))
				b.check(err)
				defer resp.Body.Close()
				next <- struct{}{} // the headers have come: else neither would go on
				if body, err := io.ReadAll(resp.Body); string(body) != "x" || err != nil {
					t.Errorf("%q, %v", body, err)
				}
			})
		}
	}
}
