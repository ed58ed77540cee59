package problem

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"previewd/runtime/preview"
	"previewd/runtime/source"
	"previewd/server/ratelimit"
)

// sentinels of the domain and their codes, the first match wins.
var sentinels = []struct {
	err  error
	code Code
}{
	{preview.ErrGenerationNotFound, GenerationNotFound},
	{preview.ErrPreviewNotFound, PreviewNotFound},
	{preview.ErrPermissionDenied, PermissionDenied},
	{preview.ErrNoPorts, NoPortsAvailable},
	{preview.ErrQuotaExceeded, QuotaExceeded},
	{preview.ErrEngineUnavailable, EngineUnavailable},
	{preview.ErrGenerationActive, GenerationActive},
	{preview.ErrInvalidCursor, InvalidCursor},
	{preview.ErrEventNotFound, WebhookEventNotFound},
	{context.DeadlineExceeded, RequestTimeout},
}

// From maps any error to the one a caller is told. What it does not know is an internal error, whose text
// stays out of the answer.
func From(err error) *Error {
	if own, ok := errors.AsType[*Error](err); ok {
		return own
	}
	if files, ok := errors.AsType[*source.Error](err); ok {
		return New(InvalidRequest, files.Error()).Because(err)
	}
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return Newf(PayloadTooLarge, "The body is larger than %d bytes.", tooLarge.Limit).Because(err)
	}
	if rate, ok := errors.AsType[*preview.RateError](err); ok {
		return fromRate(rate)
	}
	if quota, ok := errors.AsType[*preview.QuotaError](err); ok {
		return fromQuota(quota)
	}
	if _, ok := errors.AsType[*preview.TransitionError](err); ok {
		return New(Conflict, "").Because(err)
	}
	for _, s := range sentinels {
		if errors.Is(err, s.err) {
			return New(s.code, "").Because(err)
		}
	}
	return New(Internal, "").Because(err)
}

// fromRate tells when to come back.
func fromRate(limit *preview.RateError) *Error {
	reset := ratelimit.Ceil(limit.Reset).UTC()
	e := Newf(RateLimitExceeded, "The %s until %s.", limit.Error(), reset.Format(time.RFC3339)).Because(limit)
	e.Reset = reset
	return e
}

// fromQuota tells a user what to make room with. When all users together are the cause, it is the service that has no room, as
// when it has no port.
func fromQuota(q *preview.QuotaError) *Error {
	e := New(QuotaExceeded, "").Because(q)
	switch q.Quota {
	case preview.QuotaPreviewsPerUser:
		e.Detail = fmt.Sprintf("The user has %d active previews, and at most %d are allowed. Stop one of them first.", q.Used, q.Most)
	case preview.QuotaMemoryPerUser:
		e.Detail = fmt.Sprintf("The user's active previews may use %d MB of memory, this one wants %d MB, and at most %d MB are allowed. "+
			"Stop one of them first, or launch with a smaller memory_mb.", q.Used, q.Wanted, q.Most)
	case preview.QuotaMemoryTotal:
		e.Status = http.StatusServiceUnavailable
		e.Detail = fmt.Sprintf("All active previews together may use %d MB of memory, this one wants %d MB, and at most %d MB are allowed. "+
			"Try again when others have ended, or launch with a smaller memory_mb.", q.Used, q.Wanted, q.Most)
	}
	return e
}
