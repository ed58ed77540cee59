package gateway

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const cspName = "Content-Security-Policy"

// letFrame takes out what would keep the page that shows the preview from framing it: Django and Helmet forbid it by default. It
// guards nobody here: a page of another site that frames the preview has no cookie for it.
func letFrame(h http.Header) {
	h.Del("X-Frame-Options")
	policies := h[cspName]
	if !slices.ContainsFunc(policies, func(p string) bool { return strings.Contains(strings.ToLower(p), "frame-ancestors") }) {
		return
	}
	h.Del(cspName)
	for _, list := range policies {
		if kept := withoutAncestors(list); kept != "" {
			h.Add(cspName, kept)
		}
	}
}

// withoutAncestors leaves the directive out of each policy of a list (CSP Level 3, section 2.2).
func withoutAncestors(list string) string {
	var policies []string
	for policy := range strings.SplitSeq(list, ",") {
		var directives []string
		for directive := range strings.SplitSeq(policy, ";") {
			words := strings.Fields(directive)
			if len(words) > 0 && !strings.EqualFold(words[0], "frame-ancestors") {
				directives = append(directives, strings.TrimSpace(directive))
			}
		}
		if len(directives) > 0 {
			policies = append(policies, strings.Join(directives, "; "))
		}
	}
	return strings.Join(policies, ", ")
}

func portText(port int) string { return strconv.Itoa(port) }
