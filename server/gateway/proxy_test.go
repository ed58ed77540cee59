package gateway_test

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/server/gateway"
)

// TestWhatTheAppSees is an exact list: nothing a visitor says about the way is believed, and nothing is lost.
func TestWhatTheAppSees(t *testing.T) {
	b := newBed(t)
	b.app(headers)
	seen := b.seen(b.get("/a%2Fb//c?x=%zz&y;z", "X-Forwarded-For", "6.6.6.6", "X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "https",
		"X-Forwarded-Port", "1", "X-Forwarded-Prefix", "/evil", "Forwarded", "for=6.6.6.6", "X-Real-Ip", "6.6.6.6",
		"Authorization", "Bearer apps-own", "Cookie", "a=1; __previewd=x; b=\"2;3\"", "Cookie", "__Host-previewd=y", "Via", "1.0 fred",
		"Origin", "http://"+one+".preview.localhost:8080", "Accept-Encoding", "br", "X-Empty", "", "Te", "trailers", "Connection", "X-Drop", "X-Drop", "1"))
	want := http.Header{
		"Host": {one + ".preview.localhost:8080"}, "Uri": {"/a%2Fb//c?x=%zz&y;z"}, "Authorization": {"Bearer apps-own"},
		"Cookie": {`a=1; b="2; 3"`}, "Via": {"1.0 fred", "1.1 previewd"}, "Origin": {"http://" + one + ".preview.localhost:8080"},
		"Accept-Encoding": {"br"}, "X-Empty": {""}, "Te": {"trailers"},
		"X-Forwarded-For": {"127.0.0.1"}, "X-Forwarded-Host": {one + ".preview.localhost:8080"}, "X-Forwarded-Proto": {"http"},
	}
	for name, values := range want {
		if fmt.Sprint(seen[name]) != fmt.Sprint(values) {
			t.Errorf("%s: %q, want %q", name, seen[name], values)
		}
		delete(seen, name)
	}
	delete(seen, "User-Agent")
	if len(seen) > 0 {
		t.Error("the app sees more:", seen)
	}
}

func TestATrustedProxysWordCounts(t *testing.T) {
	b := newBed(t, https)
	b.app(headers)
	seen := b.seen(b.get("/", "X-Forwarded-For", "1.2.3.4, 5.6.7.8", "X-Forwarded-For", "9.9.9.9", "X-Forwarded-Proto", "http"))
	if seen.Get("X-Forwarded-For") != "1.2.3.4, 5.6.7.8, 9.9.9.9, 127.0.0.1" || seen.Get("X-Forwarded-Proto") != "http" {
		t.Error(seen)
	}
	for _, proto := range []string{"", "gopher", "https, http"} {
		if seen = b.seen(b.get("/", "X-Forwarded-Proto", proto)); seen.Get("X-Forwarded-Proto") != "https" {
			t.Errorf("%q: %s", proto, seen.Get("X-Forwarded-Proto"))
		}
	}
}

// TestWhatTheVisitorSees is what an app says and what comes of it.
func TestWhatTheVisitorSees(t *testing.T) {
	b := newBed(t)
	b.app(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Frame-Options", "DENY")
		h.Add("Content-Security-Policy", "default-src 'self'; FRAME-ancestors 'none'; img-src *, frame-ancestors 'self'")
		h.Add("Content-Security-Policy", "frame-ancestors https://x")
		h.Set("Access-Control-Allow-Origin", "https://its.own")
		h.Set("Clear-Site-Data", `"*"`)
		h.Add("Set-Cookie", "a=1; Domain=.preview.localhost; Path=/")
		h.Add("Set-Cookie", "b=2;domain = localhost ; HttpOnly; SameSite=Strict")
		h.Add("Set-Cookie", "__previewd=mine; Path=/")
		h.Add("Set-Cookie", "__Host-previewd=mine; Secure; Path=/")
		h.Add("Set-Cookie", " __previewd_framed =mine")
		h.Set("Location", r.URL.Query().Get("to"))
		w.WriteHeader(http.StatusFound)
	})
	a := b.get("/")
	h := a.header
	if h.Get("X-Frame-Options") != "" || h.Get("Clear-Site-Data") != "" || fmt.Sprint(h["Content-Security-Policy"]) != "[default-src 'self'; img-src *]" {
		t.Error(h)
	}
	if fmt.Sprint(h["Access-Control-Allow-Origin"]) != "[https://its.own]" || fmt.Sprint(h["Set-Cookie"]) != "[a=1; Path=/ b=2; HttpOnly; SameSite=Strict]" {
		t.Error(h)
	}
	own := "http://" + one + ".preview.localhost:8080"
	port := b.rows.byHost[one].Port
	for to, want := range map[string]string{
		"/x": "/x", "//evil.example/": "//evil.example/", "https://example.com/": "https://example.com/", own + "/y?z#f": own + "/y?z#f",
		"https://" + one + ".preview.localhost:8080/y": own + "/y", fmt.Sprintf("http://localhost:%d/y?z", port): own + "/y?z",
		fmt.Sprintf("http://127.0.0.1:%d", port): own, "http://localhost:1/": "http://localhost:1/", "http://" + other + ".preview.localhost:8080/": "http://" + other + ".preview.localhost:8080/",
	} {
		if got := b.get("/?to=" + strings.ReplaceAll(to, "#", "%23")).header.Get("Location"); got != strings.TrimSuffix(want, "#f") && got != want {
			t.Errorf("%s: %s, want %s", to, got, want)
		}
	}
}

// TestCookiesInAFrame has a page of another site frame the preview.
func TestCookiesInAFrame(t *testing.T) {
	b := newBed(t, https)
	b.app(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Add("Set-Cookie", "sid=1; Path=/; HttpOnly; SameSite=Lax; secure")
		w.Header().Add("Set-Cookie", "csrf=2")
	})
	cookie := func(headers ...string) string {
		return pairOf(b.visit("/?token="+token, headers...).header.Get("Set-Cookie"))
	}
	framed := cookie("Sec-Fetch-Dest", "iframe", "Sec-Fetch-Site", "cross-site")
	for name, c := range map[string]string{
		"a tab":                    cookie("Sec-Fetch-Dest", "document", "Sec-Fetch-Site", "cross-site"),
		"a frame of the same site": cookie("Sec-Fetch-Dest", "iframe", "Sec-Fetch-Site", "same-site"),
		"no such headers":          cookie(),
	} {
		if got := fmt.Sprint(b.visit("/", "Cookie", c).header["Set-Cookie"]); got != "[sid=1; Path=/; HttpOnly; SameSite=Lax; secure csrf=2]" {
			t.Errorf("%s: %s", name, got)
		}
	}
	want := "[sid=1; Path=/; HttpOnly; Secure; SameSite=None; Partitioned csrf=2; Secure; SameSite=None; Partitioned]"
	if got := fmt.Sprint(b.visit("/", "Cookie", framed).header["Set-Cookie"]); got != want {
		t.Error(got)
	}
}

// TestInformationalAnswers lets early hints through, and no cookies with them.
func TestInformationalAnswers(t *testing.T) {
	b := newBed(t)
	b.app(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", "</style.css>; rel=preload")
		w.Header().Set("Set-Cookie", "a=1; Domain=preview.localhost")
		w.WriteHeader(http.StatusEarlyHints)
		w.Header().Del("Set-Cookie")
		_, _ = io.WriteString(w, "done")
	})
	conn, in := b.dial()
	fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: %s.preview.localhost\r\nX-Preview-Token: %s\r\nConnection: close\r\n\r\n", one, token)
	all, err := io.ReadAll(in)
	b.check(err)
	if said := string(all); !strings.HasPrefix(said, "HTTP/1.1 103 ") || !strings.Contains(said, "rel=preload") || strings.Contains(said, "a=1") || !strings.HasSuffix(said, "done") {
		t.Error(said)
	}
}

func (b *bed) dial() (net.Conn, *bufio.Reader) {
	b.Helper()
	conn, err := net.Dial("tcp", b.front.Listener.Addr().String())
	b.check(err)
	b.Cleanup(func() { _ = conn.Close() })
	b.check(conn.SetDeadline(time.Now().Add(20 * time.Second)))
	return conn, bufio.NewReader(conn)
}

// echo answers an upgrade by another protocol, in which it says everything again.
func echo(w http.ResponseWriter, r *http.Request) {
	conn, in, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	_, _ = fmt.Fprintf(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: %s\r\nX-Host: %s\r\n\r\n", r.Header.Get("Upgrade"), r.Host)
	_, _ = io.Copy(conn, in)
}

// upgrade opens a WebSocket, or what the gateway takes for one.
func (b *bed) upgrade() (net.Conn, *bufio.Reader) {
	b.Helper()
	conn, in := b.dial()
	fmt.Fprintf(conn, "GET /ws HTTP/1.1\r\nHost: %s.preview.localhost\r\nX-Preview-Token: %s\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n", one, token)
	resp, err := http.ReadResponse(in, nil)
	b.check(err)
	if resp.StatusCode != http.StatusSwitchingProtocols || resp.Header.Get("X-Host") != one+".preview.localhost" {
		b.Fatal(resp.Status, resp.Header)
	}
	return conn, in
}

func say(t *testing.T, conn net.Conn, in *bufio.Reader, line string) {
	t.Helper()
	_, _ = io.WriteString(conn, line+"\n")
	if got, err := in.ReadString('\n'); err != nil || got != line+"\n" {
		t.Fatalf("said %q, heard %q %v", line, got, err)
	}
}

func TestWebSockets(t *testing.T) {
	b := newBed(t)
	p := b.app(echo)
	conn, in := b.upgrade()
	say(t, conn, in, "first")
	say(t, conn, in, strings.Repeat("long", 100_000))
	eventually(t, "it counts as use", func() bool { return b.rows.touches(p.ID) > 1 })
	say(t, conn, in, "last")
}

// TestWhatIsOpenEndsWithTheRightToIt ends a WebSocket and an event stream in every way there is.
func TestWhatIsOpenEndsWithTheRightToIt(t *testing.T) {
	for name, end := range map[string]func(*bed){
		"the preview ends here": func(b *bed) {
			b.bus.Publish(b.rows.change(one, func(p *preview.Preview) { p.Status = preview.Stopping }))
		},
		"the preview ends on another replica": func(b *bed) { b.rows.change(one, func(p *preview.Preview) { p.Status = preview.Stopped }) },
		"the preview is replaced":             func(b *bed) { b.rows.change(one, func(p *preview.Preview) { p.ID = "next" }) },
		"the token is renewed":                func(b *bed) { b.rows.change(one, func(p *preview.Preview) { p.SessionTokenHash = []byte("x") }) },
		"the token expires":                   func(b *bed) { b.rows.change(one, func(p *preview.Preview) { p.TokenExpiry = time.Now() }) },
		"the generation is deleted": func(b *bed) {
			b.rows.mu.Lock()
			defer b.rows.mu.Unlock()
			delete(b.rows.byHost, one)
		},
		"previewd stops": func(b *bed) { _ = b.gate.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBed(t)
			b.app(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/ws" {
					echo(w, r)
					return
				}
				w.Header().Set("Content-Type", "text/event-stream")
				_, _ = io.WriteString(w, "data: 1\n\n")
				_ = http.NewResponseController(w).Flush()
				<-r.Context().Done()
			})
			conn, in := b.upgrade()
			say(t, conn, in, "hello")
			resp, err := http.DefaultTransport.RoundTrip(b.request(http.MethodGet, one, "/events", nil, "X-Preview-Token", token))
			b.check(err)
			defer resp.Body.Close()
			events := bufio.NewReader(resp.Body)
			if line, err := events.ReadString('\n'); err != nil || line != "data: 1\n" {
				t.Fatal(line, err)
			}
			end(b)
			if _, err := in.ReadByte(); err == nil {
				t.Error("the socket goes on")
			}
			if rest, err := io.ReadAll(events); err == nil || len(rest) > 1 {
				t.Errorf("the stream ends as if it were whole: %q", rest)
			}
		})
	}
}

// TestStreams has each piece of an answer arrive before the next is written, with a length and without one.
func TestStreams(t *testing.T) {
	b := newBed(t)
	next := make(chan struct{})
	b.app(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/length" {
			w.Header().Set("Content-Length", "5")
		}
		for i := range 5 {
			_, _ = fmt.Fprint(w, i)
			_ = http.NewResponseController(w).Flush()
			<-next
		}
	})
	for _, path := range []string{"/chunked", "/length"} {
		resp, err := http.DefaultTransport.RoundTrip(b.request(http.MethodGet, one, path, nil, "X-Preview-Token", token))
		b.check(err)
		for i := range 5 {
			piece := make([]byte, 1)
			if _, err := io.ReadFull(resp.Body, piece); err != nil || string(piece) != fmt.Sprint(i) {
				t.Fatal(path, i, string(piece), err)
			}
			next <- struct{}{}
		}
		_ = resp.Body.Close()
	}
}

// TestALargeUploadTakesNoMemory streams 100 MB up and compares the sums.
func TestALargeUploadTakesNoMemory(t *testing.T) {
	b := newBed(t)
	var peak atomic.Uint64
	b.app(func(w http.ResponseWriter, r *http.Request) {
		sum := sha256.New()
		piece := make([]byte, 1<<20)
		for {
			n, err := io.ReadFull(r.Body, piece)
			sum.Write(piece[:n])
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak.Store(max(peak.Load(), m.HeapInuse))
			if err != nil {
				break
			}
		}
		_, _ = io.WriteString(w, hex.EncodeToString(sum.Sum(nil)))
	})
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	const size = 100 << 20
	sum := sha256.New()
	body := io.TeeReader(io.LimitReader(zeros{}, size), sum)
	a := b.send(b.request(http.MethodPost, one, "/upload", struct{ io.Reader }{body}, "X-Preview-Token", token))
	if a.status != 200 || a.body != hex.EncodeToString(sum.Sum(nil)) {
		t.Error(a.status, a.body)
	}
	if grown := int64(peak.Load()) - int64(before.HeapInuse); grown > 30<<20 {
		t.Errorf("the heap grew by %d MB", grown>>20)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestTrailersAndContinue(t *testing.T) {
	b := newBed(t)
	b.app(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Trailer", "X-Sum")
		_, _ = w.Write(bytes.ToUpper(body))
		w.Header().Set("X-Sum", r.Trailer.Get("X-Up"))
	})
	conn, in := b.dial()
	fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: %s.preview.localhost\r\nX-Preview-Token: %s\r\nExpect: 100-continue\r\nTrailer: X-Up\r\nTransfer-Encoding: chunked\r\n\r\n", one, token)
	if line, err := in.ReadString('\n'); err != nil || !strings.HasPrefix(line, "HTTP/1.1 100 ") {
		t.Fatal(line, err)
	}
	_, _ = in.ReadString('\n')
	_, _ = io.WriteString(conn, "5\r\nhello\r\n0\r\nX-Up: seven\r\n\r\n")
	resp, err := http.ReadResponse(in, nil)
	b.check(err)
	body, err := io.ReadAll(resp.Body)
	if err != nil || string(body) != "HELLO" || resp.Trailer.Get("X-Sum") != "seven" {
		t.Error(string(body), resp.Trailer, err)
	}
}

// TestALoopEnds has an app send every request it gets to its own address, as a proxy does.
func TestALoopEnds(t *testing.T) {
	b := newBed(t)
	var passes atomic.Int32
	b.app(func(w http.ResponseWriter, r *http.Request) {
		passes.Add(1)
		again := b.request(http.MethodGet, one, "/", nil, "X-Preview-Token", token)
		again.Header["Via"] = r.Header["Via"]
		a := b.send(again)
		w.WriteHeader(a.status)
		_, _ = io.WriteString(w, a.body)
	})
	if a := b.get("/"); a.status != http.StatusLoopDetected || a.code() != "LOOP_DETECTED" || passes.Load() != 4 {
		t.Error(a.status, a.body, passes.Load())
	}
}

// TestALoopThatHidesEnds drops the marks.
func TestALoopThatHidesEnds(t *testing.T) {
	b := newBed(t)
	var passes atomic.Int32
	b.app(func(w http.ResponseWriter, r *http.Request) {
		passes.Add(1)
		w.WriteHeader(b.send(b.request(http.MethodGet, one, "/", nil, "X-Preview-Token", token)).status)
	})
	if a := b.get("/"); a.status != http.StatusTooManyRequests || passes.Load() != 512 {
		t.Error(a.status, a.body, passes.Load())
	}
	if a := b.visit("/"); a.status != 401 {
		t.Error("the gateway is stuck:", a.status)
	}
}

// TestAPreviewsPortThatBecameAnothers has the port lead to a stranger's app by the time it is dialled.
func TestAPreviewsPortThatBecameAnothers(t *testing.T) {
	b := newBed(t)
	stranger := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a stranger's app was asked") }))
	defer stranger.Close()
	b.runs(one, stranger.Listener.Addr())
	if a := b.visit("/?token=" + token); a.status != 303 { // the gateway knows the row now
		t.Fatal(a.status)
	}
	b.rows.change(one, func(p *preview.Preview) { p.Status = preview.Failed })
	if a := b.get("/"); a.status != http.StatusGone {
		t.Error(a.status, a.body)
	}
}

func TestManyVisitorsShareOneLook(t *testing.T) {
	b := newBed(t)
	b.app(hello)
	begin := time.Now()
	done := make(chan struct{})
	for range 20 {
		go func() {
			for range 20 {
				b.get("/")
			}
			done <- struct{}{}
		}()
	}
	for range 20 {
		<-done
	}
	if looks, most := b.rows.looked(), 3+2*int(time.Since(begin)/time.Second); looks > most {
		t.Errorf("%d looks for 400 requests in %v, want at most %d", looks, time.Since(begin), most)
	}
}

// meter counts.
type meter struct{ begun, ended, status atomic.Int64 }

func (m *meter) Begin() { m.begun.Add(1) }

func (m *meter) End(status int, _ time.Duration) {
	m.status.Store(int64(status))
	m.ended.Add(1)
}

func TestTheMeterIsTold(t *testing.T) {
	m := &meter{}
	b := newBed(t, func(o *gateway.Options) { o.Meter = m })
	b.app(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	b.visit("/")
	b.get("/")
	eventually(t, "the visit has ended", func() bool { return m.ended.Load() == 1 }) // a moment after its answer
	if m.begun.Load() != 1 || m.status.Load() != http.StatusTeapot {
		t.Error(m.begun.Load(), m.status.Load())
	}
}
