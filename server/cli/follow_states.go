package cli

import (
	"context"
	"errors"
	"net/http"
	"time"

	"previewd/runtime/preview"
	"previewd/server/client"
)

// state is one look at a preview.
type state struct {
	client.Status
	err error
}

// How much less often a preview is looked at that runs, or that takes its time to start: the first 10 s of a launch are
// worth more looks than a minute of an install.
const (
	calm   = 8
	steady = 4
	brisk  = 40 // looks until then
)

// states looks at the preview until it has ended or ctx has. An answer that fails to come is asked for again for a while.
func (f *follower) states(ctx context.Context) <-chan state {
	out := make(chan state)
	go func() {
		wait := time.NewTimer(0)
		defer wait.Stop()
		lost := time.Time{}
		for looks := 0; ; looks++ {
			select {
			case <-ctx.Done():
				return
			case <-wait.C:
			}
			s, rest := f.look(ctx, &lost)
			if s != nil {
				select {
				case out <- *s:
				case <-ctx.Done():
					return
				}
				if s.err != nil || !s.Status.Status.Active() {
					return
				}
			}
			wait.Reset(max(rest, f.pause(s, looks)))
		}
	}()
	return out
}

func (f *follower) pause(s *state, looks int) time.Duration {
	switch {
	case s != nil && s.Status.Status == preview.Running:
		return calm * f.poll
	case looks >= brisk:
		return steady * f.poll
	}
	return f.poll
}

// look returns nil when the server could not be asked, which a restart of it excuses, or will not be asked so often: then it
// says for how long.
func (f *follower) look(ctx context.Context, lost *time.Time) (_ *state, rest time.Duration) {
	s, err := f.api.Status(ctx, f.launched.GenerationID)
	if busy, ok := errors.AsType[*client.Problem](err); ok && busy.Status == http.StatusTooManyRequests {
		return nil, busy.RetryAfter
	}
	return f.judge(s, err, lost), 0
}

func (f *follower) judge(s client.Status, err error, lost *time.Time) *state {
	switch {
	case err == nil && s.ID != f.launched.ID:
		// Somebody launched the generation again; the preview that was followed is gone.
		return &state{Status: client.Status{
			ID: f.launched.ID, GenerationID: f.launched.GenerationID, Status: preview.Stopped,
			Reason: preview.Replaced, Message: "The generation was launched again.",
		}}
	case err == nil:
		*lost = time.Time{}
		return &state{Status: s}
	case !errors.Is(err, client.ErrUnreachable):
		return &state{err: err}
	case lost.IsZero():
		*lost = time.Now()
	case time.Since(*lost) > f.patience:
		return &state{err: err}
	}
	return nil
}
