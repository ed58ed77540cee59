package docker

import (
	"context"
	"errors"
	"net/http"

	"previewd/runtime/tracing"
)

// traced makes a span of every call that is a part of something traced.
func traced(t *tracing.Tracer, next http.RoundTripper) http.RoundTripper {
	if t == nil {
		return next
	}
	return tracedCalls{t, next}
}

type tracedCalls struct {
	traces *tracing.Tracer
	next   http.RoundTripper
}

// RoundTrip is an http.RoundTripper's. The span ends when the engine begins to answer.
func (c tracedCalls) RoundTrip(r *http.Request) (*http.Response, error) {
	call := callOf(r.Method, r.URL.Path)
	span := c.traces.Call(r.Context(), "engine "+call)
	defer span.End()
	span.Set(tracing.Call, call)
	answer, err := c.next.RoundTrip(r)
	switch {
	case err == nil:
		span.Answered(answer.StatusCode)
	case !errors.Is(err, context.Canceled):
		span.Fail(unreachable)
	}
	return answer, err
}
