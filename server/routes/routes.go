// Package routes declares which request goes to which handler, and what it passes on its way.
package routes

import (
	"net/http"
	"time"

	"github.com/sirupsen/logrus"

	"previewd/runtime/tracing"
	"previewd/server/api"
	"previewd/server/middleware"
	"previewd/server/openapi"
	"previewd/server/problem"
	"previewd/server/tab"
)

const (
	base       = "/api/v1"
	generation = base + "/generations/{" + api.GenerationID + "}"
	preview    = generation + "/preview"

	webhookEvents = base + "/webhooks/events"
)

// How long requests may take.
const (
	quick    = 30 * time.Second
	transfer = 2 * time.Minute
	unending = 0 // the handler sees to it
)

// access says who may call a route.
type access int

const (
	users        access = iota // with a bearer token
	usersSession               // or with the preview's session token in the query
	sessions                   // with the preview's session token in a header; a bearer token is verified where there is one
	everybody
)

// route is one row of the table.
type route struct {
	method  string
	path    string
	handle  func(http.ResponseWriter, *http.Request) error
	access  access
	limit   limit
	timeout time.Duration
}

// methods adds HEAD to GET, as RFC 9110, section 9.1, wants it. A stream has no end that HEAD could wait for.
func (r route) methods() []string {
	if r.method == http.MethodGet && r.timeout != unending {
		return []string{http.MethodGet, http.MethodHead}
	}
	return []string{r.method}
}

// table is every route.
func table(a *api.API, docs *openapi.Site) []route {
	return []route{
		{http.MethodGet, base + "/generations", a.ListGenerations, users, free, quick},
		{http.MethodPut, generation, a.PutGeneration, users, uploads, transfer},
		{http.MethodGet, generation, a.GetGeneration, users, free, quick},
		{http.MethodDelete, generation, a.DeleteGeneration, users, free, transfer},
		{http.MethodGet, generation + "/files", a.ListFiles, users, free, quick},

		{http.MethodPost, preview + "/launch", a.Launch, users, launches, unending},
		{http.MethodGet, preview + "/status", a.Status, users, status, quick},
		{http.MethodDelete, preview, a.Stop, users, free, transfer},
		{http.MethodPost, preview + "/request", a.Request, sessions, free, transfer}, // its handler knows the preview it counts for
		{http.MethodPost, preview + "/extend", a.Extend, users, free, quick},
		{http.MethodPost, preview + "/session", a.RenewSession, users, free, quick},
		{http.MethodPost, preview + "/share", a.Share, users, free, quick},
		{http.MethodDelete, preview + "/share", a.RevokeShares, users, free, quick},
		{http.MethodGet, preview + "/endpoints", a.Endpoints, users, endpoints, quick},
		{http.MethodGet, preview + "/config", a.PreviewConfig, users, free, quick},
		{http.MethodGet, preview + "/logs", a.Logs, users, free, quick},
		{http.MethodGet, preview + "/logs/export", a.ExportLogs, users, free, unending},
		{http.MethodGet, preview + "/logs/stream", a.StreamLogs, usersSession, free, unending},
		{http.MethodGet, base + "/previews", a.ListPreviews, users, free, quick},

		{http.MethodGet, webhookEvents, a.ListWebhookEvents, users, free, quick}, // these three are for admins
		{http.MethodPost, webhookEvents + "/retry", a.RetryDeadWebhookEvents, users, free, quick},
		{http.MethodPost, webhookEvents + "/{" + api.EventID + "}/retry", a.RetryWebhookEvent, users, free, quick},

		{http.MethodGet, "/livez", a.Live, everybody, free, quick},
		{http.MethodGet, "/readyz", a.Ready, everybody, free, quick},
		{http.MethodGet, "/healthz", a.Ready, everybody, free, quick},
		{http.MethodGet, "/metrics", a.Metrics, users, free, quick}, // for admins

		{http.MethodGet, "/openapi.json", docs.Spec, everybody, free, quick},
		{http.MethodGet, "/docs", docs.Page, everybody, free, quick},
	}
}

// pages are those of the preview tab. Its addresses below /previews are for people, who keep and share them; the page reads them.
func pages(t *tab.Site) []route {
	return []route{
		{http.MethodGet, "/", t.Index, everybody, free, quick},
		{http.MethodGet, "/previews/{" + api.GenerationID + "}", t.Index, everybody, free, quick},
		{http.MethodGet, "/assets/{" + tab.Asset + "}", t.Asset, everybody, free, quick},
	}
}

// Options are what a handler is built from.
type Options struct {
	API      *api.API
	Tab      *tab.Site
	Verifier middleware.Verifier
	Insecure bool     // nobody is asked for a token: other origins are refused instead
	Origins  []string // whose pages may use the API; "*" is any
	Limits   Limits
	Problems *problem.Renderer
	Log      *logrus.Entry   // of the access log
	Traces   *tracing.Tracer // nil makes none
}

// handler wraps a route in what it needs.
func (o Options) handler(r route) http.Handler {
	var h http.Handler = http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if err := r.handle(w, req); err != nil {
			o.Problems.Write(w, req, err)
		}
	})
	if counter := o.Limits.of(r); counter != nil {
		h = middleware.Limit(counter, o.Problems, h)
	}
	switch r.access {
	case users:
		h = middleware.Authenticate(o.Verifier, o.Problems, h)
	case usersSession:
		h = middleware.AuthenticateOrSession(o.Verifier, o.Problems, h)
	case sessions:
		h = middleware.AuthenticateIfSent(o.Verifier, o.Problems, h)
	case everybody:
	}
	return middleware.Deadline(r.timeout, h)
}
