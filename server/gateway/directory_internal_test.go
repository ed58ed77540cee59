package gateway

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"previewd/runtime/preview"
)

// stuckRows answer when they are released, whatever becomes of the question.
type stuckRows chan struct{}

func (s stuckRows) PreviewByHost(context.Context, string) (preview.Preview, error) {
	<-s
	return preview.Preview{ID: "p"}, nil
}

// TestNobodyWaitsForADatabaseThatIsStuck: all who ask are told that it gives no answer, and the first one after its return gets the preview.
func TestNobodyWaitsForADatabaseThatIsStuck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rows := make(stuckRows)
		d := newDirectory(rows, time.Now)
		for range 2 {
			if _, err := d.find(t.Context(), "one"); !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
		}
		close(rows)
		synctest.Wait()
		if p, err := d.find(t.Context(), "one"); err != nil || p.ID != "p" {
			t.Error(p, err)
		}
	})
}
