// Package metrics holds what previewd tells Prometheus: one registry of the service's own, never the library's default
// one. What is counted is declared beside what counts it, in files named metrics.go.
package metrics

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/sirupsen/logrus"

	"previewd/server/built"
)

// inFlight bounds the scrapes that are answered at once; one more is told to come back.
const inFlight = 4

// New returns a registry that has the process, the Go runtime and what was built.
func New(b built.Info) *prometheus.Registry {
	registry := prometheus.NewRegistry()
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name:        "preview_build_info",
		Help:        "1, with the version, the commit and the Go release that previewd was built from.",
		ConstLabels: buildLabels(b),
	})
	build.Set(1)
	registry.MustRegister(build, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return registry
}

func buildLabels(b built.Info) prometheus.Labels {
	return prometheus.Labels{"version": b.Version, "revision": cmp.Or(b.Revision, "unknown"), "goversion": cmp.Or(b.Go, "unknown")}
}

// Handler answers scrapes. What one collector cannot tell is left out and logged; the rest is told all the same, for
// trouble is when the numbers are wanted most.
func Handler(registry *prometheus.Registry, log *logrus.Entry) http.Handler {
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{
		ErrorLog: log, ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: inFlight, EnableOpenMetrics: true,
	})
}

// ours begins the names of previewd's own metrics; the others are the libraries'.
const ours = "preview_"

// Table lists previewd's own metrics in Markdown, as they are gathered: one without a series would not be there.
func Table(registry *prometheus.Registry) (string, error) {
	families, err := registry.Gather()
	if err != nil {
		return "", fmt.Errorf("gather metrics: %w", err)
	}
	var out strings.Builder
	out.WriteString("| Metric | Type | Labels | Meaning |\n|---|---|---|---|\n")
	for _, family := range families {
		if !strings.HasPrefix(family.GetName(), ours) {
			continue
		}
		labels := map[string]bool{}
		for _, metric := range family.GetMetric() {
			for _, pair := range metric.GetLabel() {
				labels["`"+pair.GetName()+"`"] = true
			}
		}
		fmt.Fprintf(&out, "| `%s` | %s | %s | %s |\n", family.GetName(), strings.ToLower(family.GetType().String()),
			strings.Join(slices.Sorted(maps.Keys(labels)), ", "), family.GetHelp())
	}
	return out.String(), nil
}
