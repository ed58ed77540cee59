package gateway_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	logtest "github.com/sirupsen/logrus/hooks/test"

	"previewd/runtime/events"
	"previewd/runtime/preview"
	"previewd/runtime/upstream"
	"previewd/server/gateway"
	"previewd/server/problem"
	"previewd/server/routes"
)

const (
	one   = "p00000000000000000000000000000001"
	other = "p00000000000000000000000000000002"
	token = "sess_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	page  = "text/html,application/xhtml+xml;q=0.9"
)

var secret = []byte("0123456789abcdef0123456789abcdef")

// rows are the previews there are.
type rows struct {
	mu      sync.Mutex
	byHost  map[string]preview.Preview
	looks   int
	touched map[string]int
	fails   error
}

func (r *rows) PreviewByHost(_ context.Context, label string) (preview.Preview, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.looks++
	p, ok := r.byHost[label]
	switch {
	case r.fails != nil:
		return p, r.fails
	case !ok:
		return p, preview.ErrPreviewNotFound
	}
	return p, nil
}

func (r *rows) Preview(_ context.Context, id string) (preview.Preview, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.byHost {
		if p.ID == id {
			return p, nil
		}
	}
	return preview.Preview{}, preview.ErrPreviewNotFound
}

func (r *rows) Touch(_ context.Context, id string, _ time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.touched[id]++
	return nil
}

func (r *rows) touches(id string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.touched[id]
}

func (r *rows) looked() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.looks
}

func (r *rows) set(p preview.Preview) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.byHost[p.Host] = p
}

// change alters the row of a host, as another process would.
func (r *rows) change(host string, f func(*preview.Preview)) preview.Preview {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.byHost[host]
	f(&p)
	r.byHost[host] = p
	return p
}

// bed is a gateway before apps that are real servers.
type bed struct {
	*testing.T
	gate  *gateway.Gateway
	base  gateway.Base
	rows  *rows
	bus   *events.Bus
	front *httptest.Server
	links gateway.Links
}

func newBed(t *testing.T, change ...func(*gateway.Options)) *bed {
	t.Helper()
	log, _ := logtest.NewNullLogger()
	entry := logrus.NewEntry(log)
	b := &bed{T: t, rows: &rows{byHost: map[string]preview.Preview{}, touched: map[string]int{}}, bus: events.NewBus()}
	apps := upstream.New(upstream.Options{Host: "127.0.0.1", Rows: b.rows, Lanes: true, MaxConns: 600, Patience: 10 * time.Second})
	t.Cleanup(apps.Close)
	o := gateway.Options{
		Base: gateway.Base{Scheme: "http", Domain: "preview.localhost", Port: 8080}, Secret: secret,
		Rows: b.rows, Uses: b.rows, Apps: apps, Problems: &problem.Renderer{Log: entry}, Log: entry,
	}
	for _, f := range change {
		f(&o)
	}
	b.gate, b.base, b.links = gateway.New(o), o.Base, gateway.NewLinks(o.Base, o.Secret)
	b.serve(entry)
	return b
}

func (b *bed) serve(log *logrus.Entry) {
	api := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "the API") })
	server, said := routes.NewServer(context.Background(), b.gate.Before(api), log)
	b.front = httptest.NewUnstartedServer(nil)
	b.front.Config = server
	b.front.Start()
	changes, unsubscribe := b.bus.Subscribe("")
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		b.gate.Run(context.Background(), changes)
	}()
	b.Cleanup(func() {
		unsubscribe()
		<-ended
		_ = b.gate.Close()
		b.front.Close()
		_ = said.Close()
	})
}

func https(o *gateway.Options) {
	o.Base = gateway.Base{Scheme: "https", Domain: "preview.example"}
	o.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
}

// app runs an app behind the host one.
func (b *bed) app(h http.HandlerFunc) preview.Preview { return b.appAt(one, h) }

func (b *bed) appAt(host string, h http.HandlerFunc) preview.Preview {
	b.Helper()
	server := httptest.NewServer(h)
	b.Cleanup(server.Close)
	return b.runs(host, server.Listener.Addr())
}

func (b *bed) runs(host string, addr net.Addr) preview.Preview {
	b.Helper()
	_, text, err := net.SplitHostPort(addr.String())
	b.check(err)
	port, err := strconv.Atoi(text)
	b.check(err)
	p := preview.Preview{
		ID: "id-" + host, Host: host, Status: preview.Running, Port: port,
		SessionTokenHash: preview.HashSessionToken(token), TokenExpiry: time.Now().Add(time.Hour),
	}
	b.rows.set(p)
	return p
}

func (b *bed) check(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// request is one for a path of a host, with pairs of headers. The session token is among them, where with says so.
func (b *bed) request(method, host, path string, body io.Reader, headers ...string) *http.Request {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), method, b.front.URL+path, body)
	b.check(err)
	r.Host = host + "." + b.base.Domain + ":8080"
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) code() string {
	var p struct {
		Code string `json:"error_code"`
	}
	_ = json.Unmarshal([]byte(a.body), &p)
	return p.Code
}

func (b *bed) send(r *http.Request) answer {
	b.Helper()
	resp, err := (&http.Transport{DisableKeepAlives: true, DisableCompression: true}).RoundTrip(r)
	b.check(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	b.check(err)
	return answer{resp.StatusCode, resp.Header, string(body)}
}

// get asks the host one with the session token and pairs of headers.
func (b *bed) get(path string, headers ...string) answer {
	b.Helper()
	return b.send(b.request(http.MethodGet, one, path, nil, append([]string{"X-Preview-Token", token}, headers...)...))
}

// visit asks the host one without a token.
func (b *bed) visit(path string, headers ...string) answer {
	b.Helper()
	return b.send(b.request(http.MethodGet, one, path, nil, headers...))
}

// eventually polls a condition until it holds.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
		if ok() {
			return
		}
		<-time.After(5 * time.Millisecond)
	}
	t.Fatal("never: " + what)
}

// pairOf is the name and value of a Set-Cookie line.
func pairOf(line string) string {
	pair, _, _ := strings.Cut(line, ";")
	return pair
}

func hello(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") }

// headers tells the app's view of a request as JSON.
func headers(w http.ResponseWriter, r *http.Request) {
	r.Header.Set("Host", r.Host)
	r.Header.Set("Uri", r.RequestURI)
	_ = json.NewEncoder(w).Encode(r.Header)
}

func (b *bed) seen(a answer) http.Header {
	b.Helper()
	h := http.Header{}
	if err := json.Unmarshal([]byte(a.body), &h); err != nil {
		b.Fatalf("%d %s", a.status, a.body)
	}
	return h
}
