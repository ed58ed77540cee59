package tracing

import (
	"context"
	"net/http"
	"time"

	"github.com/sirupsen/logrus"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// Options of a Tracer.
type Options struct {
	Settings Settings
	Version  string
	Log      *logrus.Entry
}

// Tracer begins spans. A nil one begins none, at no cost.
type Tracer struct {
	provider *sdk.TracerProvider
	tracer   trace.Tracer
	uploads  *uploader
	log      *logrus.Entry
}

// New returns nil where nothing is to be traced. Whoever gets a Tracer closes it.
func New(ctx context.Context, o Options) (*Tracer, error) {
	if o.Settings.Endpoint == "" {
		return nil, nil
	}
	uploads, err := newUploader(o.Settings)
	if err != nil {
		return nil, err
	}
	exporter, err := otlptrace.New(ctx, uploads)
	if err != nil {
		return nil, err
	}
	provider := sdk.NewTracerProvider(
		sdk.WithSampler(newSampler(o.Settings)),
		sdk.WithResource(resourceOf(o)),
		// It drops what the collector does not take in time rather than hold up who ends a span.
		sdk.WithBatcher(newDelivery(exporter, uploads.host(), o.Log, time.Now)),
	)
	tracer := provider.Tracer("previewd", trace.WithInstrumentationVersion(o.Version))
	return &Tracer{provider: provider, tracer: tracer, uploads: uploads, log: o.Log}, nil
}

func resourceOf(o Options) *resource.Resource {
	all := []attribute.KeyValue{attribute.String("service.version", o.Version)}
	for name, value := range o.Settings.Attributes {
		all = append(all, attribute.String(name, value))
	}
	all = append(all, attribute.String("service.name", o.Settings.Service)) // of equal keys the last one counts
	return resource.NewSchemaless(all...)
}

// Close sends what was not sent yet, for as long as ctx allows, and drops the rest. A collector that is away is told of in the
// log and is no failure of the program's end.
func (t *Tracer) Close(ctx context.Context) {
	if t == nil {
		return
	}
	if err := t.provider.Shutdown(ctx); err != nil {
		t.log.WithError(err).Warn("the last traces were not sent in time")
	}
	t.uploads.abort()
}

// Start begins a span within that of ctx, or a trace where there is none. The span is ended by whoever started it.
func (t *Tracer) Start(ctx context.Context, name string) (context.Context, Span) {
	if t == nil {
		return ctx, Span{}
	}
	return t.start(ctx, name, trace.SpanKindInternal)
}

// Call begins a span of a request that goes out. Outside of a span there is none: what loops ask all day is no trace.
func (t *Tracer) Call(ctx context.Context, name string) Span {
	if t == nil || !trace.SpanFromContext(ctx).IsRecording() {
		return Span{}
	}
	_, span := t.start(ctx, name, trace.SpanKindClient)
	return span
}

// Serve begins the span of a request to the API. It goes on with the caller's trace, and keeps it if the caller does, within bounds.
func (t *Tracer) Serve(ctx context.Context, r *http.Request) (context.Context, Span) {
	if t == nil {
		return ctx, Span{}
	}
	ctx, _ = remote(ctx, r.Header)
	ctx, span := t.start(ctx, methodOf(r), trace.SpanKindServer)
	span.Set(Method, methodOf(r))
	return ctx, span
}

// Visit begins the span of a request to a preview. It goes on with the visitor's trace; whether that is kept is decided here, for
// visitors are strangers.
func (t *Tracer) Visit(ctx context.Context, r *http.Request) (context.Context, Span) {
	if t == nil {
		return ctx, Span{}
	}
	ctx, known := remote(ctx, r.Header)
	ctx, span := t.start(strange(ctx), "gateway", trace.SpanKindServer)
	span.Set(Method, methodOf(r))
	span.goesOn = known
	return ctx, span
}

func (t *Tracer) start(ctx context.Context, name string, kind trace.SpanKind) (context.Context, Span) {
	ctx, span := t.tracer.Start(ctx, name, trace.WithSpanKind(kind))
	return ctx, Span{span: span}
}

// Silent is for libraries that would make spans of their own wherever there is one already, such as the engine's client, which
// puts whole addresses into them.
func Silent() trace.TracerProvider { return noop.NewTracerProvider() }
