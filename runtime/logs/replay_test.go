package logs

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"previewd/runtime/preview"
)

// pumped is what is stored of an output.
func pumped(t *testing.T, list ...preview.LogEntry) []string {
	t.Helper()
	store := newMemStore()
	l, stop := start(t, Options{Store: store, LineRate: -1, ByteRate: -1})
	j := open(t, l, "p")
	if err := j.Pump(t.Context(), output(list...), "i", nil); err != nil {
		t.Fatal(err)
	}
	closeJournal(t, j)
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	return store.messages(t, "p")
}

func TestWhatTheEngineRepeatsIsThereOnce(t *testing.T) {
	for name, c := range map[string]struct {
		list []preview.LogEntry
		want string
	}{
		"the last line":         {[]preview.LogEntry{out(1, "a"), out(2, "b"), out(2, "b"), out(3, "c")}, "a b c"},
		"several":               {[]preview.LogEntry{out(1, "a"), out(2, "b"), out(3, "c"), out(2, "b"), out(3, "c"), out(4, "d")}, "a b c d"},
		"twice":                 {[]preview.LogEntry{out(1, "a"), out(2, "b"), out(1, "a"), out(2, "b"), out(1, "a"), out(2, "b"), out(3, "c")}, "a b c"},
		"one stream":            {[]preview.LogEntry{out(1, "a"), errOut(2, "b"), out(3, "c"), out(1, "a"), out(3, "c"), errOut(4, "d")}, "a b c d"},
		"both streams":          {[]preview.LogEntry{out(2, "a"), errOut(1, "b"), out(2, "a"), errOut(1, "b"), errOut(2, "c")}, "a b c"},
		"with a long line":      {[]preview.LogEntry{out(1, "a"), partOf(out(2, "b")), partOf(out(2, "b")), out(2, "c"), partOf(out(2, "b")), partOf(out(2, "b")), out(2, "c"), out(3, "d")}, "a bbc d"},
		"alike, at other times": {[]preview.LogEntry{out(1, "a"), out(2, "a"), out(3, "a")}, "a a a"},
		"alike, and the clock counts microseconds": {[]preview.LogEntry{out(1000, "a"), out(1000, "a"), out(2000, "a"), out(1000, "a"), out(1000, "a"), out(2000, "a"), out(3000, "b")}, "a a a b"},
		"others, at one time":                      {[]preview.LogEntry{out(1, "a"), out(1, "b"), out(1, "c")}, "a b c"},
		"a clock put back":                         {[]preview.LogEntry{out(100, "a"), out(50, "b"), out(60, "a"), out(100, "c")}, "a b a c"},
	} {
		if got := strings.Join(pumped(t, c.list...), " "); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// The files rotate again and again, and what is repeated begins anywhere.
func TestRotationsAtRandom(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	var all, list []preview.LogEntry
	var want []string
	for n := range int64(3000) {
		e := out(1000*n+int64(random.IntN(500)), fmt.Sprint(n))
		if random.IntN(3) == 0 {
			e.Stream = preview.Stderr
		}
		all, list, want = append(all, e), append(list, e), append(want, fmt.Sprint(n))
		if random.IntN(50) == 0 {
			list = append(list, all[random.IntN(len(all)):]...)
		}
	}
	if got := pumped(t, list...); !slices.Equal(got, want) {
		t.Errorf("%d lines of %d", len(got), len(want))
	}
}

// A pump that was far behind gets a whole file again.
func TestAWholeFileComesAgain(t *testing.T) {
	d := delivered{}
	for range 2 {
		for i := range 600_000 {
			d.again(entry{origin: int64(i)*100_000 + 1, sum: 1}, false)
		}
	}
	if len(d.entries) != 600_000 {
		t.Errorf("%d are remembered", len(d.entries))
	}
}

func TestOldEntriesAreForgotten(t *testing.T) {
	d := delivered{}
	for i := range 3 * replayEntries {
		d.again(entry{origin: int64(i)}, false)
	}
	if len(d.entries) != replayEntries || d.again(entry{origin: 1}, false) {
		t.Errorf("%d are remembered", len(d.entries))
	}
	d.again(entry{origin: 1 << 60}, false)
	if len(d.entries) != 1 {
		t.Errorf("%d are remembered after a long time", len(d.entries))
	}
}
