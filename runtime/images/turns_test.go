package images

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
)

func TestTurnsOneAtATime(t *testing.T) {
	var ts turns
	var inside, most atomic.Int32
	var done sync.WaitGroup
	for range 20 {
		done.Go(func() {
			release, err := ts.take(t.Context(), "k", nil)
			if err != nil {
				t.Error(err)
				return
			}
			if n := inside.Add(1); n > most.Load() {
				most.Store(n)
			}
			inside.Add(-1)
			release()
		})
	}
	done.Wait()
	if most.Load() != 1 {
		t.Errorf("%d at once", most.Load())
	}
	if len(ts.keys) != 0 {
		t.Errorf("%d keys kept", len(ts.keys))
	}
}

func TestTurnsCancelledAlone(t *testing.T) {
	var ts turns
	release, err := ts.take(t.Context(), "k", func() { t.Error("nobody was before") })
	if err != nil {
		t.Fatal(err)
	}
	other, err := ts.take(t.Context(), "other", nil)
	if err != nil {
		t.Fatal(err)
	}
	other()
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := ts.take(ctx, "k", cancel); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	release()
	release, err = ts.take(t.Context(), "k", nil)
	if err != nil {
		t.Fatal(err)
	}
	release()
	if len(ts.keys) != 0 {
		t.Errorf("%d keys kept", len(ts.keys))
	}
}
