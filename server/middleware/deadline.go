package middleware

import (
	"context"
	"net/http"
	"time"
)

// grace is how much longer than its context a request's connection lives, so that a timeout can still be told.
const grace = 5 * time.Second

// Deadline bounds a request: its context ends after d, and a body or an answer that trickles is cut a little later.
// Zero bounds nothing, for streams and for handlers that see to it themselves.
func Deadline(d time.Duration, next http.Handler) http.Handler {
	if d == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), d)
		defer cancel()
		control, end := http.NewResponseController(w), time.Now().Add(d+grace)
		_ = control.SetReadDeadline(end) // a writer without deadlines has no connection to bound
		_ = control.SetWriteDeadline(end)
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}
