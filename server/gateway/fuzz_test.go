package gateway

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"previewd/runtime/preview"
)

func FuzzHost(f *testing.F) {
	for _, host := range []string{"p0.preview.localhost:8080", "preview.localhost", "[::1]:8080", "..preview.localhost", "a.b.preview.localhost.", "", "p0.preview.localhost:x"} {
		f.Add(host)
	}
	base := Base{Domain: "preview.localhost"}
	f.Fuzz(func(t *testing.T, host string) {
		first, ok := base.under(host)
		if ok && label.MatchString(first) && !strings.HasPrefix(strings.ToLower(host), first+".preview.localhost") {
			t.Errorf("%q is below the domain as %q", host, first)
		}
	})
}

func FuzzToken(f *testing.F) {
	token := "sess_" + strings.Repeat("a", 43)
	for _, query := range []string{"token=" + token, "a=1&token=" + token + "&b", "__previewd_token=%", "token=%73ess_", "&&token", "token=" + token + "#", "\n"} {
		f.Add("/a//b", query)
	}
	f.Fuzz(func(t *testing.T, path, query string) {
		got, rest := takeToken(query)
		if again, same := takeToken(rest); again != "" || same != rest {
			t.Errorf("%q leaves %q, in which there is %q", query, rest, again)
		}
		if got == "" && rest != query && !strings.Contains(query, queryName) {
			t.Errorf("%q became %q", query, rest)
		}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.URL = &url.URL{Path: path, RawQuery: rest}
		base, _ := url.Parse("http://host/")
		to, err := base.Parse(withoutToken(r, rest))
		if err == nil && (to.Host != "host" || to.Scheme != "http") {
			t.Errorf("%q leads to %s", path, to)
		}
	})
}

func FuzzCookies(f *testing.F) {
	for _, line := range []string{"a=1; __previewd=x", "__Host-previewd", ";;=;", "a=\"__previewd=1\"", " __previewd_framed =1"} {
		f.Add(line, line+"; Domain=preview.localhost; Path=/", true)
	}
	f.Fuzz(func(t *testing.T, line, set string, framed bool) {
		h := http.Header{"Cookie": {line}}
		hideCookies(h)
		for name := range cookies(h) {
			if ownCookie(name) {
				t.Errorf("%q keeps %q", line, name)
			}
		}
		out := http.Header{"Set-Cookie": {set}}
		appCookies(out, framed)
		for _, line := range out["Set-Cookie"] {
			_, attributes, _ := strings.Cut(line, ";")
			for attribute := range strings.SplitSeq(attributes, ";") {
				if name, _, _ := strings.Cut(attribute, "="); strings.EqualFold(strings.TrimSpace(name), "domain") {
					t.Errorf("%q keeps its domain: %q", set, line)
				}
			}
			if cookie, err := http.ParseSetCookie(line); err == nil && (cookie.Domain != "" || ownCookie(cookie.Name) || framed && !cookie.Partitioned) {
				t.Errorf("%q became %q", set, line)
			}
		}
	})
}

func FuzzGrant(f *testing.F) {
	k, now := newKeys([]byte("secret")), time.Unix(1_800_000_000, 0)
	p := preview.Preview{ID: "id", SessionTokenHash: []byte("hash"), TokenExpiry: now.Add(time.Hour)}
	good := []string{
		k.seal(forCookies, grant{kind: session, preview: "id"}, p),
		k.seal(forCookies, grant{kind: share, preview: "id", until: now.Add(time.Minute), framed: true}, p),
	}
	f.Add(good[0])
	f.Add(good[1])
	f.Add(k.seal(forCookies, grant{kind: share, preview: "id", until: now}, p))
	f.Add(k.seal(forLinks, grant{kind: share, preview: "id", until: now.Add(time.Minute)}, p))
	f.Add(k.seal(forCookies, grant{kind: share, preview: "id", until: now.Add(time.Minute)}, preview.Preview{ShareRound: 1}))
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		if _, ok := k.unseal(forCookies, text, p, now); ok != (text == good[0] || text == good[1]) {
			t.Errorf("%q: %v", text, ok)
		}
	})
}

func FuzzPolicies(f *testing.F) {
	f.Add("default-src 'self'; frame-ancestors 'none', frame-ancestors x; img-src *", "http://localhost:3001/x")
	f.Fuzz(func(t *testing.T, policy, location string) {
		for part := range strings.FieldsFuncSeq(withoutAncestors(policy), func(r rune) bool { return r == ',' || r == ';' }) {
			if words := strings.Fields(part); len(words) > 0 && strings.EqualFold(words[0], "frame-ancestors") {
				t.Errorf("%q keeps %q", policy, part)
			}
		}
		way := &passage{scheme: "https", host: "p.example", preview: preview.Preview{Port: 3001}}
		if got := way.publicly(location); got != location && !strings.HasPrefix(got, "https://p.example") {
			t.Errorf("%q became %q", location, got)
		}
	})
}
