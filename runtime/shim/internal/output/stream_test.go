package output

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sys/unix"

	"previewd/runtime/shim/internal/wire"
)

// file is a stream whose engine is a file. Nothing copies: tests call take.
func file(t testing.TB, lines, bytes int) (*stream, func() []byte) {
	t.Helper()
	f, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	s, err := newStream(int(f.Fd()), newLimit(lines, bytes), func(r wire.Report) []byte { return wire.AppendReport(nil, nonce, r) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = s.pipe.Close(), unix.Close(s.app) })
	return s, func() []byte {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
}

// engine is what somebody learns who reads the log.
type engine struct {
	lines   []string
	dropped int64
	before  []int64 // dropped lines before each line and after the last
}

// readLog reads it as previewd does and checks every count against what is there.
func readLog(log []byte) (e engine, err error) {
	e.before = []int64{0}
	var told wire.Report
	for line := range bytes.Lines(log) {
		before, r, ok := wire.ParseReport(nonce, bytes.TrimSuffix(line, []byte("\n")))
		if !ok || len(before) > 0 {
			e.lines, e.before = append(e.lines, string(before)), append(e.before, 0)
		}
		if !ok || r.Kind != wire.ReportOutput {
			continue
		}
		if r.Written != int64(len(e.lines)) || r.Dropped != told.Dropped+r.Fresh {
			err = errors.Join(err, fmt.Errorf("%+v after %d lines and %+v", r, len(e.lines), told))
		}
		e.before[len(e.before)-1] += r.Fresh
		e.dropped, told = r.Dropped, r
	}
	return e, err
}

func finish(t testing.TB, s *stream) {
	t.Helper()
	close(s.ended)
	app, err := unix.FcntlInt(uintptr(s.app), unix.F_DUPFD_CLOEXEC, 0) // finish closes one
	if err != nil {
		t.Fatal(err)
	}
	s.finish(t.Context())
	s.app = app
}

var start0 = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)

func TestAFloodIsCutAndCounted(t *testing.T) {
	s, log := file(t, 10, 1<<20) // 40 at once, and again when 4 are free
	for i := range 100 {
		s.take(fmt.Appendf(nil, "line %d\n", i), start0)
	}
	s.take([]byte("line 100\nline "), start0.Add(300*time.Millisecond))
	s.take([]byte("101\nline 102\n"), start0.Add(400*time.Millisecond))
	s.take([]byte("line 103\n"), start0.Add(500*time.Millisecond))
	finish(t, s)
	e, err := readLog(log())
	if err != nil || len(e.lines) != 42 || e.lines[40] != "line 102" || e.before[40] != 62 || e.dropped != 62 || e.lines[41] != "line 103" {
		t.Errorf("%d lines, %d dropped, %v: %q", len(e.lines), e.dropped, err, e.lines[max(0, len(e.lines)-3):])
	}
}

func TestBytesAreBoundedToo(t *testing.T) {
	s, log := file(t, 0, 1000)
	for range 100 {
		s.take([]byte(strings.Repeat("x", 999)+"\n"), start0)
	}
	finish(t, s)
	if e, err := readLog(log()); err != nil || len(e.lines) != 4 || e.dropped != 96 {
		t.Errorf("%d lines, %d dropped, %v", len(e.lines), e.dropped, err)
	}
}

func TestNoBounds(t *testing.T) {
	s, log := file(t, 0, 0)
	for range 3 {
		s.take(bytes.Repeat([]byte("line\n"), countLines), start0)
	}
	finish(t, s)
	e, err := readLog(log())
	if err != nil || len(e.lines) != 3*countLines || e.dropped != 0 || bytes.Count(log(), []byte(wire.Marker)) < 3 {
		t.Errorf("%d lines, %d dropped, %v", len(e.lines), e.dropped, err)
	}
}

func TestLongLinesAreCut(t *testing.T) {
	s, log := file(t, 0, 0)
	for range 100 {
		s.take(bytes.Repeat([]byte{'x'}, 10_000), start0)
	}
	s.take([]byte("end\nnext\n"+strings.Repeat("y", maxLine)+"\n"+strings.Repeat("z", maxLine+1)), start0)
	finish(t, s)
	e, err := readLog(log())
	if err != nil || len(e.lines) != 4 || e.lines[0] != strings.Repeat("x", maxLine) || e.lines[1] != "next" || len(e.lines[2]) != maxLine || len(e.lines[3]) != maxLine {
		t.Errorf("%d lines, %v", len(e.lines), err)
	}
}

// What was dropped last is told when the app falls silent, and all the time while it floods.
func TestDropsAreToldInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, log := file(t, 1, 0)
		s.take(bytes.Repeat([]byte("line\n"), 10), time.Now())
		if e, _ := readLog(log()); e.dropped != 0 {
			t.Error("told at once: another line may follow")
		}
		time.Sleep(tellAfter + time.Millisecond)
		synctest.Wait()
		if e, err := readLog(log()); err != nil || e.dropped != 6 {
			t.Errorf("%d told, %v", e.dropped, err)
		}
		s.take([]byte("unfinished"), time.Now()) // one is free again
		s.take([]byte("\nline\nunfi"), time.Now())
		time.Sleep(tellAfter + time.Millisecond)
		synctest.Wait()
		if e, err := readLog(log()); err != nil || e.dropped != 7 {
			t.Errorf("%d told, %v", e.dropped, err)
		}
		finish(t, s)
		if e, err := readLog(log()); err != nil || e.dropped != 8 {
			t.Errorf("%d told, %v", e.dropped, err)
		}
	})
}

// The engine reads slowly from a pipe that does not block.
func TestAFullPipeIsWaitedFor(t *testing.T) {
	r, w := pipe(t)
	if err := unix.SetNonblock(int(w.Fd()), true); err != nil {
		t.Fatal(err)
	}
	s, _ := file(t, 0, 0)
	s.fd = int(w.Fd())
	text := bytes.Repeat([]byte("0123456789abcde\n"), 1<<14)
	go func() {
		s.take(text, start0)
		_ = w.Close()
	}()
	got, err := io.ReadAll(r)
	if err != nil || !bytes.HasPrefix(got, text[:1<<17]) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	s.fd = 1 << 20 // nobody reads any more: the app goes on
	s.take(text, start0)
}

// However output, reports and time fall: the log holds lines of the app, in order, and counts for all others.
func FuzzStream(f *testing.F) {
	f.Add([]byte("a\nbb\n\nccc"), []byte{1, 2, 3, 200, 4})
	f.Add(bytes.Repeat([]byte("x\n"), 100), []byte{9, 255, 9, 130, 20})
	f.Fuzz(func(t *testing.T, text, steps []byte) {
		if len(steps) > 100 || bytes.Contains(text, []byte(wire.Marker)) {
			t.Skip()
		}
		s, log := file(t, 3, 50)
		now, rest, broken := start0, text, 0
		for _, step := range steps {
			switch {
			case step >= 250:
				s.say(wire.AppendReport(nil, nonce, wire.Report{Kind: wire.ReportHealth}), 0)
				broken++
			case step >= 200:
				s.hush() // instead of its time
				s.tellLate()
			case step >= 128:
				now = now.Add(time.Duration(step) * 10 * time.Millisecond)
			default:
				n := min(int(step), len(rest))
				s.take(rest[:n], now)
				rest = rest[n:]
			}
		}
		s.take(rest, now)
		finish(t, s)
		e, err := readLog(log())
		if err != nil {
			t.Fatal(err)
		}
		all := strings.SplitAfter(string(text), "\n")
		if all[len(all)-1] == "" {
			all = all[:len(all)-1]
		}
		if n := len(e.lines) + int(e.dropped); n < len(all) || n > len(all)+broken {
			t.Errorf("%d lines and %d dropped of %d, %d of them broken: %q", len(e.lines), e.dropped, len(all), broken, log())
		}
		if broken == 0 {
			checkOrder(t, e, all)
		}
	})
}

// checkOrder: between two lines are as many of the app's as are told to be missing.
func checkOrder(t *testing.T, e engine, all []string) {
	t.Helper()
	at := 0
	for i, line := range e.lines {
		if at += int(e.before[i]); at >= len(all) || strings.TrimSuffix(all[at], "\n") != line {
			t.Fatalf("line %d is %q, want number %d of %q", i, line, at, all)
		}
		at++
	}
}

func BenchmarkTake(b *testing.B) {
	for name, rate := range map[string]int{"passing": 0, "dropping": 1} {
		b.Run(name, func(b *testing.B) {
			s, _ := file(b, rate, 0)
			null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
			if err != nil {
				b.Fatal(err)
			}
			s.fd = int(null.Fd())
			text := bytes.Repeat([]byte("a line of an app that says a hundred bytes in all about what it does and for whom it is that it does\n"), 600)
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				s.take(text, start0)
			}
		})
	}
}
