package launch

import (
	"cmp"
	"context"
	"errors"

	"previewd/runtime/preview"
	"previewd/runtime/tracing"
)

// beginTrace begins the span of the launch, which ends with its outcome: that of the request that asked for it, if there is
// one, is over long before.
func (r *run) beginTrace() {
	r.ctx, r.span = r.s.Traces.Start(r.ctx, "launch")
	r.span.Set(tracing.PreviewID, r.row.ID)
	r.log = tracing.Log(r.ctx, r.log)
}

// traced does a part of the launch as a span of its own. Only the code of a failure is told of: its text may be the app's.
func (r *run) traced(ctx context.Context, phase preview.Phase, do func(context.Context) error) error {
	ctx, span := r.s.Traces.Start(ctx, string(phase))
	defer span.End()
	err := do(ctx)
	switch {
	case err == nil && phase == preview.Installing:
		span.SetBool(tracing.Cached, r.row.Cached)
	case err != nil && !errors.Is(err, errFilesChanged) && !r.detached():
		traceReason(span, reasonOf(r.ctx, err).Code)
	}
	return err
}

func traceReason(span tracing.Span, why preview.Code) {
	span.Set(tracing.Reason, string(why))
	if !why.Wanted() {
		span.Fail(string(why))
	}
}

// traceOutcome ends the launch's span. What comes after its first outcome is no part of the launch.
func (r *run) traceOutcome(what outcome, why preview.Code) {
	r.span.Set(tracing.Outcome, string(what))
	r.span.Set(tracing.Runtime, runtimeOf(r.row))
	r.span.Set(tracing.Framework, cmp.Or(r.row.Framework, "none"))
	r.span.SetBool(tracing.Cached, r.row.Cached)
	if why != "" {
		traceReason(r.span, why)
	}
	r.span.End()
}
