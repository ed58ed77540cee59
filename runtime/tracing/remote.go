package tracing

import (
	"context"
	"net/http"
	"strings"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// Headers of W3C Trace Context, as net/http spells them.
const (
	parentHeader = "Traceparent"
	stateHeader  = "Tracestate"

	// maxState is how long a tracestate is passed on: as long as everybody has to take (section 3.3.1.5), and no longer.
	maxState = 512
)

// remote puts the span that a request names as its parent into ctx. One that is not as the standard has it, or one of several, is none. Of tracestate
// and baggage nothing is read: they are texts of strangers, and would get to the collector.
func remote(ctx context.Context, h http.Header) (_ context.Context, known bool) {
	given := h[parentHeader]
	if len(given) != 1 {
		return ctx, false
	}
	ctx = propagation.TraceContext{}.Extract(ctx, propagation.MapCarrier{"traceparent": given[0]})
	return ctx, trace.SpanContextFromContext(ctx).IsRemote()
}

// Hand names the span as the parent of a request that goes on to an app. Vendors' notes go on with the trace that they belong to.
func (s Span) Hand(h http.Header) {
	if s.span == nil {
		return
	}
	at := s.span.SpanContext()
	h[parentHeader] = []string{"00-" + at.TraceID().String() + "-" + at.SpanID().String() + "-" + at.TraceFlags().String()}
	if state := strings.Join(h[stateHeader], ","); !s.goesOn || len(state) > maxState {
		delete(h, stateHeader)
	}
}
