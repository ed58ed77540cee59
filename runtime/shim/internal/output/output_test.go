package output

import (
	"bufio"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"previewd/runtime/shim/internal/wire"
)

const nonce = "0123456789abcdef"

func pipe(t *testing.T) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close(); _ = w.Close() })
	return r, w
}

// open returns an Output and what the engine reads of its streams.
func open(t *testing.T, c wire.Config) (o *Output, stdout, stderr *os.File) {
	t.Helper()
	var ends [2]*os.File
	stdout, ends[0] = pipe(t)
	stderr, ends[1] = pipe(t)
	c.Nonce = nonce
	o, err := New(int(ends[0].Fd()), int(ends[1].Fd()), c, time.Now().Add(-time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	return o, stdout, stderr
}

// app is one of the app's ends, as a process has it.
func app(t *testing.T, fd uintptr) *os.File {
	t.Helper()
	own, err := unix.FcntlInt(fd, unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	f := os.NewFile(uintptr(own), "app")
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func write(t *testing.T, w io.Writer, text string) {
	t.Helper()
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
}

// read reads a line of the app's, or the kind of a report.
func read(t *testing.T, r *bufio.Reader) string {
	t.Helper()
	line, err := r.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	before, report, ok := wire.ParseReport(nonce, []byte(line))
	if !ok {
		return strings.TrimSuffix(line, "\n")
	}
	if report.Millis < 60000 {
		t.Errorf("%+v", report)
	}
	return string(before) + "<" + string(report.Kind) + ">"
}

func TestLinesAndReports(t *testing.T) {
	o, outPipe, errPipe := open(t, wire.Config{LineRate: 5000, ByteRate: 4 << 20})
	stdout, stderr := bufio.NewReader(outPipe), bufio.NewReader(errPipe)
	appOut, appErr := app(t, o.Stdout()), app(t, o.Stderr())
	write(t, appOut, "one\n\nunfinished ")
	for _, want := range []string{"one", ""} {
		if got := read(t, stdout); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	write(t, appErr, "beginning, ")
	if got, err := stderr.Peek(len("beginning, ")); err != nil || string(got) != "beginning, " {
		t.Fatalf("%q, %v: an unfinished line is held back", got, err)
	}
	o.Report(wire.Report{Kind: wire.ReportStarted})
	if got := read(t, stderr); got != "beginning, <started>" {
		t.Errorf("%q", got)
	}
	o.Complain(io.ErrUnexpectedEOF)
	o.Say("serving")
	write(t, appErr, "end\n")
	for _, want := range []string{"previewd: unexpected EOF", "end"} {
		if got := read(t, stderr); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	write(t, appOut, "finished")
	_, _ = appOut.Close(), appErr.Close()
	o.Close(wire.Report{Kind: wire.ReportExited}, time.Minute)
	for _, want := range []string{"unfinished serving", "finished<output>"} {
		if got := read(t, stdout); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for _, want := range []string{"<output>", "<exited>"} {
		if got := read(t, stderr); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	o.Report(wire.Report{Kind: wire.ReportHealth}) // too late, and harmless
}

// The app's end of the pipe blocks, as apps expect it to.
func TestTheAppsEndBlocks(t *testing.T) {
	o, _, _ := open(t, wire.Config{})
	for _, fd := range []uintptr{o.Stdout(), o.Stderr()} {
		if flags, err := unix.FcntlInt(fd, unix.F_GETFL, 0); err != nil || flags&unix.O_NONBLOCK != 0 {
			t.Errorf("flags %o, %v", flags, err)
		}
	}
	o.Close(wire.Report{}, time.Minute)
}

// A process that was left behind holds the pipe: the end does not wait for it for ever.
func TestCloseWaitsInVain(t *testing.T) {
	o, _, errPipe := open(t, wire.Config{})
	write(t, app(t, o.Stderr()), "held\n")
	stderr := bufio.NewReader(errPipe)
	if got := read(t, stderr); got != "held" {
		t.Error(got)
	}
	o.Close(wire.Report{Kind: wire.ReportExited}, time.Second)
	if got := read(t, stderr); got != "<output>" {
		t.Error(got)
	}
}

// Nobody reads: the shim goes on, and ends in time.
func TestNobodyReads(t *testing.T) {
	o, _, errPipe := open(t, wire.Config{})
	if _, err := unix.FcntlInt(errPipe.Fd(), unix.F_SETPIPE_SZ, 4096); err != nil {
		t.Fatal(err)
	}
	for range 10 * queued {
		o.Report(wire.Report{Kind: wire.ReportActivity, Command: strings.Repeat("x", 1000)})
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		o.Close(wire.Report{Kind: wire.ReportExited}, 50*time.Millisecond)
	}()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Error("it waits")
	}
}

func TestNoPipes(t *testing.T) {
	var old unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &old); err != nil {
		t.Fatal(err)
	}
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: 3, Max: old.Max}); err != nil {
		t.Fatal(err)
	}
	_, err := New(1, 2, wire.Config{}, time.Now())
	if restored := unix.Setrlimit(unix.RLIMIT_NOFILE, &old); err == nil || restored != nil {
		t.Error(err, restored)
	}
}
