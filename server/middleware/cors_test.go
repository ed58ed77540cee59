package middleware

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const page = "https://app.example.com"

// served is the answer of an API with CORS to a request with pairs of headers.
func served(t *testing.T, origins []string, method string, headers ...string) *http.Response {
	t.Helper()
	h := CORS(origins)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Add("Vary", "Accept-Encoding")
		w.WriteHeader(http.StatusTeapot)
	}))
	rec, r := httptest.NewRecorder(), httptest.NewRequest(method, "/", nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	h.ServeHTTP(rec, r)
	return rec.Result()
}

func preflight(t *testing.T, origins []string, origin, method, headers string) *http.Response {
	t.Helper()
	pairs := []string{"Origin", origin, "Access-Control-Request-Method", method}
	if headers != "" {
		pairs = append(pairs, "Access-Control-Request-Headers", headers)
	}
	return served(t, origins, http.MethodOptions, pairs...)
}

func TestPreflight(t *testing.T) {
	const all = "authorization,content-type,last-event-id,x-preview-token,x-request-id" // in the order browsers send them
	tests := []struct {
		name                    string
		origins                 []string
		origin, method, headers string
		allowed, credentials    bool
	}{
		{"get", []string{page}, page, "GET", "authorization", true, true},
		{"put", []string{page}, page, "PUT", all, true, true},
		{"post", []string{page}, page, "POST", all, true, true},
		{"delete", []string{page}, page, "DELETE", all, true, true},
		{"head", []string{page}, page, "HEAD", "", true, true},
		{"one of two", []string{"http://localhost:5173", page}, page, "PUT", all, true, true},
		{"any", []string{"*"}, page, "PUT", all, true, false},
		{"any beside one", []string{page, "*"}, page, "PUT", all, true, false},
		{"any, of a sandbox", []string{"*"}, "null", "PUT", all, true, false},

		{"another origin", []string{page}, "https://evil.example", "GET", "", false, false},
		{"another scheme", []string{page}, "http://app.example.com", "GET", "", false, false},
		{"another port", []string{page}, page + ":8443", "GET", "", false, false},
		{"a name that begins alike", []string{page}, page + ".evil.example", "GET", "", false, false},
		{"a name that ends alike", []string{page}, "https://evil-app.example.com", "GET", "", false, false},
		{"a sandbox", []string{page}, "null", "GET", "", false, false},
		{"a method of no route", []string{page}, page, "PATCH", "", false, false},
		{"a header of no route", []string{page}, page, "GET", "x-forwarded-for", false, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			resp := preflight(t, test.origins, test.origin, test.method, test.headers)
			h := resp.Header
			if resp.StatusCode != http.StatusNoContent {
				t.Errorf("status %d: it went on to the API", resp.StatusCode)
			}
			if vary := strings.Join(h.Values("Vary"), ","); !strings.Contains(vary, "Origin") || !strings.Contains(vary, "Access-Control-Request-Method") {
				t.Errorf("Vary %q", vary)
			}
			want := test.origin
			if test.allowed && !test.credentials {
				want = "*"
			}
			if got := h.Get("Access-Control-Allow-Origin"); test.allowed && got != want || !test.allowed && got != "" {
				t.Errorf("allowed origin %q", got)
			}
			if got := h.Get("Access-Control-Allow-Credentials") == "true"; got != test.credentials {
				t.Errorf("credentials %v", got)
			}
			if !test.allowed {
				return
			}
			if h.Get("Access-Control-Allow-Methods") != test.method || h.Get("Access-Control-Allow-Headers") != test.headers || h.Get("Access-Control-Max-Age") != "7200" {
				t.Error(h)
			}
		})
	}
}

func TestAnswersAcrossOrigins(t *testing.T) {
	resp := served(t, []string{page}, http.MethodGet, "Origin", page)
	if resp.StatusCode != http.StatusTeapot || resp.Header.Get("Access-Control-Allow-Origin") != page || resp.Header.Get("Access-Control-Allow-Credentials") != "true" {
		t.Error(resp.StatusCode, resp.Header)
	}
	if got := resp.Header.Get("Access-Control-Expose-Headers"); got != "X-Request-Id, X-Ratelimit-Limit, X-Ratelimit-Remaining, X-Ratelimit-Reset, Retry-After" {
		t.Errorf("exposed: %q", got)
	}
	if vary := strings.Join(resp.Header.Values("Vary"), ","); vary != "Origin,Accept-Encoding" {
		t.Errorf("Vary %q", vary)
	}
	resp = served(t, []string{"*"}, http.MethodGet, "Origin", page)
	if resp.Header.Get("Access-Control-Allow-Origin") != "*" || resp.Header.Get("Access-Control-Allow-Credentials") != "" {
		t.Error(resp.Header)
	}
	for name, resp := range map[string]*http.Response{
		"another origin":   served(t, []string{page}, http.MethodGet, "Origin", "https://evil.example"),
		"nobody's origin":  served(t, []string{page}, http.MethodGet),
		"none is allowed":  served(t, nil, http.MethodGet, "Origin", page),
		"no preflight":     served(t, []string{page}, http.MethodOptions),
		"none to ask":      preflight(t, nil, page, "GET", ""),
		"an empty setting": preflight(t, []string{}, page, "GET", ""),
	} {
		if resp.StatusCode != http.StatusTeapot || resp.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: %d %v", name, resp.StatusCode, resp.Header)
		}
	}
}

func TestLocalOnlyTrusts(t *testing.T) {
	const front = "http://localhost:5173"
	through := func(trusted []string, host string, headers ...string) bool {
		h := LocalOnly(newProblems(), trusted...)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
		rec, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/", nil)
		r.Host = host
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		h.ServeHTTP(rec, r)
		return rec.Code == http.StatusNoContent
	}
	if !through([]string{front}, "127.0.0.1:8080", "Origin", front, "Sec-Fetch-Site", "cross-site") {
		t.Error("an allowed origin is refused")
	}
	for name, let := range map[string]bool{
		"another origin":              through([]string{front}, "127.0.0.1:8080", "Origin", "http://localhost:3001", "Sec-Fetch-Site", "same-site"),
		"without an origin":           through([]string{front}, "127.0.0.1:8080", "Sec-Fetch-Site", "cross-site"),
		"a forged name":               through([]string{front}, "evil.example:8080", "Origin", front),
		"any origin":                  through([]string{"*"}, "127.0.0.1:8080", "Origin", front, "Sec-Fetch-Site", "cross-site"),
		"any origin, as it is":        through([]string{"*"}, "127.0.0.1:8080", "Origin", "*", "Sec-Fetch-Site", "cross-site"),
		"a sandbox where any may":     through([]string{"*", "null"}, "127.0.0.1:8080", "Origin", "null", "Sec-Fetch-Site", "cross-site"),
		"none trusted, none is local": through(nil, "127.0.0.1:8080", "Origin", front),
	} {
		if let {
			t.Errorf("%s: let through", name)
		}
	}
}
