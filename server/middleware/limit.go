package middleware

import (
	"net/http"

	"previewd/server/auth"
	"previewd/server/problem"
	"previewd/server/ratelimit"
)

// Limit counts every request of a verified user, whatever its answer, and refuses those past the limit. It stands
// behind Authenticate: nobody can use up what is another's.
func Limit(c ratelimit.Counter, problems *problem.Renderer, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, _ := auth.From(r.Context())
		if err := ratelimit.Admit(r.Context(), w, c, who.User); err != nil {
			problems.Write(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}
