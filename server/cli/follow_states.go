package cli

import (
	"context"
	"errors"
	"time"

	"previewd/runtime/preview"
	"previewd/server/client"
)

// state is one look at a preview.
type state struct {
	client.Status
	err error
}

// calm is how much less often a preview that runs is looked at.
const calm = 8

// states looks at the preview until it has ended or ctx has. An answer that fails to come is asked for again for a while.
func (f *follower) states(ctx context.Context) <-chan state {
	out := make(chan state)
	go func() {
		wait := time.NewTimer(0)
		defer wait.Stop()
		lost := time.Time{}
		for {
			select {
			case <-ctx.Done():
				return
			case <-wait.C:
			}
			s := f.look(ctx, &lost)
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
			wait.Reset(f.pause(s))
		}
	}()
	return out
}

func (f *follower) pause(s *state) time.Duration {
	if s != nil && s.Status.Status == preview.Running {
		return calm * f.poll
	}
	return f.poll
}

// look returns nil when the server could not be asked, which a restart of it excuses.
func (f *follower) look(ctx context.Context, lost *time.Time) *state {
	s, err := f.api.Status(ctx, f.launched.GenerationID)
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
