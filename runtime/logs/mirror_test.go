package logs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"previewd/runtime/preview"
)

// follow reads a log through another process until the reader has all of it. Each end of a subscription is followed by the next, as API does.
func follow(ctx context.Context, l *Logs, after, until int64) error {
	for at := after; at < until; {
		s, err := l.Follow(ctx, "p", at)
		if err != nil {
			return err
		}
		for at < until {
			line, err := s.Next(ctx)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return err
			}
			if at++; line.Seq != at || line.Message != fmt.Sprint(at) {
				return fmt.Errorf("after %d came %d %q", at-1, line.Seq, line.Message)
			}
		}
		s.Close()
	}
	return nil
}

// TestReadersOfAnotherProcessSeeOneOrder: one process writes, others tell the lines to readers who join at any place.
func TestReadersOfAnotherProcessSeeOneOrder(t *testing.T) {
	const total = 5000
	store := newMemStore()
	var there *Logs
	here, stop := start(t, Options{Store: store, BatchLines: 40, FlushEvery: time.Millisecond, Stored: func(id string) { there.Heard(id) }})
	there, stopThere := start(t, Options{Store: store, RingLines: 50, LagLines: 1 << 30})
	j := open(t, here, "p")
	var wg sync.WaitGroup
	for i := int64(1); i <= total; i++ {
		j.System(preview.Info, "%d", i)
		if i%250 == 0 {
			wg.Go(func() {
				if err := follow(t.Context(), there, i*7%(i+1), total); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	closeJournal(t, j)
	if err := errors.Join(stop(), stopThere()); err != nil {
		t.Error(err)
	}
}

func TestAMirrorEndsWhenThereMayBeNews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newMemStore()
		there, stop := start(t, Options{Store: store})
		put := func(seq int64) {
			line := preview.LogLine{PreviewID: "p", Seq: seq, Message: fmt.Sprint(seq), Source: preview.System}
			if err := store.AppendLogs(t.Context(), []preview.LogLine{line}); err != nil {
				t.Fatal(err)
			}
		}
		begin := func() (s *Subscription, took func() time.Duration) {
			s, err := there.Follow(t.Context(), "p", 1)
			if err != nil {
				t.Fatal(err)
			}
			since := time.Now()
			return s, func() time.Duration { return time.Since(since) }
		}
		put(1)

		s, took := begin()
		put(2)
		there.Changed("other")
		there.Changed("p")
		if line, err := s.Next(t.Context()); err != nil || line.Seq != 2 { // what there is comes first
			t.Errorf("got %+v, %v", line, err)
		}
		if _, err := s.Next(t.Context()); !errors.Is(err, io.EOF) || took() > 0 {
			t.Errorf("it ended with %v after %v", err, took())
		}

		s, took = begin()
		put(3) // nobody tells: it is found out
		for want := int64(2); want <= 3; want++ {
			if line, err := s.Next(t.Context()); err != nil || line.Seq != want || took() > mirrorLook {
				t.Errorf("got %+v, %v after %v", line, err, took())
			}
		}
		if _, err := s.Next(t.Context()); !errors.Is(err, io.EOF) || took() < mirrorSilent {
			t.Errorf("a silent log ended with %v after %v", err, took())
		}

		s, took = begin()
		j := open(t, there, "p") // taken over
		for want := int64(2); want <= 3; want++ {
			if line, err := s.Next(t.Context()); err != nil || line.Seq != want {
				t.Errorf("got %+v, %v", line, err)
			}
		}
		if _, err := s.Next(t.Context()); !errors.Is(err, io.EOF) || took() > 0 {
			t.Errorf("it ended with %v after %v", err, took())
		}
		own, err := there.Follow(t.Context(), "p", 3)
		if err != nil {
			t.Fatal(err)
		}
		j.System(preview.Info, "own")
		if line, err := own.Next(t.Context()); err != nil || line.Message != "own" || took() > 0 {
			t.Errorf("got %+v, %v after %v", line, err, took())
		}
		closeJournal(t, j)
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
}

func TestAMirrorWithoutAStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newMemStore()
		l, stop := start(t, Options{Store: store})
		s, err := l.Follow(t.Context(), "p", 0)
		if err != nil {
			t.Fatal(err)
		}
		store.set(func(s *memStore) { s.down = true })
		l.Heard()
		if _, err := l.Follow(t.Context(), "q", 0); !errors.Is(err, errStore) {
			t.Errorf("a log that cannot be looked up: %v", err)
		}
		store.set(func(s *memStore) { s.down = false })
		if _, err := s.Next(t.Context()); !errors.Is(err, io.EOF) {
			t.Errorf("it ended with %v", err)
		}
		s.Close()
		if _, err := l.Follow(t.Context(), "p", 0); err != nil { // nobody reads it: it ends by itself
			t.Fatal(err)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
}
