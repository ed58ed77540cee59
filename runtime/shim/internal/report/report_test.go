package report

import (
	"bufio"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"previewd/runtime/shim/internal/wire"
)

func pipe(t *testing.T) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close(); _ = w.Close() })
	return r, w
}

func TestReportsArriveInOrder(t *testing.T) {
	r, w := pipe(t)
	rep := New(int(w.Fd()), "n", time.Now().Add(-time.Minute))
	rep.Send(wire.Report{Kind: wire.ReportStarted, PID: 7})
	rep.Close(wire.Report{Kind: wire.ReportExited, ExitCode: 3}, time.Minute)
	rep.Send(wire.Report{Kind: wire.ReportHealth}) // too late, and harmless
	_ = w.Close()
	var kinds []string
	for lines := bufio.NewScanner(r); lines.Scan(); {
		before, got, ok := wire.ParseReport("n", lines.Bytes())
		if !ok || len(before) > 0 || got.Millis < 60000 {
			t.Errorf("%q", lines.Text())
		}
		kinds = append(kinds, string(got.Kind))
	}
	if got := strings.Join(kinds, " "); got != "started exited" {
		t.Error(got)
	}
}

// TestFullNonBlockingPipe: the app made the shared pipe non-blocking and filled it; the report waits for room.
func TestFullNonBlockingPipe(t *testing.T) {
	r, w := pipe(t)
	fd := int(w.Fd())
	if err := unix.SetNonblock(fd, true); err != nil {
		t.Fatal(err)
	}
	filled := 0
	for chunk := make([]byte, 4096); ; {
		n, err := unix.Write(fd, chunk)
		if err != nil {
			break
		}
		filled += n
	}
	rep := New(fd, "n", time.Now())
	rep.Send(wire.Report{Kind: wire.ReportStarted})
	if _, err := r.Read(make([]byte, filled)); err != nil {
		t.Fatal(err)
	}
	rep.Close(wire.Report{Kind: wire.ReportExited}, time.Minute)
	line, err := bufio.NewReader(r).ReadBytes('\n')
	if _, got, ok := wire.ParseReport("n", line); err != nil || !ok || got.Kind != wire.ReportStarted {
		t.Errorf("%q %v", line, err)
	}
}

// TestNobodyReads: the shim goes on, and ends in time.
func TestNobodyReads(t *testing.T) {
	_, w := pipe(t)
	if _, err := unix.FcntlInt(w.Fd(), unix.F_SETPIPE_SZ, 4096); err != nil {
		t.Fatal(err)
	}
	rep := New(int(w.Fd()), "n", time.Now())
	for range 10 * queued {
		rep.Send(wire.Report{Kind: wire.ReportActivity, Command: strings.Repeat("x", 1000)})
	}
	began := time.Now()
	rep.Close(wire.Report{Kind: wire.ReportExited}, 50*time.Millisecond)
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestClosedStderr(t *testing.T) {
	_, w := pipe(t)
	rep := New(1<<20, "n", time.Now()) // no such file descriptor
	rep.Send(wire.Report{Kind: wire.ReportStarted})
	rep.Close(wire.Report{Kind: wire.ReportExited}, time.Minute)
	_ = w
}
