package auth

import (
	"crypto/subtle"
	"net/http"
	"strings"
	"time"

	"previewd/runtime/preview"
)

const sessionPrefix = "sess_"

// LooksLikeSession reports whether a token claims to be a preview's session token.
func LooksLikeSession(token string) bool { return strings.HasPrefix(token, sessionPrefix) }

// SessionOpens reports whether the session token is one of the preview's and still valid. Only hashes are
// compared, in constant time.
func SessionOpens(token string, p preview.Preview, now time.Time) bool {
	if !LooksLikeSession(token) || len(p.SessionTokenHash) == 0 || !now.Before(p.TokenExpiry) {
		return false
	}
	shown := preview.HashSessionToken(token)
	opens := subtle.ConstantTimeCompare(shown, p.SessionTokenHash)
	for _, hash := range p.MoreSessionHashes {
		opens |= subtle.ConstantTimeCompare(shown, hash)
	}
	return opens == 1
}

// SessionToken is the session token in a request's query, "" without one. An EventSource cannot send headers.
func SessionToken(r *http.Request) string { return r.URL.Query().Get("token") }
