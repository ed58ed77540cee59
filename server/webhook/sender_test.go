package webhook

import (
	"bufio"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

func TestARequestIsTheScheme(t *testing.T) {
	r := receive(t, says(200))
	answer := sender(t, r.URL+"/hook?key=1").Send(t.Context(), event())
	if answer.Err != nil || answer.Status != 200 {
		t.Fatal(answer)
	}
	got := r.deliveries()[0]
	const want = `{"event":"preview.failed","type":"preview.failed","timestamp":"2026-03-01T12:00:00Z","preview_id":"p1",` +
		`"generation_id":"g1","user_id":"ann","project_id":"shop","data":{"status":"failed","port":3001,"error":"The app ended.",` +
		`"reason":"APP_EXITED","message":"The app ended.","hint":"Look.","exit_code":1}}`
	same(t, got.body, want)
	if got.id != "msg_1" || got.header.Get("Content-Type") != "application/json" || got.header.Get("User-Agent") != "previewd/test" {
		t.Error(got.header)
	}
	if sent, err := strconv.ParseInt(got.header.Get("webhook-timestamp"), 10, 64); err != nil || time.Since(time.Unix(sent, 0)).Abs() > time.Minute {
		t.Errorf("timestamp %q is not that of the attempt", got.header.Get("webhook-timestamp"))
	}
	if _, sent := got.header["Idempotency-Key"]; sent {
		t.Error("the hint for the transport was sent")
	}
}

func TestWhatIsNotKnownIsNull(t *testing.T) {
	e := event()
	e.Status, e.Reason = "starting", nil
	body, err := bodyOf(e)
	check(t, err)
	if !strings.Contains(string(body), `"data":{"status":"starting","port":3001,"error":null,"reason":null,"message":null,"hint":null,"exit_code":null}`) {
		t.Errorf("%s", body)
	}
	e = event()
	e.Status = "stopped"
	var p Payload
	body, err = bodyOf(e)
	check(t, err)
	check(t, json.Unmarshal(body, &p))
	if p.Data.Error != nil || p.Data.Message == nil || p.Event != "preview.stopped" {
		t.Errorf("an end that was wanted is no error: %s", body)
	}
}

func TestBothSecretsSignWhileTheyChange(t *testing.T) {
	signer, err := NewSigner(secret + ",\n " + oldSecret + "\n")
	check(t, err)
	h, body := http.Header{}, []byte(`{"a":1}`)
	check(t, signer.sign(h, "msg_1", time.Now(), body))
	for _, known := range []string{secret, oldSecret} {
		verifier, err := standardwebhooks.NewWebhook(known)
		check(t, err)
		if err := verifier.Verify(body, h); err != nil {
			t.Error(err)
		}
		if verifier.Verify([]byte(`{"a":2}`), h) == nil {
			t.Error("another body passes")
		}
	}
	stranger, err := standardwebhooks.NewWebhook("c3RyYW5nZXItc3RyYW5nZXItc3RyYW5nZXI=")
	check(t, err)
	if stranger.Verify(body, h) == nil {
		t.Error("another secret passes")
	}
}

func TestSecretsThatAreRefused(t *testing.T) {
	for list, want := range map[string]string{
		"":                                    "no secret given",
		" ,\n":                                "no secret given",
		"hunter2":                             "secret 1 does not begin with whsec_",
		secret + ",whsec_hunter?":             "secret 2 is not base64 after whsec_",
		"whsec_aHVudGVyMg==":                  "secret 1 has 7 bytes, not 24 to 64",
		"whsec_" + strings.Repeat("QUFB", 22): "secret 1 has 66 bytes, not 24 to 64",
	} {
		if _, err := NewSigner(list); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", list, err, want)
		}
	}
}

// TestAnswers is what receivers say and what is made of it.
func TestAnswers(t *testing.T) {
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		status int
		after  time.Duration
		err    string // "" is a success
	}{
		"200":     {says(200), 200, 0, ""},
		"204":     {says(204), 204, 0, ""},
		"299":     {says(299), 299, 0, ""},
		"304":     {says(304), 304, 0, "HTTP 304: redirects are not followed"},
		"400":     {says(400), 400, 0, "HTTP 400"},
		"410":     {says(410), 410, 0, "HTTP 410"},
		"quoted":  {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "the \x1b[31mdatabase\n is\x00 away", 500) }, 500, 0, "HTTP 500: the [31mdatabase is away"},
		"patient": {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", "120"); w.WriteHeader(503) }, 503, 2 * time.Minute, "HTTP 503"},
		"much": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(500)
			_, _ = io.WriteString(w, strings.Repeat("ä", 1<<20))
		}, 500, 0, "HTTP 500: " + strings.Repeat("ä", maxShown/2)},
		"cut": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 0, 0, "EOF"},
		"cut off": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(200)
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}, 200, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := receive(t, tt.answer)
			a := sender(t, r.URL).Send(t.Context(), event())
			text := ""
			if a.Err != nil {
				text = a.Err.Error()
			}
			if a.Status != tt.status || a.RetryAfter != tt.after || text != tt.err {
				t.Errorf("%d %v %q, want %d %v %q", a.Status, a.RetryAfter, text, tt.status, tt.after, tt.err)
			}
		})
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	var reached atomic.Bool
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Store(true) }))
	t.Cleanup(inside.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		r := receive(t, func(w http.ResponseWriter, req *http.Request) { http.Redirect(w, req, inside.URL, status) })
		if a := sender(t, r.URL).Send(t.Context(), event()); a.Status != status || a.Err == nil || reached.Load() {
			t.Errorf("%d: %+v, reached %v", status, a, reached.Load())
		}
	}
}

// slow sends a byte now and then until the caller goes away.
func slow(w http.ResponseWriter, req *http.Request) {
	for {
		_, _ = io.WriteString(w, "x")
		_ = http.NewResponseController(w).Flush()
		select {
		case <-req.Context().Done():
			return
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func TestNobodyIsWaitedForTooLong(t *testing.T) {
	short := func(o *SenderOptions) { o.Timeout = 50 * time.Millisecond }
	hangs := receive(t, func(_ http.ResponseWriter, req *http.Request) { <-req.Context().Done() })
	if a := sender(t, hangs.URL, short).Send(t.Context(), event()); a.Err == nil || a.Err.Error() != "no answer within 50ms" {
		t.Error(a.Err)
	}
	// The answer was there, only its body has no end: the event has arrived.
	for _, length := range []string{"", "1000000"} {
		trickles := receive(t, func(w http.ResponseWriter, req *http.Request) {
			if length != "" {
				w.Header().Set("Content-Length", length)
			}
			slow(w, req)
		})
		if a := sender(t, trickles.URL, short).Send(t.Context(), event()); a.Err != nil || a.Status != 200 {
			t.Errorf("content length %q: %+v", length, a)
		}
	}
}

func TestABodyIsReadToABound(t *testing.T) {
	var sent atomic.Int64
	r := receive(t, func(w http.ResponseWriter, req *http.Request) {
		for req.Context().Err() == nil {
			n, err := w.Write(make([]byte, 64<<10))
			sent.Add(int64(n))
			if err != nil {
				return
			}
		}
	})
	if a := sender(t, r.URL).Send(t.Context(), event()); a.Err != nil {
		t.Error(a.Err)
	}
	r.Close() // waits for the handler: it ended because nobody reads on
	if sent.Load() > 64<<20 {
		t.Errorf("%d bytes were taken", sent.Load())
	}
}

// TestAClosedConnectionIsNoFailure: a receiver that restarts closes the connections that are kept.
func TestAClosedConnectionIsNoFailure(t *testing.T) {
	r := receive(t, says(200))
	s := sender(t, r.URL)
	for i := range 20 {
		if a := s.Send(t.Context(), event()); a.Err != nil {
			t.Fatalf("attempt %d: %v", i+1, a.Err)
		}
		r.CloseClientConnections()
	}
}

// TestAReceiverOfOneConnectionAtATime: simple servers do not look at the next connection before this one is closed.
func TestAReceiverOfOneConnectionAtATime(t *testing.T) {
	t.Parallel() // it waits for the first connection's rest to be over
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			for in := bufio.NewReader(conn); ; {
				req, err := http.ReadRequest(in)
				if err != nil {
					break
				}
				_, _ = io.Copy(io.Discard, req.Body)
				_, _ = io.WriteString(conn, "HTTP/1.1 204 No Content\r\n\r\n")
			}
			_ = conn.Close()
		}
	}()
	s := sender(t, "http://"+l.Addr().String())
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if a := s.Send(t.Context(), event()); a.Err != nil {
				t.Error(a.Err)
			}
		})
	}
	wg.Wait()
}

func TestErrorsDoNotTellTheURL(t *testing.T) {
	gone := httptest.NewServer(says(200))
	gone.Close()
	tls := httptest.NewTLSServer(says(200))
	t.Cleanup(tls.Close)
	for name, target := range map[string]string{"refused": gone.URL, "no certificate": tls.URL, "no such host": "http://nowhere.invalid"} {
		a := sender(t, target+"/hunter2?key=hunter2").Send(t.Context(), event())
		if a.Err == nil || strings.Contains(a.Err.Error(), "hunter2") || a.Status != 0 {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

func TestCertificatesOfTheBundleAreTrusted(t *testing.T) {
	s := httptest.NewTLSServer(says(204))
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	a := sender(t, s.URL, func(o *SenderOptions) { o.Roots = roots }).Send(t.Context(), event())
	if a.Err != nil {
		t.Error(a.Err)
	}
}

// TestPrivateAddressesAreRefusedWhenDialled: what a name leads to is only known then.
func TestPrivateAddressesAreRefusedWhenDialled(t *testing.T) {
	var reached atomic.Bool
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Store(true) }))
	t.Cleanup(inside.Close)
	_, port, _ := strings.Cut(strings.TrimPrefix(inside.URL, "http://"), ":")
	for _, host := range []string{"localhost", "127.0.0.1", "[::ffff:127.0.0.1]", "0.0.0.0", "127.1"} {
		u := &url.URL{Scheme: "http", Host: host + ":" + port}
		s := sender(t, "http://x", func(o *SenderOptions) { o.Endpoint = Endpoint{url: u} })
		a := s.Send(t.Context(), event())
		if a.Err == nil || reached.Load() {
			t.Errorf("%s: %+v, reached %v", host, a, reached.Load())
		}
		if host == "localhost" && !strings.Contains(a.Err.Error(), "PREVIEW_WEBHOOK_ALLOW_PRIVATE") {
			t.Errorf("it does not say what to do: %v", a.Err)
		}
	}
}

// TestNoProxyIsUsed: one would dial in previewd's place, and look at no address.
func TestNoProxyIsUsed(t *testing.T) {
	for _, private := range []bool{true, false} {
		if newTransport(private, nil).Proxy != nil {
			t.Errorf("private %v: a proxy of the environment is asked", private)
		}
	}
}

func TestWhatCountsAsPublic(t *testing.T) {
	for addr, public := range map[string]bool{
		"93.184.215.14": true, "2606:2800:21f:cb07:6820:80da:af6b:8b2c": true, "172.15.255.255": true, "100.128.0.1": true,
		"127.0.0.1": false, "127.255.255.254": false, "0.0.0.0": false, "0.1.2.3": false, "10.0.0.1": false, "172.16.0.1": false,
		"172.31.255.255": false, "192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false, "224.0.0.1": false,
		"239.255.255.250": false, "240.0.0.1": false, "255.255.255.255": false, "192.0.0.1": false, "192.0.2.1": false,
		"198.18.0.1": false, "198.51.100.1": false, "203.0.113.1": false,
		"::": false, "::1": false, "::ffff:127.0.0.1": false, "::ffff:93.184.215.14": false, "::127.0.0.1": false, "fe80::1": false,
		"fe80::1%eth0": false, "fc00::1": false, "fd12:3456::1": false, "fec0::1": false, "ff02::1": false, "64:ff9b::7f00:1": false,
		"64:ff9b:1::1": false, "2002:7f00:1::1": false, "2001::1": false, "2001:db8::1": false, "100::1": false,
	} {
		if err := publicOnly().SafeAddr(netip.MustParseAddr(addr)); (err == nil) != public {
			t.Errorf("%s: %v, want public %v", addr, err, public)
		}
		if got := publicOnly().Safe("tcp4", netip.AddrPortFrom(netip.MustParseAddr(addr), 8443).String(), nil); (got == nil) != public {
			t.Errorf("%s dialled: %v", addr, got)
		}
	}
}

func TestAnEndpointDoesNotTellItself(t *testing.T) {
	e := endpoint(t, "https://hooks.example.com:8443/hunter2?key=hunter2")
	if e.Origin() != "https://hooks.example.com:8443" || strings.Contains(e.Digest(), "hunter2") || len(e.Digest()) != 64 {
		t.Error(e.Origin(), e.Digest())
	}
	if other := endpoint(t, "https://hooks.example.com:8443/hunter2?key=hunter3"); other.Digest() == e.Digest() {
		t.Error("another URL has the same digest")
	}
	if text := fmt.Sprintf("%v %+v %#v", e, e, e); strings.Contains(text, "hunter2") {
		t.Error(text)
	}
}
