package gateway_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"previewd/runtime/upstream"
	"previewd/server/gateway"
)

// TestSlowSendersAreCutOffAndSilentStreamsAreNot runs them side by side: the senders' ends are the clock of the stream.
func TestSlowSendersAreCutOffAndSilentStreamsAreNot(t *testing.T) {
	b := newBed(t)
	b.gate.Hurry(300 * time.Millisecond)
	speak := make(chan struct{})
	once := sync.OnceFunc(func() { close(speak) })
	b.app(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			w.Header().Set("Content-Type", "text/event-stream")
			_ = http.NewResponseController(w).Flush()
			<-speak
			_, _ = io.WriteString(w, "data: late\n\n")
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
	})
	t.Cleanup(once) // before the servers wait for it
	silent, err := http.DefaultTransport.RoundTrip(b.request(http.MethodGet, one, "/", nil, "X-Preview-Token", token))
	b.check(err)
	defer silent.Body.Close()
	for range 3 {
		conn, in := b.dial()
		fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: %s.preview.localhost\r\nX-Preview-Token: %s\r\nContent-Length: 10\r\n\r\nfive.", one, token)
		resp, err := http.ReadResponse(in, nil)
		b.check(err)
		if resp.StatusCode != http.StatusRequestTimeout {
			t.Fatal(resp.Status)
		}
	}
	once()
	if line, err := bufio.NewReader(silent.Body).ReadString('\n'); err != nil || line != "data: late\n" {
		t.Error(line, err)
	}
}

// TestASteadySenderIsNotCutOff sends a byte at a time for longer than one byte may take.
func TestASteadySenderIsNotCutOff(t *testing.T) {
	b := newBed(t)
	const within = 400 * time.Millisecond
	b.gate.Hurry(within)
	heard := make(chan byte)
	b.app(func(w http.ResponseWriter, r *http.Request) {
		in := bufio.NewReader(r.Body)
		for {
			c, err := in.ReadByte()
			if err != nil {
				return
			}
			heard <- c
		}
	})
	conn, in := b.dial()
	fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: %s.preview.localhost\r\nX-Preview-Token: %s\r\nTransfer-Encoding: chunked\r\n\r\n", one, token)
	for begin := time.Now(); time.Since(begin) < 2*within; {
		_, _ = io.WriteString(conn, "1\r\nx\r\n")
		<-heard
		<-time.After(within / 20)
	}
	_, _ = io.WriteString(conn, "0\r\n\r\n")
	if resp, err := http.ReadResponse(in, nil); err != nil || resp.StatusCode != 200 {
		t.Error(resp, err)
	}
}

// TestAReaderThatStopsIsCutOff takes nothing of an endless answer.
func TestAReaderThatStopsIsCutOff(t *testing.T) {
	b := newBed(t)
	b.gate.Hurry(300 * time.Millisecond)
	ended := make(chan error, 1)
	b.app(func(w http.ResponseWriter, r *http.Request) {
		piece := make([]byte, 1<<16)
		for {
			if _, err := w.Write(piece); err != nil {
				ended <- err
				return
			}
		}
	})
	conn, _ := b.dial()
	fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: %s.preview.localhost\r\nX-Preview-Token: %s\r\n\r\n", one, token)
	select {
	case err := <-ended:
		if !errors.Is(err, syscall.EPIPE) && !errors.Is(err, syscall.ECONNRESET) {
			t.Log(err)
		}
	case <-time.After(20 * time.Second):
		t.Error("the answer goes on")
	}
}

// TestTheConnectionIsLeftAsItWas asks twice over one connection, the second time after the first one's deadlines are over.
func TestTheConnectionIsLeftAsItWas(t *testing.T) {
	b := newBed(t)
	b.gate.Hurry(200 * time.Millisecond)
	b.app(hello)
	conn, in := b.dial()
	for range 3 {
		fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: %s.preview.localhost\r\nX-Preview-Token: %s\r\nContent-Length: 1\r\n\r\nx", one, token)
		resp, err := http.ReadResponse(in, nil)
		b.check(err)
		body, err := io.ReadAll(resp.Body)
		if err != nil || string(body) != "hello" {
			t.Fatal(string(body), err)
		}
		stall, late := b.dial() // ends when the deadlines above would have
		fmt.Fprintf(stall, "POST / HTTP/1.1\r\nHost: %s.preview.localhost\r\nX-Preview-Token: %s\r\nContent-Length: 10\r\n\r\nx", one, token)
		if _, err := http.ReadResponse(late, nil); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Log(err)
		}
	}
}

// TestSmuggling sends what two servers could split in two ways. What comes after is the visitor's own request, without a token.
func TestSmuggling(t *testing.T) {
	for name, head := range map[string]string{
		"length and chunks":    "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
		"two lengths":          "Content-Length: 4\r\nContent-Length: 5\r\n",
		"a list of lengths":    "Content-Length: 4, 5\r\n",
		"a signed length":      "Content-Length: +4\r\n",
		"an unknown coding":    "Transfer-Encoding: xchunked\r\n",
		"two codings":          "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
		"a space before colon": "Transfer-Encoding : chunked\r\n",
		"a folded line":        "Transfer-Encoding:\r\n chunked\r\n",
		"a bare line feed":     "X: y\nTransfer-Encoding: chunked\r\n",
		"a nul":                "Transfer-Encoding: chunked\x00\r\n",
		"a vertical tab":       "Transfer-Encoding: \x0bchunked\r\n",
		"dropped by a list":    "Connection: Content-Length\r\nContent-Length: 4\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			b := newBed(t)
			b.app(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				if r.Method != http.MethodPost || strings.Contains(string(body), "smuggled") && r.ContentLength > 4 || strings.Contains(r.RequestURI, "smuggled") {
					t.Errorf("the app got %s %s %q", r.Method, r.RequestURI, body)
				}
			})
			conn, in := b.dial()
			fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: %s.preview.localhost\r\nX-Preview-Token: %s\r\n%s\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: %s.preview.localhost\r\n\r\n", one, token, head, one)
			if tcp, ok := conn.(interface{ CloseWrite() error }); ok {
				_ = tcp.CloseWrite()
			}
			for {
				resp, err := http.ReadResponse(in, nil)
				if err != nil {
					return
				}
				_, _ = io.Copy(io.Discard, resp.Body)
			}
		})
	}
}

// TestHeadersAreBounded refuses what is larger than any browser sends.
func TestHeadersAreBounded(t *testing.T) {
	b := newBed(t)
	b.app(hello)
	if a := b.get("/", "X-Large", strings.Repeat("x", 200<<10)); a.status != http.StatusRequestHeaderFieldsTooLarge {
		t.Error(a.status)
	}
}

func TestNoTunnels(t *testing.T) {
	b := newBed(t)
	b.app(hello)
	conn, in := b.dial()
	fmt.Fprintf(conn, "CONNECT %s.preview.localhost:8080 HTTP/1.1\r\nHost: %s.preview.localhost:8080\r\nX-Preview-Token: %s\r\n\r\n", one, one, token)
	resp, err := http.ReadResponse(in, nil)
	b.check(err)
	if resp.StatusCode != http.StatusMethodNotAllowed {
		t.Error(resp.Status)
	}
}

// ends tells of visits that have ended.
type ends chan struct{}

func (ends) Begin() {}

func (e ends) End(int, time.Duration) { e <- struct{}{} }

// TestWhoLeavesAnUploadThatTheAppDoesNotTake is not among its visitors for ever: they would be counted as its use, and be too many in the end.
func TestWhoLeavesAnUploadThatTheAppDoesNotTake(t *testing.T) {
	ended := make(ends, 1)
	b := newBed(t, func(o *gateway.Options) {
		hasty := upstream.New(upstream.Options{Host: "127.0.0.1", Rows: o.Rows.(*rows), Patience: 100 * time.Millisecond}) //nolint:forcetypeassert // newBed's own
		t.Cleanup(hasty.Close)
		o.Apps, o.Meter = hasty, ended
	})
	app, err := net.Listen("tcp", "127.0.0.1:0")
	b.check(err)
	t.Cleanup(func() { _ = app.Close() })
	b.runs(one, app.Addr())
	conn, _ := b.dial()
	fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: %s.preview.localhost\r\nX-Preview-Token: %s\r\nContent-Length: 100000000\r\n\r\n", one, token)
	for err = nil; err == nil; {
		_ = conn.SetWriteDeadline(time.Now().Add(time.Second))
		_, err = conn.Write(make([]byte, 1<<20))
	}
	b.check(conn.Close())
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		t.Fatal("the visit goes on")
	}
}
