package logs

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"previewd/runtime/preview"
)

// wantTail compares the messages of the last lines.
func wantTail(t *testing.T, j *Journal, n int, want ...string) {
	t.Helper()
	var got []string
	for _, line := range tailOf(t, j, n) {
		got = append(got, line.Message)
	}
	if !slices.Equal(got, want) {
		t.Errorf("the last %d lines are %q, want %q", n, got, want)
	}
}

func TestTailGoesOnInTheStore(t *testing.T) {
	store := newMemStore()
	for n := range 4 {
		store.lines["p"] = append(store.lines["p"], preview.LogLine{PreviewID: "p", Seq: int64(n + 1), Message: fmt.Sprint("stored ", n+1)})
	}
	l, stop := start(t, Options{Store: store, RingLines: 3})
	j := open(t, l, "p")
	wantTail(t, j, 2, "stored 3", "stored 4")
	wantTail(t, j, 9, "stored 1", "stored 2", "stored 3", "stored 4")
	j.System(preview.Info, "fresh 5")
	j.System(preview.Info, "fresh 6")
	wantTail(t, j, 0)
	wantTail(t, j, 2, "fresh 5", "fresh 6")
	wantTail(t, j, 3, "stored 4", "fresh 5", "fresh 6")
	wantTail(t, j, 9, "stored 1", "stored 2", "stored 3", "stored 4", "fresh 5", "fresh 6")

	store.set(func(s *memStore) { s.down = true })
	if lines, err := j.Tail(t.Context(), 3); !errors.Is(err, errStore) || len(lines) != 2 {
		t.Errorf("without a store: %d lines, %v", len(lines), err)
	}
	store.set(func(s *memStore) { s.down = false })
	j.System(preview.Info, "fresh 7")
	j.System(preview.Info, "fresh 8")
	wantTail(t, j, 9, "fresh 6", "fresh 7", "fresh 8") // there is enough to go by
	closeJournal(t, j)
	_ = stop()
}

func TestTailOverAHole(t *testing.T) {
	store := newMemStore()
	store.lines["p"] = []preview.LogLine{{PreviewID: "p", Seq: 1, Message: "first"}, {PreviewID: "p", Seq: 5, Message: "fifth"}}
	l, stop := start(t, Options{Store: store})
	j := open(t, l, "p")
	store.set(func(s *memStore) {
		s.lines["p"] = append(s.lines["p"], preview.LogLine{PreviewID: "p", Seq: 6, Message: "sixth"})
	})
	j.mu.Lock()
	j.ring.add(preview.LogLine{PreviewID: "p", Seq: 6, Message: "sixth"}) // is stored, too
	j.mu.Unlock()
	wantTail(t, j, 9, "first", "fifth", "sixth")
	_ = stop()
}
