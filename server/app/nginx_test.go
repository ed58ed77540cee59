package app_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/runtime/source"
)

const behindNginx = "preview.example.com"

// nginx is the real one, with the configuration that operators are given, but for its ports, its certificate and where previewd is.
type nginx struct {
	t           testing.TB
	plain, tls  string // addresses
	certificate *x509.Certificate
	said        *output
}

func freeAddr(t testing.TB) string {
	t.Helper()
	l := listen(t, "127.0.0.1:0")
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// startNginx puts it before previewd until the test ends. change replaces text of the configuration, such as to break it.
func startNginx(t testing.TB, addr string, api string, change ...string) *nginx {
	t.Helper()
	n := &nginx{t: t, plain: freeAddr(t), tls: addr, said: &output{}}
	dir := t.TempDir()
	n.certify(filepath.Join(dir, "fullchain.pem"), filepath.Join(dir, "privkey.pem"))
	text, err := os.ReadFile("../../deploy/nginx/previewd.conf")
	if err != nil {
		t.Fatal(err)
	}
	change = append([]string{
		"listen 80;", "listen " + n.plain + ";", "listen 443 ssl", "listen " + n.tls + " ssl",
		"server 127.0.0.1:8080;", "server " + strings.TrimPrefix(api, "http://") + ";", "/etc/letsencrypt/live/preview.example.com", dir,
	}, change...)
	for i := 0; i < len(change); i += 2 {
		if !strings.Contains(string(text), change[i]) {
			t.Fatalf("the configuration has no %q", change[i])
		}
		text = []byte(strings.ReplaceAll(string(text), change[i], change[i+1]))
	}
	main := fmt.Sprintf("daemon off; user root; pid %[1]s/pid; error_log stderr; events {}\nhttp { access_log off; client_body_temp_path %[1]s/body;"+
		" proxy_temp_path %[1]s/proxy; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;\n%[2]s}\n", dir, text)
	if os.Geteuid() != 0 {
		main = strings.Replace(main, "user root;", "", 1)
	}
	config := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(config, []byte(main), 0o600); err != nil {
		t.Fatal(err)
	}
	program, err := exec.LookPath("nginx")
	if err != nil {
		program = "/usr/sbin/nginx" // where it is on no user's PATH but root's
	}
	cmd := exec.Command(program, "-p", dir, "-c", config)
	cmd.Stderr = n.said
	if err := cmd.Start(); err != nil {
		t.Fatalf("nginx: %v (scripts/setup --dev installs it)", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	})
	if !eventually(startPatience, func() bool {
		conn, err := net.Dial("tcp", n.tls)
		return err == nil && conn.Close() == nil
	}) {
		t.Fatalf("nginx does not listen:\n%s", n.said)
	}
	return n
}

// certify makes a certificate for the domain and all below it.
func (n *nginx) certify(certPath, keyPath string) {
	n.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		n.t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{behindNginx, "*." + behindNginx},
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		n.t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		n.t.Fatal(err)
	}
	if n.certificate, err = x509.ParseCertificate(der); err != nil {
		n.t.Fatal(err)
	}
	for path, block := range map[string]*pem.Block{certPath: {Type: "CERTIFICATE", Bytes: der}, keyPath: {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			n.t.Fatal(err)
		}
	}
}

func (n *nginx) trust() *tls.Config {
	roots := x509.NewCertPool()
	roots.AddCert(n.certificate)
	return &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
}

// transport finds every host name at nginx, whose certificate it checks, and speaks HTTP/2 as browsers do.
func (n *nginx) transport() *http.Transport {
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		to := n.tls
		if strings.HasSuffix(address, ":80") {
			to = n.plain
		}
		return (&net.Dialer{}).DialContext(ctx, network, to)
	}
	t := &http.Transport{DialContext: dial, TLSClientConfig: n.trust(), ForceAttemptHTTP2: true}
	n.t.Cleanup(t.CloseIdleConnections)
	return t
}

// proxied is an app that is asked for what proxies get wrong.
var proxied = map[string]string{"server.js": `
const http = require('http')
let events
const server = http.createServer((q, a) => {
  const [, what, word] = q.url.split('/')
  if (what === 'events') { a.writeHead(200, {'Content-Type': 'text/event-stream'}); a.write('data: first\n\n'); events = a; return }
  if (what === 'event') { events.write('data: ' + word + '\n\n'); return a.end() }
  if (what === 'say') { console.log(word); return a.end() }
  if (what === 'headers') return a.end(JSON.stringify(q.headers))
  let n = 0
  q.on('data', d => n += d.length).on('end', () => a.end(String(n)))
})
server.on('upgrade', (q, socket) => {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  socket.pipe(socket)
})
server.listen(process.env.PORT)`}

// TestBehindNginx speaks to previewd and to an app through nginx as it is documented: uploads, log streams, apps' streams, WebSockets.
func TestBehindNginx(t *testing.T) {
	t.Parallel()
	addr := freeAddr(t)
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, settings(t, 2, "PREVIEW_BASE_DOMAIN="+behindNginx, "PREVIEW_BASE_SCHEME=https", "PREVIEW_BASE_PORT="+port, "PREVIEW_TRUSTED_PROXIES=127.0.0.1"))
	n := startNginx(t, addr, s.api)
	outside := &service{t: t, api: "https://" + net.JoinHostPort(behindNginx, port)}
	p := &project{Client: outside.plainly(t, "tester").Through(n.transport()), t: t, id: generationName(t)}
	n.uploads(p)
	launched := p.launch()
	p.settled()
	origin := strings.TrimSuffix(strings.SplitN(launched.PreviewURL, "?", 2)[0], "/")
	web := &http.Client{Transport: withToken{n.transport(), launched.SessionToken}, Timeout: startPatience}

	t.Run("the app sees the browser's address", func(t *testing.T) {
		if headers := n.body(web, origin+"/headers"); !strings.Contains(headers, `"x-forwarded-proto":"https"`) || !strings.Contains(headers, `"host":"`+strings.TrimPrefix(origin, "https://")+`"`) {
			t.Error(headers)
		}
	})
	t.Run("a large body goes through", func(t *testing.T) {
		resp, err := web.Post(origin+"/upload", "application/octet-stream", bytes.NewReader(make([]byte, 40<<20)))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		if got, err := io.ReadAll(resp.Body); err != nil || string(got) != fmt.Sprint(40<<20) {
			t.Errorf("the app got %s bytes, %s, %v", got, resp.Status, err)
		}
	})
	t.Run("an app's events come one by one", func(t *testing.T) { n.events(web, origin) })
	t.Run("log lines come one by one", func(t *testing.T) {
		lines := make(chan string, 100)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go func() { _ = p.Stream(ctx, p.id, launched.ID, 0, func(l preview.LogLine) { lines <- l.Message }) }()
		for _, word := range []string{"one", "two", "three"} {
			n.body(web, origin+"/say/"+word)
			for line := ""; line != word; {
				select {
				case line = <-lines:
				case <-time.After(startPatience):
					t.Fatalf("the line %q does not come", word)
				}
			}
		}
	})
	t.Run("WebSockets are passed on", func(t *testing.T) { n.echoes(origin, launched.SessionToken) })
	t.Run("http leads to https", func(t *testing.T) {
		resp, err := n.transport().RoundTrip(mustGet(t, "http://"+behindNginx+"/docs?x=1"))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		if to := resp.Header.Get("Location"); resp.StatusCode != http.StatusPermanentRedirect || to != "https://"+behindNginx+"/docs?x=1" {
			t.Errorf("%s to %s", resp.Status, to)
		}
	})
}

// TestWhatNginxDoesUntold produces the symptoms that docs/operations.md names, with the lines that keep them away left out.
func TestWhatNginxDoesUntold(t *testing.T) {
	t.Parallel()
	addr := freeAddr(t)
	_, port, _ := net.SplitHostPort(addr)
	s := start(t, settings(t, 2, "PREVIEW_BASE_DOMAIN="+behindNginx, "PREVIEW_BASE_SCHEME=https", "PREVIEW_BASE_PORT="+port))
	n := startNginx(t, addr, s.api, "client_max_body_size 0;", "", "proxy_read_timeout      1h;", "proxy_read_timeout 1s;",
		"proxy_set_header Upgrade           $http_upgrade;", "")
	outside := &service{t: t, api: "https://" + net.JoinHostPort(behindNginx, port)}
	p := &project{Client: outside.plainly(t, "tester").Through(n.transport()), t: t, id: generationName(t)}
	if _, err := p.PutGeneration(t.Context(), p.id, "tests", make([]byte, 2<<20)); err == nil || !strings.Contains(err.Error(), "413") {
		t.Errorf("an upload of 2 MB: %v", err)
	}
	talks := s.uploadFiles(t, proxied)
	launched := talks.launch()
	talks.settled()
	origin := strings.TrimSuffix(strings.SplitN(launched.PreviewURL, "?", 2)[0], "/")
	web := &http.Client{Transport: withToken{n.transport(), launched.SessionToken}, Timeout: startPatience}
	resp, err := web.Get(origin + "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if _, err := io.ReadAll(resp.Body); err == nil {
		t.Error("a silent stream ended as if it were complete")
	}
	if status, _ := n.upgrade(origin, launched.SessionToken); strings.Contains(status, "101") {
		t.Errorf("a WebSocket: %s", status)
	}
	hostless := startNginx(t, freeAddr(t), s.api, "proxy_set_header Host              $http_host;", "")
	web.Transport = withToken{hostless.transport(), launched.SessionToken}
	if answer := hostless.body(web, origin+"/headers"); strings.Contains(answer, "x-forwarded") {
		t.Errorf("without the host's name the app answers %s", answer)
	}
}

// withToken shows a preview's session token, as programs do.
type withToken struct {
	http.RoundTripper
	token string
}

func (w withToken) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("X-Preview-Token", w.token)
	return w.RoundTripper.RoundTrip(r)
}

func mustGet(t testing.TB, address string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// uploads stores the app beside a file of 20 MB that nothing makes smaller.
func (n *nginx) uploads(p *project) {
	n.t.Helper()
	noise := make([]byte, 20<<20)
	_, _ = rand.Read(noise)
	tree, err := source.FromFiles(map[string]source.File{"server.js": {Content: []byte(proxied["server.js"])}, "noise": {Content: noise}}, source.Limits{})
	if err != nil {
		n.t.Fatal(err)
	}
	archive, err := tree.Archive()
	if err != nil {
		n.t.Fatal(err)
	}
	if _, err := p.PutGeneration(n.t.Context(), p.id, "tests", archive); err != nil {
		n.t.Fatalf("upload of %d bytes: %v\n%s", len(archive), err, n.said)
	}
}

func (n *nginx) body(web *http.Client, address string) string {
	n.t.Helper()
	resp, err := web.Do(mustGet(n.t, address))
	if err != nil {
		n.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		n.t.Fatal(err)
	}
	return string(text)
}

// events asks for an event only after the one before has come.
func (n *nginx) events(web *http.Client, origin string) {
	resp, err := web.Do(mustGet(n.t, origin+"/events"))
	if err != nil {
		n.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	lines := bufio.NewScanner(resp.Body)
	for _, word := range []string{"first", "second", "third"} {
		if word != "first" {
			n.body(web, origin+"/event/"+word)
		}
		for lines.Scan() && lines.Text() != "data: "+word {
			continue
		}
	}
	if lines.Text() != "data: third" {
		n.t.Errorf("the stream ended at %q, %v", lines.Text(), lines.Err())
	}
}

// upgrade asks for a WebSocket, and returns the answer's first line and what was opened.
func (n *nginx) upgrade(origin, token string) (string, io.ReadWriter) {
	host := strings.TrimPrefix(origin, "https://")
	config := n.trust()
	config.ServerName, _, _ = net.SplitHostPort(host)
	conn, err := tls.Dial("tcp", n.tls, config)
	if err != nil {
		n.t.Fatal(err)
	}
	n.t.Cleanup(func() { _ = conn.Close() })
	_, err = fmt.Fprintf(conn, "GET /socket HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nX-Preview-Token: %s\r\n\r\n", host, token)
	if err != nil {
		n.t.Fatal(err)
	}
	answer := bufio.NewReader(conn)
	first, err := answer.ReadString('\n')
	for line := first; err == nil && strings.TrimSpace(line) != ""; {
		line, err = answer.ReadString('\n')
	}
	return first, struct {
		io.Reader
		io.Writer
	}{answer, conn}
}

func (n *nginx) echoes(origin, token string) {
	status, socket := n.upgrade(origin, token)
	if !strings.Contains(status, "101") {
		n.t.Fatalf("the answer to an upgrade is %s", status)
	}
	for _, word := range []string{"ping", "pong"} {
		if _, err := io.WriteString(socket, word); err != nil {
			n.t.Fatal(err)
		}
		got := make([]byte, len(word))
		if _, err := io.ReadFull(socket, got); err != nil || string(got) != word {
			n.t.Errorf("%q came back as %q, %v", word, got, err)
		}
	}
}
