package api

import (
	"context"
	"time"
)

// endEvery is how often a preview that another process ends is looked at.
const endEvery = 100 * time.Millisecond

// pause waits, or returns ctx's error when that ends first.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
