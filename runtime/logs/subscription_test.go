package logs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"previewd/runtime/preview"
)

// Readers that join at any time, from any place, all see one order without gap or repeat, whether lines come from the store or from memory.
func TestReadersSeeOneOrder(t *testing.T) {
	const total = 3000
	store := newMemStore()
	l, stop := start(t, Options{Store: store, RingLines: 50, BatchLines: 40, FlushEvery: time.Millisecond, LagLines: 1 << 30})
	j := open(t, l, "p")
	var wg sync.WaitGroup
	read := func(after int64) {
		s := subscribe(t, l, "p", after)
		want := after
		for {
			line, err := s.Next(t.Context())
			if errors.Is(err, io.EOF) {
				break
			}
			if want++; err != nil || line.Seq != want || line.Message != fmt.Sprint(want) {
				t.Errorf("after %d: line %d is %d %q, %v", after, want, line.Seq, line.Message, err)
				return
			}
		}
		if want != total {
			t.Errorf("after %d: the last line was %d", after, want)
		}
	}
	for i := 1; i <= total; i++ {
		if i%100 == 50 {
			after := rand.Int64N(int64(i))
			wg.Go(func() { read(after) })
		}
		j.System(preview.Info, "%d", i)
	}
	closeJournal(t, j)
	wg.Wait()
	for _, after := range []int64{0, 1, 2990, total} { // the journal is closed: all from the store
		read(after)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestASlowReaderLosesLinesAndIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newMemStore()
		l, stop := start(t, Options{Store: store, RingLines: 10, LagLines: 50})
		j := open(t, l, "p")
		slow, never := subscribe(t, l, "p", 0), subscribe(t, l, "p", 0)
		j.System(preview.Info, "1")
		if line, err := slow.Next(t.Context()); err != nil || line.Seq != 1 {
			t.Fatal(line, err)
		}
		for i := 2; i <= 100; i++ {
			j.System(preview.Info, "%d", i)
		}
		time.Sleep(time.Second)
		closeJournal(t, j)
		lines := collect(t, slow)
		if len(lines) != 11 || lines[0].Seq != 0 || lines[0].Message != "dropped 89 lines: this reader is too slow" || lines[1].Seq != 91 || lines[10].Seq != 100 {
			t.Errorf("%d lines, the first are %+v", len(lines), lines[:min(2, len(lines))])
		}
		if lines := collect(t, never); len(lines) != 100 {
			t.Errorf("one that still replays lost lines: it has %d", len(lines))
		}
		_ = stop()
	})
}

// Within the lag a reader that fell out of the ring catches up from the store.
func TestAReaderCatchesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, stop := start(t, Options{Store: newMemStore(), RingLines: 10})
		j := open(t, l, "p")
		s := subscribe(t, l, "p", 0)
		for i := 1; i <= 500; i++ {
			j.System(preview.Info, "%d", i)
			if i == 1 {
				if _, err := s.Next(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		}
		for want := int64(2); want <= 500; want++ { // the first of them wait for the writer
			if line, err := s.Next(t.Context()); err != nil || line.Seq != want {
				t.Fatalf("line %d: %+v, %v", want, line, err)
			}
		}
		closeJournal(t, j)
		_ = stop()
	})
}

func TestNextWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, stop := start(t, Options{Store: newMemStore()})
		j := open(t, l, "p")
		s := subscribe(t, l, "p", 0)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := s.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		got := make(chan preview.LogLine, 1)
		go func() {
			line, _ := s.Next(t.Context())
			got <- line
		}()
		synctest.Wait()
		j.System(preview.Info, "now")
		if line := <-got; line.Message != "now" {
			t.Errorf("%+v", line)
		}
		s.Close()
		s.Close()
		if len(j.readers) != 0 {
			t.Error("a closed subscription is still woken")
		}
		closeJournal(t, j)
		_ = stop()
	})
}

func TestReplayErrors(t *testing.T) {
	store := newMemStore()
	l, stop := start(t, Options{Store: store})
	s := subscribe(t, l, "unknown", -5)
	store.set(func(s *memStore) { s.down = true })
	if _, err := s.Next(t.Context()); !errors.Is(err, errStore) {
		t.Error(err)
	}
	store.set(func(s *memStore) { s.down = false })
	if lines := collect(t, s); len(lines) != 0 {
		t.Error(lines)
	}
	s.Close()
	_ = stop()
}

func TestRingIsBoundedInBytes(t *testing.T) {
	r := newRing(1000, 10_000, 0)
	for i := range int64(100) {
		r.add(preview.LogLine{Seq: i + 1, Message: string(make([]byte, 872))})
	}
	if len(r.lines) != 10 || r.first != 91 || r.bytes != 10_000 {
		t.Errorf("%d lines from %d, %d bytes", len(r.lines), r.first, r.bytes)
	}
	if page := r.after(90, 100, 2500); len(page) != 2 || page[0].Seq != 91 {
		t.Errorf("a page of %d", len(page))
	}
	if page := r.after(99, 100, 1); len(page) != 1 {
		t.Errorf("a page of %d", len(page))
	}
	r.add(preview.LogLine{Seq: 101, Message: string(make([]byte, 20_000))})
	if len(r.lines) != 1 || r.first != 101 || len(r.last(5)) != 1 {
		t.Errorf("after a line larger than all: %d lines from %d", len(r.lines), r.first)
	}
}

// What retention removed of the log's beginning, and whatever else is missing, is told in its place.
func TestMissingLinesAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newMemStore()
		l, stop := start(t, Options{Store: store, RingLines: 2})
		j := open(t, l, "p")
		for i := range 10 {
			j.System(preview.Info, "line %d", i+1)
		}
		if err := j.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		store.set(func(s *memStore) { s.lines["p"] = append(s.lines["p"][3:5:5], s.lines["p"][7:]...) }) // 4, 5, 8, 9, 10 are left
		follows := map[int64]string{
			0: "-3 4 5 -2 8 9 10", 1: "-2 4 5 -2 8 9 10", 3: "4 5 -2 8 9 10", 5: "-2 8 9 10", 6: "-1 8 9 10", 7: "8 9 10", 9: "10",
		}
		for after, want := range follows {
			s := subscribe(t, l, "p", after)
			if got := shape(t, s, 10); got != want {
				t.Errorf("after %d, live: %s, want %s", after, got, want)
			}
		}
		closeJournal(t, j)
		for after, want := range follows {
			s := subscribe(t, l, "p", after)
			if got := shape(t, s, 10); got != want {
				t.Errorf("after %d: %s, want %s", after, got, want)
			}
		}
		if n := l.Stats().DroppedSlow; n != 0 {
			t.Errorf("%d lines are put down to slow readers", n)
		}
		_ = stop()
	})
}

// shape is what a subscription gives up to a seq: seqs, and how many lines are told to be missing.
func shape(t *testing.T, s *Subscription, last int64) string {
	t.Helper()
	var all []string
	for {
		line, err := s.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if line.Seq > 0 {
			all = append(all, fmt.Sprint(line.Seq))
		} else {
			var n int
			if _, err := fmt.Sscanf(line.Message, "dropped %d lines: the stored log no longer has them", &n); err != nil {
				t.Errorf("%q: %v", line.Message, err)
			}
			all = append(all, fmt.Sprint(-n))
		}
		if line.Seq == last {
			return strings.Join(all, " ")
		}
	}
}
