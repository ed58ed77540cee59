// Package requestid carries the id under which one request appears in answers and logs.
package requestid

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"regexp"
)

// Header is where a caller may bring an id and finds it in the answer.
const Header = "X-Request-ID"

// sane ids cannot break a log line or a header.
var sane = regexp.MustCompile(`^[A-Za-z0-9._:/+=-]{1,128}$`)

type contextKey struct{}

// Middleware takes the caller's id when it is sane and makes one otherwise.
func Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(Header)
		if !sane.MatchString(id) {
			id = newID()
		}
		w.Header().Set(Header, id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), contextKey{}, id)))
	})
}

// From returns the id of the request a context belongs to, "" outside of one.
func From(ctx context.Context) string {
	id, _ := ctx.Value(contextKey{}).(string)
	return id
}

func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never fails: it ends the program instead
	return hex.EncodeToString(b[:])
}
