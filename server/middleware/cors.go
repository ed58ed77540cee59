package middleware

import (
	"net/http"
	"slices"

	"github.com/rs/cors"

	"previewd/server/middleware/requestid"
	"previewd/server/ratelimit"
)

// preflightAge is how many seconds a browser may remember what it was allowed: as long as any of them does.
const preflightAge = 7200

// CORS lets pages of these origins read the answers (Fetch standard, section 3.3), "*" those of any. A preflight is answered here,
// before tokens and limits: a browser sends none with it. Nothing is allowed that the API does not use.
func CORS(origins []string) func(http.Handler) http.Handler {
	if len(origins) == 0 { // which the library takes for all of them
		return func(next http.Handler) http.Handler { return next }
	}
	return cors.New(cors.Options{
		AllowedOrigins: origins,
		AllowedMethods: []string{http.MethodGet, http.MethodHead, http.MethodPut, http.MethodPost, http.MethodDelete},
		AllowedHeaders: []string{"Authorization", "Content-Type", "X-Preview-Token", requestid.Header, "Last-Event-ID"},
		ExposedHeaders: []string{
			requestid.Header, ratelimit.HeaderLimit, ratelimit.HeaderRemaining, ratelimit.HeaderReset, "Retry-After",
		},
		// Pages behind a proxy that signs people in by cookie need it; the API itself knows no cookies.
		AllowCredentials: !slices.Contains(origins, "*"),
		MaxAge:           preflightAge,
	}).Handler
}
