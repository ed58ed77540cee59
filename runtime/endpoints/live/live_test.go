package live_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"previewd/runtime/endpoints"
	"previewd/runtime/endpoints/live"
	"previewd/runtime/endpoints/openapi"
	"previewd/runtime/preview"
	"previewd/runtime/upstream"
)

const document = `{"openapi":"3.1.0","info":{"title":"x","version":"1"},"paths":{"/items":{"get":{"responses":{"200":{"description":"x"}}}}}}`

// app is a handler that is asked without a network.
type app struct {
	http.Handler
	asked []string
	fails error
}

func (a *app) Ask(_ context.Context, _ preview.Preview, r upstream.Request, l upstream.Limits) (upstream.Answer, error) {
	a.asked = append(a.asked, r.Target)
	if a.fails != nil {
		return upstream.Answer{}, a.fails
	}
	w := httptest.NewRecorder()
	a.ServeHTTP(w, httptest.NewRequest(r.Method, r.Target, nil))
	body := w.Body.Bytes()
	return upstream.Answer{Status: w.Code, Header: w.Header(), Body: body[:min(len(body), l.Bytes)], Truncated: len(body) > l.Bytes}, nil
}

type reader struct{}

func (reader) Document(_ context.Context, text []byte) ([]endpoints.Endpoint, error) {
	return openapi.Endpoints(text)
}

func find(t *testing.T, a *app, at string, routes ...string) live.Found {
	t.Helper()
	found, err := live.Finder{Apps: a, Reader: reader{}}.Find(t.Context(), preview.Preview{}, at, routes)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// site answers paths with texts; one that begins with "-> " is a redirect.
func site(pages map[string]string) *app {
	return &app{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, ok := pages[r.URL.Path]
		to, redirects := strings.CutPrefix(text, "-> ")
		switch {
		case !ok:
			http.NotFound(w, r)
		case redirects:
			http.Redirect(w, r, to, http.StatusFound)
		default:
			_, _ = fmt.Fprint(w, text)
		}
	})}
}

func TestWhereDocumentsAre(t *testing.T) {
	tests := map[string]struct {
		pages  map[string]string
		routes []string
		at     string
	}{
		"FastAPI":              {map[string]string{"/openapi.json": document}, nil, "/openapi.json"},
		"FastAPI, moved":       {map[string]string{"/docs": `<script>const ui = SwaggerUIBundle({ url: '/v7/spec.json',`, "/v7/spec.json": document}, nil, "/v7/spec.json"},
		"springdoc":            {map[string]string{"/v3/api-docs": document}, nil, "/v3/api-docs"},
		"NestJS":               {map[string]string{"/docs-json": document}, nil, "/docs-json"},
		"swagger-ui-express":   {map[string]string{"/api-docs/": `<script src="./swagger-ui-init.js"> </script>`, "/api-docs/swagger-ui-init.js": `let options = {"swaggerDoc": ` + document + `, "customOptions": {}}`}, nil, ""},
		"swagger-initializer":  {map[string]string{"/swagger": "-> /swagger/index.html", "/swagger/index.html": `<script src="./swagger-initializer.js" charset="UTF-8">`, "/swagger/swagger-initializer.js": `SwaggerUIBundle({ url: "doc.json",`, "/swagger/doc.json": document}, nil, "/swagger/doc.json"},
		"Redoc":                {map[string]string{"/docs": `<redoc spec-url="specs/a.yaml"></redoc>`, "/specs/a.yaml": "openapi: 3.0.0\ninfo: {title: x, version: '1'}\npaths: {/items: {get: {responses: {}}}}"}, nil, "/specs/a.yaml"},
		"a route that tells":   {map[string]string{"/internal/openapi.json": document}, []string{"/", "/internal/openapi.json", "/x/{openapi}"}, "/internal/openapi.json"},
		"another host's":       {map[string]string{"/docs": `url: "https://petstore.swagger.io/v2/swagger.json"`}, nil, "none"},
		"a page for all paths": {map[string]string{"/openapi.json": "<!doctype html>openapi paths", "/swagger.json": document}, nil, "/swagger.json"},
		"nothing":              {nil, nil, "none"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			a := site(test.pages)
			found := find(t, a, "", test.routes...)
			if want := test.at != "none"; want != (len(found.Endpoints) == 1) || want && found.At != test.at {
				t.Errorf("%d endpoints at %q; asked %q", len(found.Endpoints), found.At, a.asked)
			}
			if len(a.asked) > 25 {
				t.Errorf("asked %d times", len(a.asked))
			}
		})
	}
}

func TestKnownPlace(t *testing.T) {
	a := site(map[string]string{"/spec": document})
	if found := find(t, a, "/spec"); len(found.Endpoints) != 1 || !slices.Equal(a.asked, []string{"/spec"}) {
		t.Errorf("%+v %q", found, a.asked)
	}
}

// TestNoMoreThanNeeded stops asking an app that cannot be asked, and goes on after one that is slow.
func TestNoMoreThanNeeded(t *testing.T) {
	gone := &app{fails: fmt.Errorf("x: %w", upstream.ErrNotRunning)}
	_, err := live.Finder{Apps: gone, Reader: reader{}}.Find(t.Context(), preview.Preview{}, "", nil)
	if !errors.Is(err, upstream.ErrNotRunning) || len(gone.asked) != 1 {
		t.Errorf("%v %q", err, gone.asked)
	}
	slow := &app{fails: context.DeadlineExceeded}
	if found := find(t, slow, ""); len(found.Endpoints) > 0 || len(slow.asked) < 5 {
		t.Errorf("%q", slow.asked)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (live.Finder{Apps: slow, Reader: reader{}}).Find(ctx, preview.Preview{}, "", nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestEndlessDocument(t *testing.T) {
	a := site(map[string]string{"/openapi.json": document + strings.Repeat(" ", 5<<20)})
	if found := find(t, a, "/openapi.json"); len(found.Endpoints) > 0 {
		t.Error("a cut document was read")
	}
}
