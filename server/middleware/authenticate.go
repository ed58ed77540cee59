package middleware

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"previewd/server/auth"
	"previewd/server/problem"
)

// Verifier tells whose a token is.
type Verifier interface {
	Verify(ctx context.Context, token string) (auth.Identity, error)
}

// Authenticate lets verified callers through and puts them into the context.
func Authenticate(v Verifier, problems *problem.Renderer, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, err := v.Verify(r.Context(), bearer(r))
		if err != nil {
			problems.Write(w, r, refusal(err))
			return
		}
		recordOf(r.Context()).user = id.User
		next.ServeHTTP(w, r.WithContext(auth.With(r.Context(), id)))
	})
}

// refusal keeps a caller whose token may be good from throwing it away.
func refusal(err error) error {
	if errors.Is(err, auth.ErrKeysUnavailable) {
		return problem.New(problem.IdentityUnavailable, "").Because(err)
	}
	return problem.New(problem.InvalidToken, "").Because(err)
}

// AuthenticateOrSession is Authenticate for a route that a preview's session token opens as well. A request with
// one in its query and no bearer token passes without a caller: the handler has to check the token.
func AuthenticateOrSession(v Verifier, problems *problem.Renderer, next http.Handler) http.Handler {
	verified := Authenticate(v, problems, next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" && auth.LooksLikeSession(auth.SessionToken(r)) {
			next.ServeHTTP(w, r)
			return
		}
		verified.ServeHTTP(w, r)
	})
}

// AuthenticateIfSent verifies a bearer token where the request has one. The handler has to ask for other proof.
func AuthenticateIfSent(v Verifier, problems *problem.Renderer, next http.Handler) http.Handler {
	verified := Authenticate(v, problems, next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.Header["Authorization"]) == 0 {
			next.ServeHTTP(w, r)
			return
		}
		verified.ServeHTTP(w, r)
	})
}

// bearer is the token of the Authorization header (RFC 6750, section 2.1), "" without one.
func bearer(r *http.Request) string {
	scheme, token, found := strings.Cut(r.Header.Get("Authorization"), " ")
	if !found || !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}
