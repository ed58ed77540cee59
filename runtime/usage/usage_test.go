package usage

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"previewd/runtime/preview"
)

// engine counts its readings; each takes a while.
type engine struct {
	mu    sync.Mutex
	reads map[string]int
	takes time.Duration
	err   error
}

func (e *engine) Stats(ctx context.Context, id string) (preview.Stats, error) {
	select {
	case <-time.After(e.takes):
	case <-ctx.Done():
		return preview.Stats{}, ctx.Err()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.reads == nil {
		e.reads = map[string]int{}
	}
	e.reads[id]++
	return preview.Stats{PIDs: uint64(e.reads[id])}, e.err
}

func TestReadingsAreSharedForASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &engine{takes: 5 * time.Millisecond}
		s := New(e)
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() {
				if got, err := s.Stats(t.Context(), "a"); err != nil || got.PIDs != 1 {
					t.Error(got, err)
				}
			})
		}
		wg.Wait()
		time.Sleep(fresh - time.Nanosecond)
		if got, _ := s.Stats(t.Context(), "a"); got.PIDs != 1 {
			t.Error("read again too soon")
		}
		time.Sleep(time.Nanosecond)
		if got, _ := s.Stats(t.Context(), "a"); got.PIDs != 2 {
			t.Error("the reading is stale:", got)
		}
		if got, _ := s.Stats(t.Context(), "b"); got.PIDs != 1 {
			t.Error("another instance's reading:", got)
		}
	})
}

func TestTroubleIsSharedToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &engine{err: preview.ErrEngineUnavailable}
		s := New(e)
		for range 3 {
			if _, err := s.Stats(t.Context(), "a"); !errors.Is(err, preview.ErrEngineUnavailable) {
				t.Error(err)
			}
		}
		if e.reads["a"] != 1 {
			t.Error(e.reads)
		}
	})
}

// TestWhoLeavesTakesNoReadingAlong: the one who asked first goes, the others get what he asked for.
func TestWhoLeavesTakesNoReadingAlong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(&engine{takes: time.Second})
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		first := make(chan error)
		go func() { _, err := s.Stats(ctx, "a"); first <- err }()
		synctest.Wait()
		second := make(chan error)
		go func() { _, err := s.Stats(t.Context(), "a"); second <- err }()
		if err := <-first; !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if err := <-second; err != nil {
			t.Error(err)
		}
	})
}

func TestEnginesThatHangAreGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		if _, err := New(&engine{takes: time.Hour}).Stats(t.Context(), "a"); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != readTimeout {
			t.Error(err, time.Since(began))
		}
	})
}

func TestOldReadingsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(&engine{})
		_, _ = s.Stats(t.Context(), "gone")
		time.Sleep(forgotten + 1)
		_, _ = s.Stats(t.Context(), "a")
		if _, there := s.last["gone"]; there || len(s.last) != 1 {
			t.Error(s.last)
		}
	})
}
