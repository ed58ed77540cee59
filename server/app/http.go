package app

import (
	"context"
	"errors"
	"fmt"
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
			Requests: ratelimit.New("requests to this preview", a.Config.RateRequest, nil),
			Done:     a.ending, Checks: a.checks(), Log: log,
			Asked: a.counts.proxied.On(proxy.Request), Streams: a.counts.streams, Scrape: a.scrapesHere(),
		}),
		Tab:      tab.New(web.Files(), tab.Frames(a.Config.BaseDomain, a.Config.BindAddr)...),
		Limits:   routes.NewLimits(a.Config, a.store),
		Verifier: verifier, Insecure: a.Config.Insecure, Origins: a.Config.Origins(), Problems: &problem.Renderer{Log: log}, Log: log,
		Traces: a.traces,
	})), nil
}

// checks are what /readyz looks at.
func (a *App) checks() []api.Check {
	checks := append(append(a.webhookCheck(), a.nodesCheck()...), []api.Check{
		{Name: "database", Run: func(ctx context.Context) (string, error) { return "", a.store.Ping(ctx) }},
		{Name: "engine", Run: func(ctx context.Context) (string, error) {
			info, err := a.engine.Info(ctx)
			if err != nil {
				return "cannot be reached", err
			}
			return fmt.Sprintf("%s %s, API %s", info.Name, info.Version, info.APIVersion), nil
		}},
		{Name: "firewall", Optional: true, Run: func(context.Context) (string, error) {
			if status := a.firewall.Status(); !status.Enforced {
				return "previews are not kept from private networks: " + status.Reason, errors.New("rules not in force")
			}
			return "rules in force", nil
		}},
	}...)
	if a.keys != nil {
		// With a secret beside the key set some tokens are good even while the set is out of reach.
		checks = append(checks, api.Check{Name: "token_keys", Optional: a.Config.JWTSecret != "", Run: func(context.Context) (string, error) {
			return a.keys.Status()
		}})
	}
	return checks
}
