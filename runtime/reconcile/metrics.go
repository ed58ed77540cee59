package reconcile

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Metrics count what the loop did. A nil one counts nothing.
type Metrics struct {
	actions *prometheus.CounterVec
}

// NewMetrics registers them.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	m := &Metrics{actions: promauto.With(reg).NewCounterVec(prometheus.CounterOpts{
		Name: "preview_reconcile_actions_total",
		Help: "What had to be done to make database and engine agree, by action and whether it could be done (ok or failed).",
	}, []string{"action", "result"})}
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
