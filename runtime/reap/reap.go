// Package reap ends previews whose time is over: maximum uptime reached, or unused for the idle timeout.
package reap

import (
	"context"
	"errors"
	"fmt"
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
type Reaper struct{ Options }

// New returns a Reaper.
func New(o Options) *Reaper { return &Reaper{o} }

// Run reaps until ctx ends.
func (r *Reaper) Run(ctx context.Context) {
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

// Once ends every preview that is due now. Ends run at once, because each takes as long as its app needs to stop.
func (r *Reaper) Once(ctx context.Context) error {
	if !r.Leads(ctx) {
		return nil
	}
	now := r.Now()
	due, err := r.Rows.DuePreviews(ctx, now, r.Idle)
	if err != nil {
		return fmt.Errorf("read due previews: %w", err)
	}
	results := make(chan error, len(due))
	for _, p := range due {
		go func() { results <- r.end(ctx, p, now) }()
	}
	var failed []error
	for range due {
		failed = append(failed, <-results)
	}
	return errors.Join(failed...)
}

func (r *Reaper) end(ctx context.Context, p preview.Preview, now time.Time) error {
	code := preview.Idle
	if !p.ExpiresAt.After(now) {
		code = preview.Expired
	}
	return r.Stopper.StopPreview(ctx, p.ID, code)
}
