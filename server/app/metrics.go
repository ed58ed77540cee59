package app

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"previewd/runtime/docker"
	"previewd/runtime/images"
	"previewd/runtime/launch"
	"previewd/runtime/logs"
	"previewd/runtime/preview"
	"previewd/runtime/reconcile"
	"previewd/runtime/usage"
	"previewd/server/built"
	"previewd/server/metrics"
	"previewd/server/metrics/census"
	"previewd/server/metrics/proxy"
	"previewd/server/sse"
	"previewd/server/webhook"
)

// counts are the metrics of all parts, in one registry of this App.
type counts struct {
	registry  *prometheus.Registry
	engine    *docker.Metrics
	images    *images.Metrics
	launches  *launch.Metrics
	usage     *usage.Metrics
	reconcile *reconcile.Metrics
	webhooks  *webhook.Metrics
	streams   *sse.Metrics
	proxied   *proxy.Metrics
}

func newCounts(b built.Info) counts {
	r := metrics.New(b)
	return counts{
		registry: r, engine: docker.NewMetrics(r), images: images.NewMetrics(r), launches: launch.NewMetrics(r),
		usage: usage.NewMetrics(r), reconcile: reconcile.NewMetrics(r), webhooks: webhook.NewMetrics(r),
		streams: sse.NewMetrics(r), proxied: proxy.NewMetrics(r),
	}
}

// registerStores adds what is read from the database and the logs at each scrape.
func (a *App) registerStores() {
	a.counts.registry.MustRegister(a.store.Collector(), a.logs.Collector(), census.New(census.Options{
		Rows: a.store, PortMin: a.Config.PortMin, PortMax: a.Config.PortMax, Log: a.component("metrics"), Now: time.Now,
	}))
}

// serveMetrics answers scrapes at an address of their own, if one is configured: to whoever can reach it, which is for
// the network to decide.
func (a *App) serveMetrics(ctx context.Context) (err error) {
	a.registerStores()
	if a.Config.MetricsAddr == "" {
		return nil
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", a.scrapes())
	a.metricsAddr, err = a.serveBeside(ctx, "metrics", a.Config.MetricsAddr, mux)
	return err
}

func (a *App) scrapes() http.Handler {
	return metrics.Handler(a.counts.registry, a.component("metrics"))
}

// scrapesHere is what the API itself serves: nothing where metrics have an address of their own.
func (a *App) scrapesHere() http.Handler {
	if a.Config.MetricsAddr != "" {
		return nil
	}
	return a.scrapes()
}

// MetricsTable lists all metrics in Markdown.
func MetricsTable() (string, error) {
	c := newCounts(built.Info{})
	c.registry.MustRegister(logs.New(logs.Options{}).Collector(), census.New(census.Options{Rows: nobodyThere{}, Now: time.Now}))
	return metrics.Table(c.registry)
}

type nobodyThere struct{}

func (nobodyThere) Census(context.Context, int, int) (preview.Census, error) {
	return preview.Census{}, nil
}
