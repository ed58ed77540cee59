package cli

import (
	"context"
	"errors"
	"time"

	"previewd/runtime/preview"
	"previewd/server/client"
)

// followed is the part of the client that following a preview needs.
type followed interface {
	Status(ctx context.Context, generationID string) (client.Status, error)
	Stream(ctx context.Context, generationID, previewID string, after int64, each func(preview.LogLine)) error
}

// follower shows one preview from its launch to its end.
type follower struct {
	api      followed
	launched client.Launched
	after    int64 // seq of the last line that was shown before
	show     progress
	poll     time.Duration
	patience time.Duration

	onRunning func() // called once, when the app has answered; may be nil
}

// errDetached ends the following of a preview that goes on.
var errDetached = errors.New("detached")

// follow returns the preview's final status, or its latest one with errDetached when detach is set and the app has answered. An
// interrupt ends it with the error of ctx.
func (f *follower) follow(ctx context.Context, detach bool) (client.Status, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	over := make(chan struct{})
	lines := f.lines(ctx, over)
	states := f.states(ctx)
	steps := phases{tell: f.show.phase, now: time.Now}
	running := false
	for {
		select {
		case line, open := <-lines:
			if !open {
				lines = nil
				continue
			}
			f.show.line(line)
		case s := <-states:
			if s.err != nil {
				return s.Status, s.err
			}
			steps.see(s.Status)
			if s.Status.Status == preview.Running && !running {
				running = true
				f.show.running(f.launched, s.Status)
				if f.onRunning != nil {
					f.onRunning()
				}
				if detach {
					return s.Status, errDetached
				}
			}
			if !s.Status.Status.Active() {
				close(over)
				if s.Reason != preview.Replaced { // the log would be the other preview's
					f.drain(lines)
				}
				f.show.ended(s.Status)
				return s.Status, nil
			}
		case <-ctx.Done():
			return client.Status{}, ctx.Err()
		}
	}
}

// drain shows the last lines of a preview that has ended.
func (f *follower) drain(lines <-chan preview.LogLine) {
	if lines == nil {
		return
	}
	enough := time.NewTimer(f.patience)
	defer enough.Stop()
	for {
		select {
		case line, open := <-lines:
			if !open {
				return
			}
			f.show.line(line)
		case <-enough.C:
			return
		}
	}
}
