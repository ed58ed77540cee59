package app

import (
	"net/http"

	"previewd/server/api"
	"previewd/server/metrics/proxy"
	"previewd/server/problem"
	"previewd/server/ratelimit"
	"previewd/server/routes"
	"previewd/server/tab"
	"previewd/web"
)

// handler builds the whole HTTP side.
func (a *App) handler() (http.Handler, error) {
	verifier, err := a.verifier()
	if err != nil {
		return nil, err
	}
	log := a.component("http")
	return a.gateway.Before(routes.New(routes.Options{
		API: api.New(api.Options{
			Config: a.Config, Generations: a.store, Previews: a.launches, Rows: a.store, Sessions: a.store, Apps: a.apps, Catalog: a.catalog,
			Lines: a.store, Follower: a.logs, Changes: a.bus, Budgets: a.store, Webhooks: a.store, Receiver: a.receiver, Links: a.links,
			Requests: a.shared(ratelimit.New("requests to this preview", a.Config.RateRequest, nil)),
			Done:     a.ending, Checks: a.checks(), Log: log,
			Asked: a.counts.proxied.On(proxy.Request), Streams: a.counts.streams, Scrape: a.scrapesHere(),
		}),
		Tab:      tab.New(web.Files(), tab.Frames(a.Config.BaseDomain, a.Config.BindAddr)...),
		Limits:   routes.NewLimits(a.Config, a.store, a.shared),
		Verifier: verifier, Insecure: a.Config.Insecure, Origins: a.Config.Origins(), Problems: &problem.Renderer{Log: log}, Log: log,
		Traces: a.traces,
	})), nil
}

// shared makes a limiter count for all replicas.
func (a *App) shared(l *ratelimit.Limiter) *ratelimit.Limiter {
	l.Share(a.store, a.replica.Members)
	a.stack.Go("rate limit", loopEnd, l.Run)
	return l
}
