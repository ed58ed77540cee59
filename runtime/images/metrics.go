package images

import (
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Metrics tell of the cache of dependencies and projects' own images. A nil one tells nothing.
type Metrics struct {
	lookups      *prometheus.CounterVec
	bytes        prometheus.Gauge
	budget       prometheus.Gauge
	evictions    prometheus.Counter
	evictedBytes prometheus.Counter
}

// NewMetrics registers them.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	auto := promauto.With(reg)
	m := &Metrics{
		lookups: auto.NewCounterVec(prometheus.CounterOpts{
			Name: "preview_deps_cache_requests_total",
			Help: "Launches that needed installed dependencies (deps) or a project's own image (project), by whether they were there (hit) or had to be made (miss).",
		}, []string{"kind", "result"}),
		bytes: auto.NewGauge(prometheus.GaugeOpts{
			Name: "preview_deps_cache_bytes",
			Help: "Disk that cached dependencies and projects' images take, as last looked at. Replicas on one engine tell the same.",
		}),
		budget: auto.NewGauge(prometheus.GaugeOpts{
			Name: "preview_deps_cache_budget_bytes",
			Help: "Disk that they may take, 0 for no limit.",
		}),
		evictions: auto.NewCounter(prometheus.CounterOpts{
			Name: "preview_deps_cache_evictions_total",
			Help: "Cached images that were removed to keep within the budget.",
		}),
		evictedBytes: auto.NewCounter(prometheus.CounterOpts{
			Name: "preview_deps_cache_evicted_bytes_total",
			Help: "Disk that was freed by these.",
		}),
	}
	for _, kind := range []string{imageDeps, imageProject} {
		m.lookups.WithLabelValues(kind, "hit")
		m.lookups.WithLabelValues(kind, "miss")
	}
	return m
}

func (m *Metrics) looked(kind string, hit bool) {
	if m == nil {
		return
	}
	result := "miss"
	if hit {
		result = "hit"
	}
	m.lookups.WithLabelValues(kind, result).Inc()
}

func (m *Metrics) cache(bytes, budget int64) {
	if m != nil {
		m.bytes.Set(float64(bytes))
		m.budget.Set(float64(budget))
	}
}

// grew counts an install until the cache is looked at again.
func (m *Metrics) grew(bytes int64) {
	if m != nil {
		m.bytes.Add(float64(bytes))
	}
}

func (m *Metrics) evicted(bytes int64) {
	if m != nil {
		m.evictions.Inc()
		m.evictedBytes.Add(float64(bytes))
	}
}

func kindOf(tag string) string {
	if strings.HasPrefix(tag, projectRepo+":") {
		return imageProject
	}
	return imageDeps
}
