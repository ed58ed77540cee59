package tracing

import (
	"context"
	"net/http"
	"strconv"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// Span is one step of a trace. The zero value is none.
type Span struct {
	span   trace.Span
	goesOn bool // it continues a trace of whoever asked
}

// Of returns the span that ctx carries.
func Of(ctx context.Context) Span {
	if span := trace.SpanFromContext(ctx); span.SpanContext().IsValid() {
		return Span{span: span}
	}
	return Span{}
}

// Detached carries the span of ctx into work that outlives it, and nothing else.
func Detached(ctx context.Context) context.Context {
	if at := trace.SpanContextFromContext(ctx); at.IsValid() {
		return trace.ContextWithSpanContext(context.Background(), at)
	}
	return context.Background()
}

// Set notes a word.
func (s Span) Set(key Key, value string) {
	if s.span != nil {
		s.span.SetAttributes(attribute.String(string(key), value))
	}
}

// SetBool notes a yes or no.
func (s Span) SetBool(key Key, value bool) {
	if s.span != nil {
		s.span.SetAttributes(attribute.Bool(string(key), value))
	}
}

// Routed names the span of a request after the route that it was matched to.
func (s Span) Routed(r *http.Request, template string) {
	if s.span != nil {
		s.span.SetName(methodOf(r) + " " + template)
		s.Set(Route, template)
	}
}

// Answered notes an answer's status, 0 for none. What is the server's fault is an error, what is the caller's is not.
func (s Span) Answered(status int) {
	if s.span == nil {
		return
	}
	if status != 0 {
		s.span.SetAttributes(attribute.Int(string(Status), status))
	}
	if status >= http.StatusInternalServerError {
		s.Fail(strconv.Itoa(status))
	}
}

// Fail says that the span's work failed, and why in a word. The texts of errors may hold what strangers wrote, or secrets.
func (s Span) Fail(why string) {
	if s.span != nil {
		s.Set(ErrorType, why)
		s.span.SetStatus(codes.Error, why)
	}
}

// End ends the span. It is harmless when it is called again.
func (s Span) End() {
	if s.span != nil {
		s.span.End()
	}
}
