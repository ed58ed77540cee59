package tracing

import (
	"context"

	"github.com/sirupsen/logrus"
	"go.opentelemetry.io/otel/trace"
)

// Log returns an entry that names the span of ctx, so that a line leads to its trace and back.
func Log(ctx context.Context, log *logrus.Entry) *logrus.Entry {
	at := trace.SpanContextFromContext(ctx)
	if !at.IsValid() {
		return log
	}
	return log.WithFields(logrus.Fields{"trace_id": at.TraceID().String(), "span_id": at.SpanID().String()})
}
