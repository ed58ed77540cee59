package middleware

import (
	"net"
	"net/http"
	"time"

	"github.com/sirupsen/logrus"

	"previewd/runtime/tracing"
	"previewd/server/middleware/requestid"
)

// Access logs each request once it is answered. The query is left out: it may hold a session token.
func Access(log *logrus.Entry, quiet func(path string) bool) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			began := time.Now()
			ctx, rec := withRecord(r.Context())
			sw := &statusWriter{ResponseWriter: w}
			defer func() {
				level := logrus.InfoLevel
				if quiet(r.URL.Path) {
					level = logrus.DebugLevel
				}
				tracing.Log(ctx, log).WithFields(fieldsOf(r, rec, sw, time.Since(began))).Log(level, "request")
			}()
			next.ServeHTTP(sw, r.WithContext(ctx))
		})
	}
}

func fieldsOf(r *http.Request, rec *record, sw *statusWriter, took time.Duration) logrus.Fields {
	status := sw.status
	if status == 0 {
		status = http.StatusOK // what the server says for a handler that said nothing
	}
	return logrus.Fields{
		"request_id":  requestid.From(r.Context()),
		"method":      r.Method,
		"path":        r.URL.Path,
		"route":       rec.route,
		"status":      status,
		"bytes":       sw.bytes,
		"duration_ms": took.Milliseconds(),
		"remote":      remoteHost(r),
		"user":        rec.user,
	}
}

func remoteHost(r *http.Request) string {
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		return host
	}
	return r.RemoteAddr
}
