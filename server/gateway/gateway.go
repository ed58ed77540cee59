package gateway

import (
	"context"
	"net/http"
	"net/http/httputil"
	"net/netip"
	"time"

	"github.com/sirupsen/logrus"

	"previewd/runtime/preview"
	"previewd/runtime/tracing"
	"previewd/server/problem"
)

// Uses keeps previews from counting as idle.
type Uses interface {
	// Touch notes a use; of an ended preview it is a *preview.TransitionError.
	Touch(ctx context.Context, previewID string, at time.Time) error
}

// Meter is told of what goes through. It holds up every request.
type Meter interface {
	Begin()
	// End has the answer's status, 101 after a WebSocket, 0 where there was none.
	End(status int, took time.Duration)
}

// Options are what a Gateway works with. All are needed but Proxies, Meter, Traces and Now.
type Options struct {
	Base     Base
	Proxies  []netip.Prefix // whose X-Forwarded headers are believed
	Secret   []byte         // of the installation
	Rows     Rows
	Uses     Uses
	Apps     http.RoundTripper // an upstream.Pool
	Problems *problem.Renderer
	Log      *logrus.Entry
	Meter    Meter
	Traces   *tracing.Tracer  // nil makes none
	Now      func() time.Time // nil is time.Now
}

// Gateway is the handler of all hosts below the base domain. Its owner runs Run and calls Close.
type Gateway struct {
	Options
	keys      keys
	directory *directory
	visits    *visits
	proxy     *httputil.ReverseProxy
	said      closer
	slow      time.Duration
}

// slowTime is how long a visitor may take to send or take the next bytes of a body.
const slowTime = time.Minute

// New returns a Gateway.
func New(o Options) *Gateway {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Meter == nil {
		o.Meter = nobody{}
	}
	g := &Gateway{Options: o, keys: newKeys(o.Secret), directory: newDirectory(o.Rows, o.Now), visits: newVisits(), slow: slowTime}
	g.proxy, g.said = g.newProxy()
	return g
}

type nobody struct{}

func (nobody) Begin() {}

func (nobody) End(int, time.Duration) {}

// Before passes requests for previews to the gateway and all others on.
func (g *Gateway) Before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if first, ok := g.Base.under(r.Host); ok {
			g.serve(w, r, first)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// serve answers a request for the host with this first label.
func (g *Gateway) serve(w http.ResponseWriter, r *http.Request, first string) {
	if err := acceptable(r, first); err != nil {
		g.refuse(w, r, err)
		return
	}
	p, err := g.directory.find(r.Context(), first)
	if err != nil {
		g.refuse(w, r, lookupProblem(err))
		return
	}
	who, ok := g.admit(w, r, p)
	switch {
	case ok:
		g.show(w, r, p, who)
	case w.Header().Get("Location") != "": // it goes on without its token
	case ended(p):
		g.refuse(w, r, gone(p, false))
	default:
		g.refuse(w, r, problem.New(problem.InvalidSessionToken, ""))
	}
}

// admit finds out who visits. A browser that shows a token in its address is sent on without it, so that the token is neither shown nor
// told to other sites; ok is false then.
func (g *Gateway) admit(w http.ResponseWriter, r *http.Request, p preview.Preview) (who grant, ok bool) {
	now := g.Now()
	cookie, known := g.keys.cookieGrant(r.Header, p, now)
	if token := r.Header.Get(headerName); token != "" {
		return g.keys.admit(token, p, now)
	}
	token, rest := takeToken(r.URL.RawQuery)
	if token == "" {
		return cookie, known
	}
	shown, valid := g.keys.admit(token, p, now)
	if !valid && !known {
		return grant{}, false
	}
	if !visitsPage(r) {
		r.URL.RawQuery = rest
		if valid {
			return shown, true
		}
		return cookie, true
	}
	if valid {
		g.setCookies(w, r, shown, p)
	}
	ownHeaders(w.Header())
	w.Header().Set("Location", withoutToken(r, rest))
	w.WriteHeader(http.StatusSeeOther)
	return grant{}, false
}

// visitsPage tells what a redirect leads on from what it would break.
func visitsPage(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && r.Header.Get("Upgrade") == ""
}

// show lets the visitor see what there is.
func (g *Gateway) show(w http.ResponseWriter, r *http.Request, p preview.Preview, who grant) {
	switch {
	case ended(p):
		g.refuse(w, r, gone(p, who.kind == session))
	case p.Status == preview.Starting:
		g.refuse(w, r, starting(p))
	default:
		g.pass(w, r, p, who)
	}
}

func ended(p preview.Preview) bool {
	return p.Status != preview.Starting && p.Status != preview.Running
}
