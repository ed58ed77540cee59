package sse

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Metrics tell of log streams. A nil one tells nothing.
type Metrics struct {
	subscribers prometheus.Gauge
	delivery    prometheus.Histogram
}

// NewMetrics registers them.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	auto := promauto.With(reg)
	return &Metrics{
		subscribers: auto.NewGauge(prometheus.GaugeOpts{
			Name: "preview_sse_subscribers",
			Help: "Open log streams.",
		}),
		delivery: auto.NewHistogram(prometheus.HistogramOpts{
			Name:    "preview_log_delivery_seconds",
			Help:    "Time from a line's timestamp, which the engine gave it, until it was written to a log stream. Lines from before the stream began are not counted.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}),
	}
}

// subscribed counts a stream until the returned function is called.
func (m *Metrics) subscribed() func() {
	if m == nil {
		return func() {}
	}
	m.subscribers.Inc()
	return m.subscribers.Dec
}

func (m *Metrics) delivered(after time.Duration) {
	if m != nil {
		m.delivery.Observe(max(0, after.Seconds()))
	}
}
