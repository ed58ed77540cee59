package logs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"previewd/runtime/preview"
)

func TestLinesAreStoredInBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newMemStore()
		l, stop := start(t, Options{Store: store})
		j := open(t, l, "p")
		stored := func(when string, appends int, want ...string) {
			t.Helper()
			synctest.Wait()
			store.set(func(s *memStore) {
				if s.appends != appends {
					t.Errorf("%s: %d appends", when, s.appends)
				}
			})
			if got := store.messages(t, "p"); !slices.Equal(got, want) {
				t.Errorf("%s: %q", when, got)
			}
		}
		j.System(preview.Info, "first")
		time.Sleep(18 * time.Millisecond)
		stored("18 ms after silence", 0)
		time.Sleep(2500 * time.Microsecond)
		stored("20 ms after silence", 1, "first")
		j.System(preview.Info, "%d of %d", 1, 2)
		time.Sleep(50 * time.Millisecond)
		j.System(preview.Error, "2 of 2\x00")
		time.Sleep(48 * time.Millisecond)
		stored("98 ms after the last lines", 1, "first")
		time.Sleep(2500 * time.Microsecond)
		stored("100 ms after the last lines", 2, "first", "1 of 2", "2 of 2\uFFFD")
		if got := store.lines["p"][2]; got.Source != preview.System || got.Level != preview.Error || got.Stream != "" || got.Origin != 0 || !got.Timestamp.Equal(time.Now().Add(-50500*time.Microsecond)) {
			t.Errorf("%+v", got)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
}

func TestAFullBatchDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newMemStore()
		l, stop := start(t, Options{Store: store, BatchLines: 10, FlushEvery: time.Hour})
		j := open(t, l, "p")
		for i := range 25 {
			j.System(preview.Info, "%d", i)
		}
		synctest.Wait()
		if n := len(store.messages(t, "p")); n != 20 {
			t.Errorf("%d lines stored", n)
		}
		if err := stop(); err != nil || len(store.messages(t, "p")) != 25 {
			t.Errorf("Run ended with %v and %d lines", err, len(store.messages(t, "p")))
		}
	})
}

func TestOpenReturnsTheSameJournal(t *testing.T) {
	store := newMemStore()
	l, stop := start(t, Options{Store: store})
	var wg sync.WaitGroup
	journals := make([]*Journal, 20)
	for i := range journals {
		wg.Go(func() { journals[i], _ = l.Open(t.Context(), "p", nil) })
	}
	wg.Wait()
	for _, j := range journals {
		if j == nil || j != journals[0] {
			t.Fatal("two journals of one preview")
		}
	}
	journals[0].System(preview.Info, "one")
	closeJournal(t, journals[0])
	closeJournal(t, journals[0])
	journals[0].System(preview.Info, "after the end")
	again := open(t, l, "p")
	if again == journals[0] {
		t.Error("a closed journal was opened again")
	}
	again.System(preview.Info, "two")
	if tail := tailOf(t, again, 5); len(tail) != 2 || tail[0].Message != "one" || tail[1].Seq != 2 {
		t.Errorf("%+v", tail)
	}
	closeJournal(t, again)
	if got := store.messages(t, "p"); !slices.Equal(got, []string{"one", "two"}) {
		t.Errorf("%q", got)
	}
	_ = stop()
}

func TestOpenErrors(t *testing.T) {
	store := newMemStore()
	l, stop := start(t, Options{Store: store})
	store.set(func(s *memStore) { s.down = true })
	if _, err := l.Open(t.Context(), "p", nil); !errors.Is(err, errStore) {
		t.Error(err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := New(Options{Store: slowStore{}}).Open(gone, "p", nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	_ = stop()
}

type slowStore struct{ Store }

func (slowStore) LogPosition(ctx context.Context, _ string) (preview.LogPosition, error) {
	<-ctx.Done()
	return preview.LogPosition{}, ctx.Err()
}

func TestOutageLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newMemStore()
		l, stop := start(t, Options{Store: store, QueueLines: 100})
		j := open(t, l, "p")
		live := subscribe(t, l, "p", 0)
		store.set(func(s *memStore) { s.down = true })
		r := output()
		for i := range 500 {
			r.list = append(r.list, out(int64(i), fmt.Sprint(i)))
		}
		pumped := make(chan error, 1)
		go func() { pumped <- j.Pump(t.Context(), r, "i", nil) }()
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := len(r.list); n != 400 {
			t.Errorf("the pump went on to %d entries", 500-n)
		}
		j.System(preview.Info, "still here")
		for range 101 { // live readers go on
			if _, err := live.Next(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		store.set(func(s *memStore) { s.down = false })
		if err := <-pumped; err != nil {
			t.Fatal(err)
		}
		closeJournal(t, j)
		if n := len(store.messages(t, "p")); n != 501 {
			t.Errorf("%d lines stored", n)
		}
		_ = stop()
	})
}

func TestBeyondTheBoundSystemLinesAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newMemStore()
		l, stop := start(t, Options{Store: store, QueueLines: 10})
		j := open(t, l, "p")
		store.set(func(s *memStore) { s.down = true })
		for i := range 25 {
			j.System(preview.Info, "%d", i)
		}
		store.set(func(s *memStore) { s.down = false })
		time.Sleep(time.Minute)
		j.System(preview.Info, "last")
		closeJournal(t, j)
		got := store.messages(t, "p")
		if len(got) != 22 || got[20] != "dropped 5 lines: they could not be stored" || got[21] != "last" {
			t.Errorf("%q", got)
		}
		_ = stop()
	})
}

func TestRunReportsWhatItCouldNotStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newMemStore()
		l, stop := start(t, Options{Store: store})
		j := open(t, l, "p")
		store.set(func(s *memStore) { s.down = true })
		j.System(preview.Info, "lost")
		if err := stop(); err == nil || !strings.Contains(err.Error(), "1 log lines") {
			t.Error(err)
		}
		if err := j.Close(t.Context()); !errors.Is(err, errStopped) {
			t.Error(err)
		}
	})
}

func TestFlushWaitsForWhatWasAdded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newMemStore()
		l, stop := start(t, Options{Store: store, FlushEvery: time.Hour})
		j := open(t, l, "p")
		j.System(preview.Info, "one")
		if err := j.Flush(t.Context()); err != nil || len(store.messages(t, "p")) != 1 {
			t.Error(err, store.messages(t, "p"))
		}
		store.set(func(s *memStore) { s.down = true })
		j.System(preview.Info, "two")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := j.Flush(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		store.set(func(s *memStore) { s.down = false })
		if err := errors.Join(j.Flush(t.Context()), j.Flush(t.Context())); err != nil || len(store.messages(t, "p")) != 2 {
			t.Error(err, store.messages(t, "p"))
		}
		if err := errors.Join(stop(), j.Flush(t.Context())); err != nil {
			t.Error(err)
		}
		j.System(preview.Info, "too late")
		if err := j.Flush(t.Context()); !errors.Is(err, errStopped) {
			t.Error(err)
		}
	})
}

func TestAJournalIsKeptUntilItIsStored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newMemStore()
		l, stop := start(t, Options{Store: store})
		j := open(t, l, "p")
		store.set(func(s *memStore) { s.down = true })
		j.System(preview.Info, "late")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := j.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if _, err := l.Open(t.Context(), "p", nil); err == nil {
			t.Error("opened anew while lines wait")
		}
		store.set(func(s *memStore) { s.down = false })
		time.Sleep(time.Minute)
		synctest.Wait()
		if again := open(t, l, "p"); again == j || again.seq != 1 {
			t.Errorf("it goes on after %d", again.seq)
		}
		_ = stop()
	})
}

// Lines that the store refuses for ever hold up nobody else's.
func TestPoisonedLinesAreGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newMemStore()
		store.poison = "bad"
		l, stop := start(t, Options{Store: store, RingLines: 1})
		bad, good := open(t, l, "bad"), open(t, l, "good")
		reader := subscribe(t, l, "bad", 0)
		for i := range 3 {
			bad.System(preview.Info, "bad %d", i)
			good.System(preview.Info, "good %d", i)
		}
		closeJournal(t, good)
		closeJournal(t, bad)
		if n := len(store.messages(t, "good")); n != 3 {
			t.Errorf("%d lines", n)
		}
		lines := collect(t, reader)
		if len(lines) != 2 || lines[0].Message != "dropped 2 lines: the stored log no longer has them" || lines[1].Message != "bad 2" {
			t.Errorf("%+v", lines)
		}
		_ = stop()
	})
}

// TestTheStoreComesBackBetweenTwoPreviews when each is tried alone, to find out whose lines it refuses: it refused the first one's by chance.
func TestTheStoreComesBackBetweenTwoPreviews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newMemStore()
		store.back = splitAfter + 3 // all at once, and that once more before the first one alone
		l, stop := start(t, Options{Store: store})
		a, b := open(t, l, "a"), open(t, l, "b")
		for i := range 3 {
			a.System(preview.Info, "a %d", i)
			b.System(preview.Info, "b %d", i)
		}
		closeJournal(t, a)
		closeJournal(t, b)
		for _, id := range []string{"a", "b"} {
			if n := len(store.messages(t, id)); n != 3 {
				t.Errorf("%d of 3 lines of preview %s are stored", n, id)
			}
		}
		_ = stop()
	})
}
