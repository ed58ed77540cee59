package logs

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"previewd/runtime/preview"
)

// counting reads "#written dropped fresh" at the end of a line as a count.
func counting(_ preview.Stream, line []byte) Filtered {
	before, counts, found := strings.Cut(string(line), "#")
	f := Filtered{Text: []byte(before), Keep: !found || before != ""}
	if found {
		f.Count = &Count{}
		_, _ = fmt.Sscan(counts, &f.Count.Written, &f.Count.Dropped, &f.Count.Fresh)
	}
	return f
}

const tooMany = ": the app writes more than 5000 lines or 4096 KB a second"

// flow is what an instance wrote, with counts, and what it reads like.
var (
	flow = []preview.LogEntry{
		out(1, "1"), out(2, "2"), errOut(3, "e1"), out(4, "#2 3 3"), out(5, "3"), errOut(6, "#1 0 0"), errOut(7, "e2"),
		out(8, "4#4 3 0"), out(9, "5"), errOut(10, "#2 7 7"), out(11, "6"), errOut(12, "e3"), out(13, "#6 5 2"),
	}
	flowReads = []string{"1", "2", "e1", "dropped 3 lines" + tooMany, "3", "e2", "4", "5", "dropped 7 lines" + tooMany, "6", "e3", "dropped 2 lines" + tooMany}
)

func pumpCounting(t *testing.T, j *Journal, list []preview.LogEntry) {
	t.Helper()
	if err := j.Pump(t.Context(), output(since(j.Since("i"), list)...), "i", counting); err != nil {
		t.Fatal(err)
	}
}

// Wherever the engine's stream breaks off, and wherever previewd dies: every drop is told once, in its place.
func TestDropsOfProcessOneAreToldOnce(t *testing.T) {
	for stop := range len(flow) {
		for _, dies := range []bool{false, true} {
			store := newMemStore()
			l, end := start(t, Options{Store: store})
			j := open(t, l, "p")
			pumpCounting(t, j, flow[:stop])
			if dies {
				closeJournal(t, j)
				_ = end()
				l, end = start(t, Options{Store: store})
				j = open(t, l, "p")
			}
			pumpCounting(t, j, flow)
			closeJournal(t, j)
			if got := store.messages(t, "p"); !slices.Equal(got, flowReads) {
				t.Errorf("stopped at %d, died %v: %q", stop, dies, got)
			}
			_ = end()
		}
	}
}

// The store lost the end of what the engine had: the notice, too, comes again.
func TestADropThatWasNotStoredIsToldAgain(t *testing.T) {
	for stored := range len(flowReads) {
		store := newMemStore()
		l, end := start(t, Options{Store: store})
		j := open(t, l, "p")
		pumpCounting(t, j, flow)
		closeJournal(t, j)
		_ = end()
		store.set(func(s *memStore) { s.lines["p"] = s.lines["p"][:stored] })
		l, end = start(t, Options{Store: store})
		j = open(t, l, "p")
		pumpCounting(t, j, flow)
		closeJournal(t, j)
		if got := store.messages(t, "p"); !slices.Equal(got, flowReads) {
			t.Errorf("%d stored: %q", stored, got)
		}
		_ = end()
	}
}

// The engine's log files rotated before they were read.
func TestLinesTheEngineLostAreCounted(t *testing.T) {
	store := newMemStore()
	l, end := start(t, Options{Store: store})
	j := open(t, l, "p")
	pumpCounting(t, j, []preview.LogEntry{
		out(1, "1"), out(2, "2"), out(3, "#2 0 0"), out(40, "20"), out(41, "21"), out(42, "#21 6 6"), out(43, "22"), out(44, "#22 6 0"), out(45, "#20 0 0"),
	})
	closeJournal(t, j)
	want := []string{"1", "2", "20", "21", "dropped 17 lines: " + unread, "dropped 6 lines" + tooMany, "22"}
	if got := store.messages(t, "p"); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	s := l.Stats()
	if s.DroppedOutrun != 17 || s.DroppedFlooded != 6 || s.Lines != 5 || s.Bytes != 8 || s.Stored != int64(len(want)) || s.Journals != 0 || s.QueueLines != 0 {
		t.Errorf("%+v", s)
	}
	_ = end()
}

// They rotated while previewd was away: nobody knows how many lines there were.
func TestAGapAfterARestartIsTold(t *testing.T) {
	store := newMemStore()
	l, end := start(t, Options{Store: store})
	j := open(t, l, "p")
	pumpCounting(t, j, []preview.LogEntry{out(1, "1"), errOut(2, "e1"), out(3, "2")})
	closeJournal(t, j)
	_ = end()
	l, end = start(t, Options{Store: store})
	j = open(t, l, "p")
	pumpCounting(t, j, []preview.LogEntry{errOut(2, "e1"), out(500, "50"), out(501, "51"), errOut(502, "e2"), out(503, "#51 0 0"), out(504, "52"), out(505, "#52 0 0")})
	closeJournal(t, j)
	want := []string{"1", "e1", "2", "dropped an unknown number of lines: " + unread, "50", "51", "e2", "52"}
	if got := store.messages(t, "p"); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if s := l.Stats(); s.DroppedOutrun != 1 {
		t.Errorf("%+v", s)
	}
	_ = end()
}

func TestRatesCanBeOff(t *testing.T) {
	for _, o := range []Options{{LineRate: -1, ByteRate: -1}, {LineRate: -1}, {ByteRate: -1}} {
		o.Store = newMemStore()
		l, end := start(t, o)
		j := open(t, l, "p")
		var list []preview.LogEntry
		for i := range int64(50_000) {
			list = append(list, out(i, "flood"))
		}
		pumpCounting(t, j, list)
		closeJournal(t, j)
		if s, want := l.Stats(), o.LineRate < 0; s.Lines != 50_000 || (s.DroppedFlooded == 0) != want {
			t.Errorf("%d, %d: %+v", o.LineRate, o.ByteRate, s)
		}
		_ = end()
	}
	for want, o := range map[string]Options{
		"the app writes more than 7 lines a second": {LineRate: 7, ByteRate: -1},
		"the app writes more than 8 KB a second":    {LineRate: -1, ByteRate: 8 << 10},
	} {
		if got := o.floods(); got != want {
			t.Error(got)
		}
	}
}

func TestStatsOfReaders(t *testing.T) {
	l, end := start(t, Options{Store: newMemStore()})
	j := open(t, l, "p")
	s := subscribe(t, l, "p", 0)
	if got := l.Stats(); got.Readers != 1 || got.Journals != 1 {
		t.Errorf("%+v", got)
	}
	s.Close()
	s.Close()
	if got := l.Stats(); got.Readers != 0 {
		t.Errorf("%+v", got)
	}
	closeJournal(t, j)
	if _, err := s.Next(t.Context()); !errors.Is(err, io.EOF) {
		t.Error(err)
	}
	_ = end()
}
