package static

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func site(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, body := range files {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// ask makes a request whose target is sent as it stands.
func ask(dir, method, target string, header ...string) *http.Response {
	r := httptest.NewRequest(method, "/", nil)
	r.URL.Path, r.URL.RawQuery, _ = strings.Cut(target, "?")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	NewHandler(dir).ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, resp *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestPaths(t *testing.T) {
	dir := site(t, map[string]string{
		"index.html": "home", "about.html": "about", "style.css": "css", "docs/index.html": "docs", "docs/a b.txt": "spaces",
		".env": "secret", ".git/config": "secret", "docs/.hidden": "secret", ".well-known/x.txt": "public", "empty/file.txt": "x",
		"a%2e.txt": "percent",
	})
	if err := os.WriteFile(filepath.Join(t.TempDir(), "outside"), []byte("outside"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, link := range [][2]string{{"/etc/passwd", "abs"}, {"../../../../../../etc/passwd", "rel"}, {"style.css", "inside.css"}, {"/etc", "etc"}} {
		if err := os.Symlink(link[0], filepath.Join(dir, link[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "fifo"), 0o600); err != nil {
		t.Fatal(err)
	}
	html := []string{"Accept", "text/html,*/*"}
	for _, tc := range []struct {
		target string
		header []string
		status int
		body   string
	}{
		{"/", nil, 200, "home"},
		{"/index.html", nil, 200, "home"},
		{"/about", nil, 200, "about"},
		{"/about.html", nil, 200, "about"},
		{"/style.css?v=1", nil, 200, "css"},
		{"/docs/", nil, 200, "docs"},
		{"/docs", nil, 301, ""},
		{"/docs/a b.txt", nil, 200, "spaces"},
		{"/a%2e.txt", nil, 200, "percent"},
		{"/inside.css", nil, 200, "css"},
		{"/.well-known/x.txt", nil, 200, "public"},
		{"/empty/", nil, 404, ""},
		{"/users/7", html, 200, "home"},
		{"/users/7", []string{"Accept", "application/json"}, 404, ""},
		{"/missing.js", html, 404, ""},
		{"/.env", html, 404, ""},
		{"/.git/config", html, 404, ""},
		{"/docs/.hidden", nil, 404, ""},
		{"/docs/../.env", nil, 404, ""},
		{"/../../../etc/passwd", nil, 404, ""},
		{"/abs", nil, 404, ""},
		{"/rel", nil, 404, ""},
		{"/etc/passwd", nil, 404, ""},
		{"/fifo", nil, 404, ""},
		{"/a\x00b", html, 404, ""},
		{"//evil.example/..", nil, 200, "home"},
		{"/" + strings.Repeat("x", 5000), nil, 404, ""},
	} {
		resp := ask(dir, http.MethodGet, tc.target, tc.header...)
		got := body(t, resp)
		if resp.StatusCode != tc.status || tc.status == 200 && got != tc.body || strings.Contains(got, "secret") {
			t.Errorf("%.40q: %d %q, want %d %q", tc.target, resp.StatusCode, got, tc.status, tc.body)
		}
	}
}

func TestFolderRedirectStaysHere(t *testing.T) {
	dir := site(t, map[string]string{"a/b c/index.html": "x", "evil.example/index.html": "x", "java:x/index.html": "x"})
	for target, want := range map[string]string{
		"/a/b c?q=1": "./b%20c/?q=1", "//evil.example": "./evil.example/", "/java:x": "./java:x/",
	} {
		if got := ask(dir, http.MethodGet, target).Header.Get("Location"); got != want {
			t.Errorf("%s: %s", target, got)
		}
	}
}

func TestTypes(t *testing.T) {
	files := map[string]string{
		"a.html": "text/html; charset=utf-8", "a.htm": "text/html; charset=utf-8", "a.CSS": "text/css; charset=utf-8",
		"a.mjs": "text/javascript; charset=utf-8", "a.json": "application/json", "a.webmanifest": "application/manifest+json",
		"a.md": "text/plain; charset=utf-8", "a.csv": "text/csv; charset=utf-8", "a.xml": "application/xml",
		"a.wasm": "application/wasm", "a.pdf": "application/pdf", "a.zip": "application/zip", "a.gz": "application/gzip",
		"a.svg": "image/svg+xml", "a.png": "image/png", "a.jpeg": "image/jpeg", "a.gif": "image/gif", "a.webp": "image/webp",
		"a.avif": "image/avif", "a.ico": "image/x-icon", "a.woff": "font/woff", "a.woff2": "font/woff2", "a.ttf": "font/ttf",
		"a.otf": "font/otf", "a.mp3": "audio/mpeg", "a.ogg": "audio/ogg", "a.wav": "audio/wav", "a.mp4": "video/mp4",
		"a.webm": "video/webm", "plain": "text/plain; charset=utf-8",
	}
	content := map[string]string{}
	for name := range files {
		content[name] = "words"
	}
	dir := site(t, content)
	for name, want := range files {
		resp := ask(dir, http.MethodGet, "/"+name)
		if got := resp.Header.Get("Content-Type"); got != want || resp.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestCaching(t *testing.T) {
	dir := site(t, map[string]string{"a.txt": "0123456789"})
	first := ask(dir, http.MethodGet, "/a.txt")
	tag, modified := first.Header.Get("ETag"), first.Header.Get("Last-Modified")
	if tag == "" || modified == "" || first.Header.Get("Cache-Control") != "no-cache" {
		t.Fatalf("%v", first.Header)
	}
	if got := ask(dir, http.MethodGet, "/a.txt", "If-None-Match", tag).StatusCode; got != 304 {
		t.Errorf("same tag: %d", got)
	}
	if got := ask(dir, http.MethodGet, "/a.txt", "If-Modified-Since", modified).StatusCode; got != 304 {
		t.Errorf("not modified since: %d", got)
	}
	part := ask(dir, http.MethodGet, "/a.txt", "Range", "bytes=2-4")
	if got := body(t, part); part.StatusCode != 206 || got != "234" {
		t.Errorf("range: %d %q", part.StatusCode, got)
	}
	if err := os.WriteFile(filepath.Join(dir, "a.txt"), []byte("edited"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := body(t, ask(dir, http.MethodGet, "/a.txt", "If-None-Match", tag)); got != "edited" {
		t.Errorf("after an edit: %q", got)
	}
}

func TestMethods(t *testing.T) {
	dir := site(t, map[string]string{"index.html": "home"})
	head := ask(dir, http.MethodHead, "/")
	if head.StatusCode != 200 || body(t, head) != "" || head.Header.Get("Content-Length") != "4" {
		t.Errorf("HEAD: %d %v", head.StatusCode, head.Header)
	}
	if post := ask(dir, http.MethodPost, "/"); post.StatusCode != 405 || post.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %d", post.StatusCode)
	}
}

func TestFolderThatComesLater(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "dist")
	if got := ask(dir, http.MethodGet, "/").StatusCode; got != 404 {
		t.Errorf("no folder: %d", got)
	}
	if err := os.Rename(site(t, map[string]string{"index.html": "home"}), dir); err != nil {
		t.Fatal(err)
	}
	if got := body(t, ask(dir, http.MethodGet, "/")); got != "home" {
		t.Errorf("%q", got)
	}
}

func TestServer(t *testing.T) {
	s, err := Listen("127.0.0.1:0", site(t, map[string]string{"index.html": "home"}))
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve() }()
	resp, err := http.Get(fmt.Sprintf("http://%s/", s.Addr()))
	if err != nil {
		t.Fatal(err)
	}
	if got := body(t, resp); got != "home" || s.Accepted() != 0 || s.Open() != 0 {
		t.Errorf("%q, %d accepted from loopback", got, s.Accepted())
	}
	_ = resp.Body.Close()
	if _, err := Listen(s.Addr().String(), "."); err == nil {
		t.Error("a taken address")
	}
	// A client that sends half a request does not hold the end up.
	conn, err := net.Dial("tcp", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_, _ = io.WriteString(conn, "GET / HT")
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	_ = s.Close(ctx)
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

type from struct {
	net.Conn
	ip net.IP
}

func (f from) RemoteAddr() net.Addr { return &net.TCPAddr{IP: f.ip} }

func TestCountsVisitsFromOutside(t *testing.T) {
	var s Server
	for _, ip := range []net.IP{net.IPv4(172, 17, 0, 1), net.IPv4(127, 0, 0, 1)} {
		s.count(from{ip: ip}, http.StateNew)
		s.count(from{ip: ip}, http.StateActive)
	}
	if s.Accepted() != 1 || s.Open() != 1 {
		t.Errorf("%d accepted, %d open", s.Accepted(), s.Open())
	}
	s.count(from{ip: net.IPv4(172, 17, 0, 1)}, http.StateClosed)
	if s.Open() != 0 {
		t.Errorf("%d open", s.Open())
	}
}
