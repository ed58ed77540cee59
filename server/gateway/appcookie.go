package gateway

import (
	"net/http"
	"strings"
)

// appCookies makes the app's cookies its own: none is set for a domain, which siblings are under, and none in the place of the
// gateway's. Within a frame of another site browsers keep only cookies that say they are meant for it; they are partitioned, so that no
// other site can make use of them.
func appCookies(h http.Header, framed bool) {
	lines := h["Set-Cookie"]
	if len(lines) == 0 {
		return
	}
	kept := lines[:0]
	for _, line := range lines {
		if line, ok := appCookie(line, framed); ok {
			kept = append(kept, line)
		}
	}
	if h["Set-Cookie"] = kept; len(kept) == 0 {
		h.Del("Set-Cookie")
	}
}

func appCookie(line string, framed bool) (string, bool) {
	pair, attributes, _ := strings.Cut(line, ";")
	name, _, _ := strings.Cut(pair, "=")
	if ownCookie(strings.TrimSpace(name)) {
		return "", false
	}
	out := []string{pair}
	for attribute := range strings.SplitSeq(attributes, ";") {
		switch name, _, _ := strings.Cut(attribute, "="); strings.ToLower(strings.TrimSpace(name)) {
		case "", "domain":
		case "samesite", "secure", "partitioned":
			if !framed {
				out = append(out, attribute)
			}
		default:
			out = append(out, attribute)
		}
	}
	if framed {
		out = append(out, " Secure", " SameSite=None", " Partitioned")
	}
	return strings.Join(out, ";"), true
}
