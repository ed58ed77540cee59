package tab

import (
	"bytes"
	"compress/gzip"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"previewd/server/problem"
)

func built(t *testing.T) fstest.MapFS {
	t.Helper()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write([]byte("script()"))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{
		"index.html":             {Data: []byte("<!doctype html>")},
		"assets/index-abc.js":    {Data: []byte("script()")},
		"assets/index-abc.js.gz": {Data: packed.Bytes()},
		"secret.txt":             {Data: []byte("no asset")},
	}
}

func ask(t *testing.T, handle func(http.ResponseWriter, *http.Request) error, asset string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.SetPathValue(Asset, asset)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	if err := handle(w, r); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestIndexIsAskedForEachTime(t *testing.T) {
	s := New(built(t), Frames("preview.localhost", "127.0.0.1")...)
	w := ask(t, s.Index, "")
	tag := w.Header().Get("ETag")
	if w.Body.String() != "<!doctype html>" || w.Header().Get("Cache-Control") != "no-cache" || tag == "" {
		t.Errorf("%v %q", w.Header(), w.Body)
	}
	if got := w.Header().Get("Content-Type"); got != "text/html; charset=utf-8" {
		t.Errorf("content type %q", got)
	}
	if w := ask(t, s.Index, "", "If-None-Match", tag); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("%d %q", w.Code, w.Body)
	}
}

func TestPolicyNamesThePreviews(t *testing.T) {
	s := New(built(t), Frames("preview.localhost", "127.0.0.1")...)
	got := ask(t, s.Index, "").Header().Get("Content-Security-Policy")
	for _, want := range []string{
		"script-src 'self';", "style-src 'self';", "connect-src 'self';", "frame-ancestors 'none'",
		"frame-src 'self' http://*.preview.localhost:* https://*.preview.localhost:* http://127.0.0.1:*;",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
	if strings.Contains(got, "unsafe") {
		t.Errorf("unsafe: %q", got)
	}
}

func TestAssetIsKeptForEver(t *testing.T) {
	s := New(built(t))
	plain := ask(t, s.Asset, "index-abc.js")
	if plain.Body.String() != "script()" || plain.Header().Get("Content-Encoding") != "" {
		t.Errorf("%v %q", plain.Header(), plain.Body)
	}
	for name, want := range map[string]string{
		"Cache-Control": "public, max-age=31536000, immutable", "Content-Type": "text/javascript; charset=utf-8", "Vary": "Accept-Encoding",
	} {
		if got := plain.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	packed := ask(t, s.Asset, "index-abc.js", "Accept-Encoding", "gzip, br")
	if packed.Header().Get("Content-Encoding") != "gzip" || bytes.Equal(packed.Body.Bytes(), plain.Body.Bytes()) {
		t.Errorf("%v %q", packed.Header(), packed.Body)
	}
}

func TestOnlyAssetsAreServed(t *testing.T) {
	s := New(built(t))
	for _, name := range []string{"nothing.js", "../secret.txt", "..", "", "/etc/passwd"} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.SetPathValue(Asset, name)
		w := httptest.NewRecorder()
		var p *problem.Error
		if err := s.Asset(w, r); !errors.As(err, &p) || p.Code != problem.NotFound {
			t.Errorf("%q: %v", name, err)
		}
		if got := w.Header().Get("Cache-Control"); got != "no-store" {
			t.Errorf("%q may be kept: %q", name, got)
		}
	}
}
