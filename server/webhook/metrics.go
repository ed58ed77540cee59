package webhook

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"previewd/runtime/preview"
)

// Metrics count attempts to deliver. A nil one counts nothing.
type Metrics struct {
	attempts *prometheus.CounterVec
}

// NewMetrics registers them.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	m := &Metrics{attempts: promauto.With(reg).NewCounterVec(prometheus.CounterOpts{
		Name: "preview_webhook_attempts_total",
		Help: "Attempts to deliver a webhook: delivered, failed (it is tried again) or given_up.",
	}, []string{"outcome"})}
	for _, state := range []preview.DeliveryState{preview.DeliveryDelivered, preview.DeliveryPending, preview.DeliveryDead} {
		m.attempts.WithLabelValues(attemptOf(state))
	}
	return m
}

func (m *Metrics) attempted(became preview.DeliveryState) {
	if m != nil {
		m.attempts.WithLabelValues(attemptOf(became)).Inc()
	}
}

func attemptOf(became preview.DeliveryState) string {
	switch became {
	case preview.DeliveryDelivered:
		return "delivered"
	case preview.DeliveryDead:
		return "given_up"
	}
	return "failed"
}
