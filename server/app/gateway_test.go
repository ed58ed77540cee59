package app_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/server/client"
)

// browser is what a person has: it keeps cookies, follows redirects, and finds every host at previewd's address, by https as well.
type browser struct {
	*http.Client
	t   testing.TB
	api string
}

func (s *service) browser(t testing.TB) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &browser{t: t, api: strings.TrimPrefix(s.api, "http://")}
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, b.api)
	}
	transport := &http.Transport{DialContext: dial, DialTLSContext: dial} // the proxy that would speak TLS is left out
	t.Cleanup(transport.CloseIdleConnections)
	b.Client = &http.Client{Jar: jar, Transport: transport, Timeout: patience}
	return b
}

// seen is an answer and the address it came from.
type seen struct {
	status int
	header http.Header
	body   string
	at     *url.URL
}

func (b *browser) send(method, address, contentType, body string, headers ...string) seen {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html")
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := b.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return seen{resp.StatusCode, resp.Header, string(text), resp.Request.URL}
}

func (b *browser) open(address string, headers ...string) seen {
	b.t.Helper()
	return b.send(http.MethodGet, address, "", "", headers...)
}

// settled waits until the preview runs.
func (p *project) settled() client.Status {
	p.t.Helper()
	s := p.until("settled", func(s client.Status) bool { return s.Status != preview.Starting })
	if s.Status != preview.Running {
		p.t.Fatalf("preview %s: %s %s\n%s", s.Status, s.Reason, s.Message, p.log())
	}
	return s
}

// TestGateway opens a preview as a person would, from the launch to its end.
func TestGateway(t *testing.T) {
	t.Parallel()
	s := start(t, settings(t, 4))
	p := s.upload(t, example("node-http"))
	l := p.launch()
	b := s.browser(t)
	first := b.open(l.PreviewURL)
	for first.status == http.StatusServiceUnavailable {
		if !strings.Contains(first.body, `http-equiv="refresh"`) || !strings.Contains(first.body, "booting") || first.header.Get("Retry-After") == "" {
			t.Fatal(first.header, first.body)
		}
		first = b.open(first.at.String()) // by now it has a cookie
	}
	if first.status != 200 || first.at.RawQuery != "" {
		t.Fatal(first.status, first.at, first.body)
	}
	if a := s.browser(t).open(first.at.String()); a.status != 401 || !strings.Contains(a.body, "<h1>") {
		t.Error("a stranger got", a.status, a.body)
	}
	shared, err := p.Share(t.Context(), p.id, time.Minute)
	if err != nil || time.Until(shared.ExpiresAt) > time.Minute {
		t.Fatal(shared, err)
	}
	guest := s.browser(t)
	if a := guest.open(shared.URL); a.status != 200 || a.body != first.body || a.at.String() != first.at.String() {
		t.Error("a guest got", a.status, a.at, a.body)
	}
	p.stop()
	if a := b.open(first.at.String()); a.status != http.StatusGone || !strings.Contains(a.body, "USER") {
		t.Error("after the end:", a.status, a.body)
	}
	if a := guest.open(first.at.String(), "Accept", "*/*"); a.status != http.StatusGone || strings.Contains(a.body, "USER") || !strings.Contains(a.header.Get("Content-Type"), "problem+json") {
		t.Error("a guest after the end:", a.status, a.body)
	}
}

// TestGatewayWithFrameworks runs projects as they are, by their host names: on this machine's own, and on a domain with TLS in front, which
// frameworks know nothing of.
func TestGatewayWithFrameworks(t *testing.T) {
	t.Parallel()
	for name, more := range map[string][]string{
		"localhost": nil,
		"TLS":       {"PREVIEW_BASE_SCHEME=https", "PREVIEW_BASE_DOMAIN=preview.example"},
	} {
		s := start(t, settings(t, 10, append(more, "PREVIEW_LAUNCH_CONCURRENCY=3")...))
		t.Run(name, func(t *testing.T) {
			for dir, try := range map[string]func(t *testing.T, b *browser, base string){
				"django": tryDjango, "fastapi-notes": tryFastAPI, "vite-react": tryVite, "next": tryNext,
			} {
				t.Run(dir, func(t *testing.T) {
					p := s.upload(t, example(dir))
					l := p.launch()
					p.settled()
					b := s.browser(t)
					a := b.open(l.PreviewURL)
					if a.status >= 400 && a.status != 404 {
						t.Fatalf("%d %.500s", a.status, a.body)
					}
					try(t, b, strings.TrimSuffix(p.status().PreviewURL, "/"))
				})
			}
		})
	}
}

var csrf = regexp.MustCompile(`name="csrfmiddlewaretoken" value="([^"]+)"`)

// tryDjango posts a form: Django compares Host, Origin, the cookie and the field.
func tryDjango(t *testing.T, b *browser, base string) {
	form := b.open(base + "/")
	found := csrf.FindStringSubmatch(form.body)
	if found == nil {
		t.Fatal(form.status, form.body)
	}
	if form.header.Get("X-Frame-Options") != "" {
		t.Error("it cannot be framed:", form.header)
	}
	body := url.Values{"csrfmiddlewaretoken": {found[1]}, "name": {"by the gateway"}, "price": {"1"}}.Encode()
	const media = "application/x-www-form-urlencoded"
	if a := b.send(http.MethodPost, base+"/", media, body, "Origin", base); a.status != 200 || !strings.Contains(a.body, "by the gateway") {
		t.Errorf("%d %s %.500s", a.status, a.at, a.body)
	}
	if a := b.send(http.MethodPost, base+"/", media, body, "Origin", "https://evil.example"); a.status != 403 {
		t.Error("another origin's form:", a.status)
	}
}

// tryFastAPI follows the redirect that Starlette makes an absolute one, and reads the docs.
func tryFastAPI(t *testing.T, b *browser, base string) {
	if a := b.open(base + "/api/notes/"); a.status != 200 || a.at.String() != base+"/api/notes" {
		t.Errorf("%d %s %.500s", a.status, a.at, a.body)
	}
	if a := b.open(base + "/docs"); a.status != 200 || !strings.Contains(a.body, "/openapi.json") {
		t.Errorf("%d %.500s", a.status, a.body)
	}
	var document struct{ Openapi string }
	if a := b.open(base + "/openapi.json"); json.Unmarshal([]byte(a.body), &document) != nil || document.Openapi == "" {
		t.Errorf("%d %.500s", a.status, a.body)
	}
}

var viteToken = regexp.MustCompile(`wsToken = "([^"]+)"`)

// tryVite opens the socket of the hot reload as Vite's client does: with its own token, in a parameter named like the gateway's.
func tryVite(t *testing.T, b *browser, base string) {
	if a := b.open(base + "/"); a.status != 200 || !strings.Contains(a.body, "/@vite/client") {
		t.Fatalf("%d %.500s", a.status, a.body)
	}
	found := viteToken.FindStringSubmatch(b.open(base + "/@vite/client").body)
	if found == nil {
		t.Fatal("Vite's client has no token")
	}
	if got := b.socket(base, "/?token="+found[1], "vite-hmr"); !strings.Contains(got, `"type":"connected"`) {
		t.Errorf("the socket says %q", got)
	}
}

// tryNext opens the socket of Next's hot reload.
func tryNext(t *testing.T, b *browser, base string) {
	if a := b.open(base + "/"); a.status != 200 || !strings.Contains(a.body, "<html") {
		t.Fatalf("%d %.500s", a.status, a.body)
	}
	if got := b.socket(base, "/_next/hmr", ""); !strings.Contains(got, "{") {
		t.Errorf("the socket says %q", got)
	}
}

// socket opens a WebSocket with the browser's cookies and returns the beginning of what it says.
func (b *browser) socket(base, path, protocol string) string {
	b.t.Helper()
	headers := []string{
		"Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==", "Origin", base,
	}
	if protocol != "" {
		headers = append(headers, "Sec-WebSocket-Protocol", protocol)
	}
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, base+path, http.NoBody)
	if err != nil {
		b.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	patient := *b.Client
	patient.Timeout = 0 // it would take the connection's other half away
	resp, err := patient.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusSwitchingProtocols {
		text, _ := io.ReadAll(resp.Body)
		b.t.Fatalf("%s answers %d %s", path, resp.StatusCode, text)
	}
	said := make([]byte, 4096)
	n, err := resp.Body.Read(said)
	if err != nil {
		b.t.Fatal(err)
	}
	return string(said[:n])
}
