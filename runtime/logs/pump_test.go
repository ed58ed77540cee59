package logs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"previewd/runtime/preview"
)

// numbered is an output with everything that makes resuming hard: equal timestamps, two streams whose timestamps cross, long lines in parts,
// lines that a filter takes, a last line without an end.
func numbered() []preview.LogEntry {
	var list []preview.LogEntry
	at := int64(1000)
	for i := range 150 {
		text := fmt.Sprintf("line %d", i)
		switch i % 10 {
		case 3: // the same moment as the line before
			list = append(list, out(at, text))
		case 4: // stderr, stamped before the stdout line it follows
			list = append(list, errOut(at-5, text))
		case 6: // three parts, with stderr between
			at += 10
			list = append(list, partOf(out(at, text[:2])), partOf(out(at, text[2:4])), errOut(at+1, text+" between"), out(at, text[4:]))
		case 8:
			at += 10
			list = append(list, errOut(at, "\x1ereport"), errOut(at, text))
		default:
			at += 10
			list = append(list, out(at, text))
		}
	}
	return append(list, partOf(out(at+10, "the end")))
}

func noReports(_ preview.Stream, line []byte) Filtered {
	return Filtered{Text: line, Keep: !bytes.HasPrefix(line, []byte("\x1e"))}
}

// pumpAll runs one previewd's pump over what an engine has from Since on.
func pumpAll(t *testing.T, store Store, list []preview.LogEntry) {
	t.Helper()
	l, stop := start(t, Options{Store: store, FlushEvery: time.Microsecond})
	j := open(t, l, "p")
	if err := j.Pump(t.Context(), output(since(j.Since("i"), list)...), "i", noReports); err != nil {
		t.Fatal(err)
	}
	closeJournal(t, j)
	if err := stop(); err != nil {
		t.Fatal(err)
	}
}

// A store that holds any prefix of the log, as after kill -9, is completed without a gap and without a repeat.
func TestResumeFromEveryPrefix(t *testing.T) {
	whole := newMemStore()
	pumpAll(t, whole, numbered())
	want := whole.messages(t, "p")
	if len(want) != 150+15+1 || want[len(want)-1] != "the end" {
		t.Fatalf("%d lines, the last is %q", len(want), want[len(want)-1])
	}
	for n := range len(want) {
		half := newMemStore()
		half.lines["p"] = slices.Clone(whole.lines["p"][:n])
		pumpAll(t, half, numbered())
		if got := half.messages(t, "p"); !equalPerStream(half.lines["p"], whole.lines["p"]) {
			t.Fatalf("after %d stored lines: %d lines, want %d", n, len(got), len(want))
		}
	}
}

// equalPerStream compares each stream in order: between streams an engine's order after a resume may differ by the line that was cut.
func equalPerStream(x, y []preview.LogLine) bool {
	of := func(lines []preview.LogLine, s preview.Stream) (texts []string) {
		for _, l := range lines {
			if l.Stream == s {
				texts = append(texts, l.Message)
			}
		}
		return texts
	}
	return slices.Equal(of(x, preview.Stdout), of(y, preview.Stdout)) && slices.Equal(of(x, preview.Stderr), of(y, preview.Stderr))
}

// The engine connection breaks and comes back within one previewd.
func TestResumeInOneProcess(t *testing.T) {
	store := newMemStore()
	l, stop := start(t, Options{Store: store})
	j := open(t, l, "p")
	list := numbered()
	for cut := 7; cut < len(list); cut += 13 {
		r := output(since(j.Since("i"), list[:cut])...)
		r.end = io.ErrUnexpectedEOF
		if err := j.Pump(t.Context(), r, "i", noReports); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatal(err)
		}
	}
	if err := j.Pump(t.Context(), output(since(j.Since("i"), list)...), "i", noReports); err != nil {
		t.Fatal(err)
	}
	closeJournal(t, j)
	whole := newMemStore()
	pumpAll(t, whole, list)
	if store.messages(t, "p"); !equalPerStream(store.lines["p"], whole.lines["p"]) {
		t.Errorf("%d lines, want %d", len(store.lines["p"]), len(whole.lines["p"]))
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
}

func TestSinceOfInstances(t *testing.T) {
	store := newMemStore()
	l, stop := start(t, Options{Store: store})
	j := open(t, l, "p")
	if at := j.Since("i"); !at.IsZero() {
		t.Errorf("a new instance is read from %v", at)
	}
	if err := j.Pump(t.Context(), output(out(0, "a"), errOut(int64(time.Hour), "b")), "i", nil); err != nil {
		t.Fatal(err)
	}
	if at := j.Since("i"); !at.Equal(epoch.Add(time.Hour - maxUnfinished)) {
		t.Errorf("read from %v", at)
	}
	if at := j.Since("other"); !at.IsZero() {
		t.Errorf("another instance is read from %v", at)
	}
	closeJournal(t, j)
	_ = stop()
}

// Where only the position is known, since the last lines are all previewd's own, it decides.
func TestResumeFromThePositionAlone(t *testing.T) {
	store := newMemStore()
	origin := epoch.UnixNano()
	for i := range 300 {
		line := preview.LogLine{PreviewID: "p", Seq: int64(i + 1), Message: "system"}
		if i < 2 {
			line.Origin, line.OriginInstance, line.Message, line.Stream = origin, "i", "old", preview.Stdout
		}
		store.lines["p"] = append(store.lines["p"], line)
	}
	pumpAll(t, store, []preview.LogEntry{out(0, "old"), out(0, "old"), out(0, "new"), out(1, "newer")})
	if got := store.messages(t, "p")[300:]; !slices.Equal(got, []string{"new", "newer"}) {
		t.Errorf("%q", got)
	}
}

func TestPumpEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, stop := start(t, Options{Store: newMemStore()})
		j := open(t, l, "p")
		ctx, cancel := context.WithCancel(t.Context())
		r := output(out(0, "a"))
		r.follow = true
		result := make(chan error, 1)
		go func() { result <- j.Pump(ctx, r, "i", nil) }()
		synctest.Wait()
		cancel()
		if err := <-result; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		closeJournal(t, j)
		_ = stop()
	})
}

func TestLinesAreWhatTheAppWrote(t *testing.T) {
	store := newMemStore()
	pumpAll(t, store, []preview.LogEntry{
		out(1001, "plain"), out(2002, ""), errOut(3, "ERROR: bad"), out(4, "nul\x00 bad\xff utf8\r"),
		out(5, strings.Repeat("x", 100<<10)),
		{Stream: "odd", Timestamp: epoch.Add(6), Text: []byte("other stream")},
	})
	lines := store.lines["p"]
	if got := lines[0]; got.Source != preview.Subprocess || got.Stream != preview.Stdout || !got.Timestamp.Equal(epoch.Add(1000)) ||
		got.Origin != epoch.UnixNano()+1001 || got.OriginInstance != "i" || got.Level != preview.Info {
		t.Errorf("%+v", got)
	}
	if lines[1].Message != "" || lines[2].Level != preview.Error || lines[2].Stream != preview.Stderr || lines[3].Message != "nul\uFFFD bad\uFFFD utf8" {
		t.Errorf("%+v", lines[1:4])
	}
	if got := lines[4].Message; len(got) != 64<<10+len(truncated) || !strings.HasSuffix(got, truncated) {
		t.Errorf("%d bytes", len(got))
	}
}

// A report of the shim stands after whatever the app left unfinished, however long.
func TestFilterSeesTheEndOfALongLine(t *testing.T) {
	filter := func(_ preview.Stream, line []byte) Filtered {
		before, _, found := bytes.Cut(line, []byte("\x1e"))
		if !found {
			t.Errorf("the report is missing in a line of %d bytes", len(line))
		}
		return Filtered{Text: before, Keep: len(before) > 0}
	}
	for _, n := range []int{0, 1, 10, 16<<10 - 1, 64 << 10, 64<<10 + 1, 300 << 10} {
		l, stop := start(t, Options{Store: newMemStore()})
		j := open(t, l, "p")
		var list []preview.LogEntry
		text := strings.Repeat("x", n) + "\x1ereport"
		for len(text) > 16<<10 {
			list = append(list, partOf(errOut(0, text[:16<<10])))
			text = text[16<<10:]
		}
		if err := j.Pump(t.Context(), output(append(list, errOut(0, text))...), "i", filter); err != nil {
			t.Fatal(err)
		}
		want := strings.Repeat("x", min(n, 64<<10))
		if n > 64<<10 {
			want += truncated
		}
		if tail := tailOf(t, j, 9); (n == 0 && len(tail) != 0) || (n > 0 && (len(tail) != 1 || tail[0].Message != want)) {
			t.Errorf("%d bytes: %d lines", n, len(tail))
		}
		closeJournal(t, j)
		_ = stop()
	}
}

// The engine stamps lines before it writes them, and hundreds of one stream may pass one of the other meanwhile.
func TestResumeWithALineThatWasOvertaken(t *testing.T) {
	list := []preview.LogEntry{out(1, "first")}
	for i := range int64(10 * recentLines) {
		list = append(list, errOut(1000+i, "ahead"))
	}
	list = append(list, out(900, "overtaken"), out(5000, "last"))
	store := newMemStore()
	pumpAll(t, store, list[:len(list)-2])
	pumpAll(t, store, list)
	got := store.messages(t, "p")
	if n := len(got); n != len(list) || got[n-2] != "overtaken" {
		t.Errorf("%d lines of %d, the last are %q", n, len(list), got[n-2:])
	}
}
