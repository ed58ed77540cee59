// Package reap ends previews whose time is over: maximum uptime reached, or unused for the idle timeout.
package reap

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/sirupsen/logrus"

	"previewd/runtime/preview"
)

// Rows finds running previews that are due.
type Rows interface {
	DuePreviews(ctx context.Context, now time.Time, idle time.Duration) ([]preview.Preview, error)
}

// Stopper begins the end of a preview.
type Stopper interface {
	StopPreview(ctx context.Context, previewID string, code preview.Code) error
}

// Options wire a Reaper.
type Options struct {
	Rows    Rows
	Stopper Stopper
	Idle    time.Duration // 0 turns the idle timeout off
	Every   time.Duration
	Leads   func(context.Context) bool // whether this process reaps for all on the database
	Now     func() time.Time
	Log     *logrus.Entry
}

// Reaper looks for due previews periodically.
type Reaper struct {
	Options
	ending sync.Map // ids of the previews whose end this reaper has begun
	ends   sync.WaitGroup
}

// New returns a Reaper.
func New(o Options) *Reaper { return &Reaper{Options: o} }

// Run reaps until ctx ends, and waits for the ends that it has begun.
func (r *Reaper) Run(ctx context.Context) {
	defer r.ends.Wait()
	ticker := time.NewTicker(r.Every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := r.Once(ctx); err != nil && ctx.Err() == nil {
				r.Log.WithError(err).Warn("reap failed; will try again")
			}
		}
	}
}

// Once begins the end of every preview that is due now. Ends go on beside each other and beside the next looks, because each takes as long as
// its app needs to stop, and one that is stuck must not keep the others.
func (r *Reaper) Once(ctx context.Context) error {
	if !r.Leads(ctx) {
		return nil
	}
	now := r.Now()
	due, err := r.Rows.DuePreviews(ctx, now, r.Idle)
	if err != nil {
		return fmt.Errorf("read due previews: %w", err)
	}
	for _, p := range due {
		if _, begun := r.ending.LoadOrStore(p.ID, true); begun {
			continue
		}
		r.ends.Go(func() {
			defer r.ending.Delete(p.ID)
			if err := r.end(ctx, p, now); err != nil && ctx.Err() == nil {
				r.Log.WithError(err).WithField("preview_id", p.ID).Warn("cannot end a preview whose time is over; will try again")
			}
		})
	}
	return nil
}

func (r *Reaper) end(ctx context.Context, p preview.Preview, now time.Time) error {
	code := preview.Idle
	if !p.ExpiresAt.After(now) {
		code = preview.Expired
	}
	return r.Stopper.StopPreview(ctx, p.ID, code)
}
