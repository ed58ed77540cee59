package cli

import (
	"context"
	"time"

	"previewd/runtime/preview"
)

// lines follows the preview's log across lost connections, without a gap and without repeating a line. The channel is
// closed when the preview is over and its last line was read.
func (f *follower) lines(ctx context.Context, over <-chan struct{}) <-chan preview.LogLine {
	out := make(chan preview.LogLine)
	go func() {
		defer close(out)
		after := f.after
		each := func(l preview.LogLine) {
			if l.Seq != 0 && l.Seq <= after {
				return
			}
			after = max(after, l.Seq)
			select {
			case out <- l:
			case <-ctx.Done():
			}
		}
		for ctx.Err() == nil {
			last := isClosed(over)
			// The status tells of errors; here they only mean another try.
			if err := f.api.Stream(ctx, f.launched.GenerationID, f.launched.ID, after, each); err == nil && isClosed(over) || last {
				return
			}
			f.breathe(ctx, over)
		}
	}()
	return out
}

// breathe waits before the next try.
func (f *follower) breathe(ctx context.Context, over <-chan struct{}) {
	wait := time.NewTimer(f.poll)
	defer wait.Stop()
	select {
	case <-ctx.Done():
	case <-over:
	case <-wait.C:
	}
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
