package routes

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gorilla/mux"

	"previewd/runtime/tracing"
	"previewd/server/middleware"
	"previewd/server/middleware/requestid"
	"previewd/server/openapi"
	"previewd/server/problem"
)

// New returns the handler of the whole API.
func New(o Options) http.Handler {
	router := mux.NewRouter().SkipClean(true) // a path that is not clean is not found, rather than redirected
	router.Use(passOn)
	all := append(table(o.API, openapi.NewSite()), pages(o.Tab)...)
	for _, r := range all {
		router.Handle(r.path, o.handler(r)).Methods(r.methods()...)
	}
	router.NotFoundHandler = o.refuse(problem.NotFound)
	router.MethodNotAllowedHandler = allowing(router, o.refuse(problem.MethodNotAllowed))

	h := middleware.Recover(o.Problems)(router)
	if o.Insecure {
		h = middleware.LocalOnly(o.Problems, o.Origins...)(h)
	}
	h = middleware.CORS(o.Origins)(h)
	h = middleware.SecurityHeaders(h)
	h = middleware.Access(o.Log, isProbe)(h)
	h = requestid.Middleware(h)
	return middleware.Trace(o.Traces, isWatch)(h)
}

// passOn gives handlers the path's values in the standard library's way, so that they need not know the router.
func passOn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range mux.Vars(r) {
			r.SetPathValue(name, value)
		}
		if template, err := mux.CurrentRoute(r).GetPathTemplate(); err == nil {
			middleware.SetRoute(r.Context(), template)
			tracing.Of(r.Context()).Routed(r, template)
		}
		next.ServeHTTP(w, r)
	})
}

func (o Options) refuse(code problem.Code) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.Problems.Write(w, r, problem.New(code, ""))
	})
}

// allowing adds the header that RFC 9110, section 15.5.6, asks for.
func allowing(router *mux.Router, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", strings.Join(methodsOf(router, r), ", "))
		next.ServeHTTP(w, r)
	})
}

// methodsOf lists the methods under which the request's path would be found.
func methodsOf(router *mux.Router, r *http.Request) []string {
	var allowed []string
	for _, method := range []string{http.MethodDelete, http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut} {
		probe := r.Clone(r.Context())
		probe.Method = method
		var match mux.RouteMatch
		if router.Match(probe, &match) && match.MatchErr == nil {
			allowed = append(allowed, method)
		}
	}
	return allowed
}

var probes = []string{"/livez", "/readyz", "/healthz"}

func isProbe(path string) bool { return slices.Contains(probes, path) }

// isWatch tells what looks after previewd itself, and would be most of all traces.
func isWatch(path string) bool { return isProbe(path) || path == "/metrics" }
