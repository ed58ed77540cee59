package gateway

import (
	"net/http"
	"strings"
)

// ownOrigin leaves out the Origin of requests for Next's development resources that come from the preview's own pages. Next lets in pages of
// *.localhost and of hosts that the project's settings name, which know nothing of a preview's; without the header it takes a request
// for one of the same site, which these are. All else keeps it, server actions above all.
func (way *passage) ownOrigin(out *http.Request) {
	if way.preview.Framework != "next" || out.Header.Get("Origin") != way.scheme+"://"+way.host {
		return
	}
	if strings.Contains(out.URL.Path, "/_next/") || strings.Contains(out.URL.Path, "/__nextjs") {
		out.Header.Del("Origin")
	}
}
