package api

import (
	"context"
	"errors"
	"io"
	"time"

	"previewd/runtime/logs"
	"previewd/runtime/preview"
)

// breath is the pause between two subscriptions of an active preview: its log may be about to change hands.
const breath = 50 * time.Millisecond

// following is a followed log that ends when its preview has ended, and not before. A subscription alone also ends
// now and then: right after a launch, between the death of one process and the takeover by the next, and while another
// replica runs the preview, whenever that changes.
type following struct {
	api    *API
	id     string
	after  int64
	keep   func(preview.LogLine) bool // nil keeps all
	looked func(preview.Preview)      // is told each look at the row; may be nil
	sub    *logs.Subscription         // nil between two subscriptions
	final  bool                       // the preview had ended before sub began: what sub ends with is the end
}

// Seen is the seq up to which lines were looked at.
func (f *following) Seen() int64 { return f.after }

// Next waits for the next line that is kept. It returns io.EOF after the last line of an ended preview.
func (f *following) Next(ctx context.Context) (preview.LogLine, error) {
	for {
		line, err := f.next(ctx)
		if err != nil || line.Seq == 0 || f.keep == nil || f.keep(line) { // a notice of lost lines is for everybody
			return line, err
		}
		if err := ctx.Err(); err != nil { // lines that are not kept may come without end
			return preview.LogLine{}, err
		}
	}
}

func (f *following) next(ctx context.Context) (preview.LogLine, error) {
	for {
		if err := f.subscribe(ctx); err != nil {
			return preview.LogLine{}, err
		}
		line, err := f.sub.Next(ctx)
		if !errors.Is(err, io.EOF) {
			f.after = max(f.after, line.Seq)
			return line, err
		}
		if f.final {
			return line, io.EOF
		}
		f.close()
		if err := f.pause(ctx); err != nil {
			return line, err
		}
	}
}

// subscribe looks at the row once it follows: nobody tells a log that nothing is added to any more that its preview has ended.
func (f *following) subscribe(ctx context.Context) (err error) {
	if f.sub == nil && !f.final {
		if f.sub, err = f.api.Follower.Follow(ctx, f.id, f.after); err != nil {
			return err
		}
		if err = f.look(ctx); f.final {
			f.close()
		}
	}
	if f.sub == nil && err == nil {
		f.sub, err = f.api.Follower.Subscribe(ctx, f.id, f.after)
	}
	return err
}

// look notes whether the preview has ended. What was stored until then is read after it.
func (f *following) look(ctx context.Context) error {
	p, err := f.api.Rows.Preview(ctx, f.id)
	if err != nil {
		return err
	}
	if f.looked != nil {
		f.looked(p)
	}
	f.final = !p.Status.Active()
	return nil
}

// pause waits a moment while the preview is active. One that has ended is read once more without a wait: lines may
// have been stored between the end of the subscription and this look.
func (f *following) pause(ctx context.Context) error {
	if err := f.look(ctx); err != nil || f.final {
		return err
	}
	return pause(ctx, breath)
}

func (f *following) close() {
	if f.sub != nil {
		f.sub.Close()
		f.sub = nil
	}
}
