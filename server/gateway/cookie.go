package gateway

import (
	"net/http"
	"strings"
	"time"

	"previewd/runtime/preview"
)

// The gateway's cookies. Over https the name's prefix keeps siblings from setting one (RFC 6265bis, section 4.1.3.2). Over http there are
// two: a page of another site that frames the preview is given only the partitioned one by its browser, all else the plain one.
const (
	secureCookie = "__Host-previewd"
	plainCookie  = "__previewd"
	framedCookie = "__previewd_framed"
)

func ownCookie(name string) bool {
	return name == secureCookie || name == plainCookie || name == framedCookie
}

// cookieGrant is what the request's cookies grant. Siblings can add cookies of the same name over http, so the first that is
// good counts, not the first.
func (k keys) cookieGrant(h http.Header, p preview.Preview, now time.Time) (grant, bool) {
	for name, value := range cookies(h) {
		if !ownCookie(name) {
			continue
		}
		if g, ok := k.unseal(forCookies, value, p, now); ok {
			return g, true
		}
	}
	return grant{}, false
}

// cookies are the pairs of a request (RFC 6265, section 5.4).
func cookies(h http.Header) func(yield func(name, value string) bool) {
	return func(yield func(string, string) bool) {
		for _, line := range h["Cookie"] {
			for pair := range strings.SplitSeq(line, ";") {
				name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
				if !yield(name, value) {
					return
				}
			}
		}
	}
}

// hideCookies leaves the app its own cookies, as they are spelt.
func hideCookies(h http.Header) {
	lines := h["Cookie"]
	if !strings.Contains(strings.Join(lines, ";"), "previewd") {
		return
	}
	h.Del("Cookie")
	for _, line := range lines {
		var kept []string
		for pair := range strings.SplitSeq(line, ";") {
			name, _, _ := strings.Cut(strings.TrimSpace(pair), "=")
			if !ownCookie(name) {
				kept = append(kept, strings.TrimSpace(pair))
			}
		}
		if len(kept) > 0 {
			h.Add("Cookie", strings.Join(kept, "; "))
		}
	}
}

// setCookies lets the browser in from now on.
func (g *Gateway) setCookies(w http.ResponseWriter, r *http.Request, what grant, p preview.Preview) {
	framed := what
	framed.framed = true
	scheme := g.scheme(r)
	if scheme == "https" {
		if inFrameOfAnotherSite(r) {
			what = framed
		}
		setCookie(w, secureCookie, g.keys.seal(forCookies, what, p), "; Secure; SameSite=None; Partitioned")
		return
	}
	setCookie(w, plainCookie, g.keys.seal(forCookies, what, p), "; SameSite=Lax")
	if g.Base.trustworthy(scheme) {
		setCookie(w, framedCookie, g.keys.seal(forCookies, framed, p), "; Secure; SameSite=None; Partitioned")
	}
}

func setCookie(w http.ResponseWriter, name, value, attributes string) {
	w.Header().Add("Set-Cookie", name+"="+value+"; Path=/; HttpOnly"+attributes)
}

// inFrameOfAnotherSite believes the browser (Fetch Metadata, sections 2.1 and 2.3).
func inFrameOfAnotherSite(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Dest") {
	case "iframe", "frame", "embed", "object", "fencedframe":
		return r.Header.Get("Sec-Fetch-Site") == "cross-site"
	}
	return false
}
