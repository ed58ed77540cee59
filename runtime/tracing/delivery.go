package tracing

import (
	"context"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
	sdk "go.opentelemetry.io/otel/sdk/trace"
)

// sayAgain is how often a collector that takes nothing is told of.
const sayAgain = 10 * time.Minute

// delivery is an exporter that tells of its failures itself, seldom: the library would say so on standard error for every batch.
type delivery struct {
	sdk.SpanExporter
	to  string
	log *logrus.Entry
	now func() time.Time

	mu     sync.Mutex
	lost   int // spans since the last that were taken
	saidAt time.Time
}

func newDelivery(e sdk.SpanExporter, to string, log *logrus.Entry, now func() time.Time) *delivery {
	return &delivery{SpanExporter: e, to: to, log: log.WithField("addr", to), now: now}
}

// ExportSpans is an sdk.SpanExporter's. Spans that were not taken are lost.
func (d *delivery) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	d.note(len(spans), d.SpanExporter.ExportSpans(ctx, spans))
	return nil
}

func (d *delivery) note(spans int, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err == nil {
		if d.lost > 0 {
			d.log.WithField("lost", d.lost).Info("traces are delivered again")
		}
		d.lost, d.saidAt = 0, time.Time{}
		return
	}
	d.lost += spans
	if now := d.now(); now.Sub(d.saidAt) >= sayAgain {
		d.saidAt = now
		d.log.WithError(err).WithField("lost", d.lost).Warn("traces cannot be delivered and are dropped; nothing else is affected")
	}
}
