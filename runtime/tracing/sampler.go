package tracing

import (
	"context"
	"crypto/rand"

	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"golang.org/x/time/rate"
)

// How many traces callers of the API may have kept that would not be kept otherwise. A caller's word is believed before the
// caller is known, so it has a bound.
const (
	wishesPerSecond = 10
	wishesAtOnce    = 100
)

// sampler is the configured one, which visitors of previews have no say in.
type sampler struct{ sdk.Sampler }

func newSampler(s Settings) sdk.Sampler {
	switch s.Sampler {
	case AlwaysOn:
		return sampler{sdk.AlwaysSample()}
	case AlwaysOff:
		return sampler{sdk.NeverSample()}
	case Ratio:
		return sampler{sdk.TraceIDRatioBased(s.Ratio)}
	case ParentOff:
		return byParent(sdk.NeverSample())
	case ParentRatio:
		return byParent(sdk.TraceIDRatioBased(s.Ratio))
	}
	return byParent(sdk.AlwaysSample())
}

func byParent(root sdk.Sampler) sdk.Sampler {
	return sampler{sdk.ParentBased(root, sdk.WithRemoteParentSampled(wishes{root, rate.NewLimiter(wishesPerSecond, wishesAtOnce)}))}
}

type strangeKey struct{}

// strange marks that the parent in ctx is a visitor's word.
func strange(ctx context.Context) context.Context { return context.WithValue(ctx, strangeKey{}, true) }

// ShouldSample is an sdk.Sampler's. What is a part of a span is kept with it. A visitor chooses both the flag and the trace's id,
// by which a ratio is decided: it is decided as for a trace that begins here, by an id of our own.
func (s sampler) ShouldSample(p sdk.SamplingParameters) sdk.SamplingResult {
	parent := trace.SpanContextFromContext(p.ParentContext)
	switch {
	case parent.IsValid() && !parent.IsRemote() && parent.IsSampled():
		return sdk.AlwaysSample().ShouldSample(p)
	case parent.IsValid() && !parent.IsRemote():
		return sdk.NeverSample().ShouldSample(p)
	case parent.IsRemote() && p.ParentContext.Value(strangeKey{}) != nil:
		p.ParentContext = context.Background()
		_, _ = rand.Read(p.TraceID[:]) // crypto/rand.Read never fails: it ends the program instead
	}
	return s.Sampler.ShouldSample(p)
}

// wishes fulfils callers' wishes for as long as there are not too many; the rest is as likely to be kept as without one.
type wishes struct {
	root  sdk.Sampler
	bound *rate.Limiter
}

func (w wishes) ShouldSample(p sdk.SamplingParameters) sdk.SamplingResult {
	if w.bound.Allow() {
		return sdk.AlwaysSample().ShouldSample(p)
	}
	return w.root.ShouldSample(p)
}

func (w wishes) Description() string { return "bounded wishes" }
