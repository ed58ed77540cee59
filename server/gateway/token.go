package gateway

import (
	"net/http"
	"net/url"
	"strings"
)

const (
	queryName  = "__previewd_token" // always the gateway's
	shortName  = "token"            // the gateway's only where the value is one of its tokens: apps and their tools have tokens, too
	headerName = "X-Preview-Token"  // of programs, as on the request route

	sessionSize = len("sess_") + 43
)

// takeToken takes the gateway's tokens out of a query and leaves the rest of it as it is spelt. The first of them counts.
func takeToken(query string) (token, rest string) {
	if !strings.Contains(query, shortName) {
		return "", query
	}
	var kept []string
	for part := range strings.SplitSeq(query, "&") {
		value, ours := ownToken(part)
		if !ours {
			kept = append(kept, part)
		} else if token == "" {
			token = value
		}
	}
	return token, strings.Join(kept, "&")
}

func ownToken(part string) (value string, ours bool) {
	name, value, _ := strings.Cut(part, "=")
	if name != queryName && name != shortName {
		return "", false
	}
	value, err := url.QueryUnescape(value)
	if err != nil {
		return "", name == queryName
	}
	return value, name == queryName || looksOurs(value)
}

func looksOurs(value string) bool {
	if strings.HasPrefix(value, "sess_") {
		return len(value) == sessionSize
	}
	return strings.HasPrefix(value, sharePrefix) && len(value) > len(sharePrefix)+40
}

// withoutToken is where a browser goes on that has shown its token: to the same path and query without it. The target names no host
// and cannot be read as naming one.
func withoutToken(r *http.Request, rest string) string {
	path := r.URL.EscapedPath()
	if strings.HasPrefix(path, "//") {
		path = "/." + path
	}
	if !strings.HasPrefix(path, "/") {
		path = "/"
	}
	if rest != "" {
		path += "?" + rest
	}
	return path
}
