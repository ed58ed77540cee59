package routes

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	domain "previewd/runtime/preview"
	"previewd/server/api"
	"previewd/server/openapi"
)

const front = "https://app.example.com"

// spent is a limit that is used up.
type spent struct{}

func (spent) Take(context.Context, string) (domain.Budget, error) {
	none := &domain.RateError{Of: "things", Rate: domain.Rate{Most: 1, Per: time.Hour}}
	return none.Budget(), none
}

func across(h http.Handler, method, path string, headers ...string) *http.Response {
	rec, r := httptest.NewRecorder(), httptest.NewRequest(method, path, nil)
	r.Host = "localhost"
	r.Header.Set("Origin", front)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	h.ServeHTTP(rec, r)
	return rec.Result()
}

// TestPreflightsOfEveryRoute come without a token and are answered before anybody looks for one, or counts.
func TestPreflightsOfEveryRoute(t *testing.T) {
	h, _ := newRoutesOf(t, func(o *Options) {
		o.Origins, o.Limits = []string{front}, Limits{Launches: spent{}, Status: spent{}, Endpoints: spent{}, Uploads: spent{}}
	})
	for _, r := range table(&api.API{}, openapi.NewSite()) {
		path := strings.ReplaceAll(r.path, "{"+api.GenerationID+"}", "g1")
		resp := across(h, http.MethodOptions, path, "Access-Control-Request-Method", r.method, "Access-Control-Request-Headers", "authorization,content-type")
		if resp.StatusCode != 204 || resp.Header.Get("Access-Control-Allow-Origin") != front || resp.Header.Get("Access-Control-Allow-Methods") != r.method {
			t.Errorf("%s %s: %d %v", r.method, path, resp.StatusCode, resp.Header)
		}
		if resp.Header.Get("X-RateLimit-Limit") != "" || resp.Header.Get("X-Request-ID") == "" {
			t.Errorf("%s %s: %v", r.method, path, resp.Header)
		}
	}
}

// TestErrorsAreReadableAcrossOrigins matters because a front end shows them.
func TestErrorsAreReadableAcrossOrigins(t *testing.T) {
	h, _ := newRoutesOf(t, func(o *Options) { o.Origins = []string{front} })
	for _, test := range []struct {
		method, path string
		want         int
	}{{"GET", "/api/v1/previews", 401}, {"GET", "/nowhere", 404}, {"POST", "/livez", 405}, {"OPTIONS", "/livez", 405}, {"GET", "/livez", 200}} {
		resp := across(h, test.method, test.path)
		if resp.StatusCode != test.want || resp.Header.Get("Access-Control-Allow-Origin") != front || !strings.Contains(resp.Header.Get("Access-Control-Expose-Headers"), "Retry-After") {
			t.Errorf("%s %s: %d %v", test.method, test.path, resp.StatusCode, resp.Header)
		}
	}
}

func TestInsecureLetsAllowedOriginsIn(t *testing.T) {
	h, _ := newRoutesOf(t, func(o *Options) { o.Origins, o.Insecure = []string{front}, true })
	foreign := []string{"Sec-Fetch-Site", "cross-site"}
	if resp := across(h, http.MethodPost, "/nowhere", foreign...); resp.StatusCode != 404 || resp.Header.Get("Access-Control-Allow-Origin") != front {
		t.Error(resp.StatusCode, resp.Header)
	}
	resp := across(h, http.MethodPost, "/nowhere", append(foreign, "Origin", "https://evil.example")...)
	if resp.StatusCode != 403 || resp.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Error(resp.StatusCode, resp.Header)
	}
}
