package middleware

import (
	"net/http"

	"previewd/runtime/tracing"
)

// Trace makes a span of each request, but of those that are asked for all day.
func Trace(t *tracing.Tracer, quiet func(path string) bool) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		if t == nil {
			return next
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if quiet(r.URL.Path) {
				next.ServeHTTP(w, r)
				return
			}
			ctx, span := t.Serve(r.Context(), r)
			sw := &statusWriter{ResponseWriter: w}
			defer func() {
				span.Answered(sw.status)
				span.End()
			}()
			next.ServeHTTP(sw, r.WithContext(ctx))
		})
	}
}
