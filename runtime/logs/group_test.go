package logs

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"previewd/runtime/preview"
)

var traceback = []string{
	"ERROR:app:it broke",
	"Traceback (most recent call last):",
	`  File "/app/main.py", line 3, in <module>`,
	"    {}[1]",
	"KeyError: 1",
}

// groups of the stored log: "seq:group" of each line that is in one.
func (s *memStore) groups(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, l := range s.lines[id] {
		if l.Group > 0 {
			out = append(out, fmt.Sprint(l.Seq, ":", l.Group))
		}
	}
	return strings.Join(out, " ")
}

func pumpInto(t *testing.T, j *Journal, list []preview.LogEntry) {
	t.Helper()
	if err := j.Pump(t.Context(), output(list...), "i", nil); err != nil {
		t.Fatal(err)
	}
}

// Lines of the other stream and of previewd itself stand between those of a traceback.
func TestGroupsAreOfOneStream(t *testing.T) {
	store := newMemStore()
	l, stop := start(t, Options{Store: store})
	j := open(t, l, "p")
	var list []preview.LogEntry
	for i, text := range traceback {
		list = append(list, errOut(int64(10*i), text), out(int64(10*i+1), "tick"))
	}
	pumpInto(t, j, append(list, errOut(100, "INFO:app:going on")))
	closeJournal(t, j)
	if got := store.groups("p"); got != "1:1 3:1 5:1 7:1 9:1" {
		t.Error(got)
	}
	_ = stop()
}

// A traceback goes on when the engine's stream broke off in its middle, and when previewd was started anew there.
func TestGroupsGoOnAfterAResume(t *testing.T) {
	var list []preview.LogEntry
	for i, text := range append(slices.Clone(traceback), "INFO:app:going on") {
		list = append(list, errOut(int64(i), text))
	}
	for cut := range list {
		store := newMemStore()
		l, stop := start(t, Options{Store: store})
		j := open(t, l, "p")
		pumpInto(t, j, list[:cut])
		if cut%2 == 0 {
			closeJournal(t, j)
			_ = stop()
			l, stop = start(t, Options{Store: store})
			j = open(t, l, "p")
		}
		pumpInto(t, j, since(j.Since("i"), list))
		closeJournal(t, j)
		if got := store.groups("p"); got != "1:1 2:1 3:1 4:1 5:1" {
			t.Errorf("cut after %d: %s", cut, got)
		}
		_ = stop()
	}
}

// What a flood took of a traceback is not waited for.
func TestGroupsBeginWithTheFirstLineThatIsThere(t *testing.T) {
	store := newMemStore()
	l, stop := start(t, Options{Store: store, LineRate: 10, LineBurst: 1})
	j := open(t, l, "p")
	list := []preview.LogEntry{errOut(0, "plain")}
	for i, text := range traceback {
		at := int64(1)
		if i >= 2 { // the bucket is full again
			at = int64(i) * 1e9
		}
		list = append(list, errOut(at, text))
	}
	pumpInto(t, j, list)
	closeJournal(t, j)
	if got := store.groups("p"); got != "3:3 4:3 5:3" {
		t.Error(got, store.messages(t, "p"))
	}
	_ = stop()
}

// Frames belong to what stands before them, also where that did not look like an error: to the last line that says something, or to the exception
// whose text has several lines.
func TestFramesOfUnknownErrors(t *testing.T) {
	for name, c := range map[string]struct {
		lines []string
		want  string
	}{
		"a name of its own": {[]string{"NotFound: it is gone", "    at f (/app/a.js:1:2)", "    at g (/app/a.js:3:4)", "}", "over"}, "2:1 3:1 4:1"},
		"an empty line":     {[]string{"it broke", "", "    at f (/app/a.js:1:2)", "over"}, "3:1"},
		"several lines":     {[]string{"Error: several", "lines", "of text", "    at f (/app/a.js:1:2)", "over"}, "1:1 4:1"},
		"too many lines":    {slices.Concat([]string{"Error: several"}, slices.Repeat([]string{"x"}, maxUnframed), []string{"    at f (/app/a.js:1:2)"}), "1:1 22:21"},
		"nothing before":    {[]string{"    at f (/app/a.js:1:2)"}, "1:1"},
	} {
		t.Run(name, func(t *testing.T) {
			store := newMemStore()
			l, stop := start(t, Options{Store: store})
			j := open(t, l, "p")
			var list []preview.LogEntry
			for i, text := range c.lines {
				list = append(list, errOut(int64(i), text))
			}
			pumpInto(t, j, list)
			closeJournal(t, j)
			got := store.groups("p")
			if got != c.want {
				t.Error(got)
			}
			_ = stop()
		})
	}
}

func TestGroupsAreBounded(t *testing.T) {
	var tr tracker
	for i := range mostLines + 1 {
		text := "  more"
		if i == 0 {
			text = "Error: x"
		}
		if _, at := tr.read(preview.Stderr, text); (at == alone) != (i >= mostLines) {
			t.Fatalf("line %d: %d", i+1, at)
		}
	}
}
