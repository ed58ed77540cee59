package reconcile

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Metrics count what the loop did, and how long that took. A nil one counts nothing.
type Metrics struct {
	actions *prometheus.CounterVec
	passes  prometheus.Histogram
}

// NewMetrics registers them.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	auto := promauto.With(reg)
	m := &Metrics{
		actions: auto.NewCounterVec(prometheus.CounterOpts{
			Name: "preview_reconcile_actions_total",
			Help: "What had to be done to make database and engine agree, by action and whether it could be done (ok or failed).",
		}, []string{"action", "result"}),
		passes: auto.NewHistogram(prometheus.HistogramOpts{
			Name:    "preview_reconcile_seconds",
			Help:    "How long one look at the database and the engine took, with all that was done about it.",
			Buckets: []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}),
	}
	for _, verb := range []Verb{Adopt, Resume, Discard, Remove, Release} {
		m.actions.WithLabelValues(string(verb), "ok")
		m.actions.WithLabelValues(string(verb), "failed")
	}
	return m
}

func (m *Metrics) did(what Verb, err error) {
	if m == nil {
		return
	}
	result := "ok"
	if err != nil {
		result = "failed"
	}
	m.actions.WithLabelValues(string(what), result).Inc()
}

func (m *Metrics) took(d time.Duration) {
	if m != nil {
		m.passes.Observe(d.Seconds())
	}
}
