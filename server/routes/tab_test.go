package routes

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sirupsen/logrus"
	logtest "github.com/sirupsen/logrus/hooks/test"

	"previewd/server/api"
	"previewd/server/problem"
	"previewd/server/tab"
)

// The page has addresses of its own and a policy of its own; its assets ask for no token either.
func TestTab(t *testing.T) {
	log, _ := logtest.NewNullLogger()
	entry := logrus.NewEntry(log)
	files := fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}, "assets/a-1.js": {Data: []byte("x")}}
	h := New(Options{API: api.New(api.Options{Log: entry}), Tab: tab.New(files, "http://*.p.test:*"), Problems: &problem.Renderer{Log: entry}, Log: entry})
	for path, want := range map[string]string{
		"/": "text/html", "/previews/notes-42": "text/html", "/previews/notes-42?pane=logs": "text/html", "/assets/a-1.js": "text/javascript",
		"/assets/b-2.js": problem.ContentType, "/assets/..%2Findex.html": problem.ContentType, "/index.html": problem.ContentType,
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if got := w.Header().Get("Content-Type"); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %d %s, want %s", path, w.Code, got, want)
		}
		policy := w.Header().Get("Content-Security-Policy")
		if page := want == "text/html"; strings.Contains(policy, "frame-src 'self' http://*.p.test:*") != page {
			t.Errorf("%s: policy %q", path, policy)
		}
	}
}
