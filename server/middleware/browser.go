package middleware

import (
	"net"
	"net/http"
	"net/netip"
	"strings"

	"previewd/server/problem"
)

// LocalOnly stands where no token is asked for. Then a browser's other pages, the previews among them, could act
// as the user: it refuses their requests, and names that lead here by a forged DNS answer. Pages of the trusted
// origins may. What is no origin, "*" above all, is trusted by nobody.
func LocalOnly(problems *problem.Renderer, trusted ...string) func(http.Handler) http.Handler {
	origins := http.NewCrossOriginProtection()
	for _, origin := range trusted {
		if err := origins.AddTrustedOrigin(origin); err != nil {
			problems.Log.WithField("err", err).Warn("not an origin: its pages are refused")
		}
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := origins.Check(r); err != nil {
				problems.Write(w, r, problem.New(problem.PermissionDenied, "Requests of other origins need a token; none is configured.").Because(err))
				return
			}
			if !localName(r.Host) {
				problems.Write(w, r, problem.New(problem.PermissionDenied, "Without tokens the API is reached by address, as localhost or by a name without dots."))
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// localName reports whether no outsider can point the host's name here: addresses, localhost and names without
// dots, which only a local resolver knows.
func localName(hostport string) bool {
	host := hostport
	if name, _, err := net.SplitHostPort(hostport); err == nil {
		host = name
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	return !strings.Contains(host, ".") || strings.HasSuffix(host, ".localhost")
}
