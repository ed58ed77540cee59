package run

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"slices"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"previewd/runtime/shim/internal/nstest"
	"previewd/runtime/shim/internal/wire"
)

const (
	nonce = "0123456789abcdef"
	port  = 4001
)

// process is a shim in a process namespace of its own, where it is process 1, in this test's network.
type process struct {
	t       *testing.T
	pid     int
	mu      sync.Mutex
	reports []wire.Report
	output  []string // the app's lines, of both streams
	status  syscall.WaitStatus
	ended   chan struct{}
}

// launch runs the shim. This test program is process 1 too and reaps for itself, so os/exec is not used.
func launch(t *testing.T, c wire.Config) *process {
	t.Helper()
	return launchWith(t, c, os.Stdin)
}

func launchWith(t *testing.T, c wire.Config, stdin *os.File) *process {
	t.Helper()
	c.Nonce, c.Port = nonce, port
	config, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, ended: make(chan struct{})}
	p.pid, err = syscall.ForkExec(self, []string{self, asShim}, &syscall.ProcAttr{
		Env: append(os.Environ(), wire.EnvConfig+"="+string(config)), Files: []uintptr{stdin.Fd(), w.Fd(), w.Fd()},
		Sys: &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWPID},
	})
	_ = w.Close()
	if err != nil {
		t.Fatal(err)
	}
	go p.follow(r)
	t.Cleanup(func() { _ = syscall.Kill(p.pid, syscall.SIGKILL); <-p.ended })
	return p
}

func (p *process) follow(r io.ReadCloser) {
	defer close(p.ended)
	defer func() { _ = r.Close() }()
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		before, report, ok := wire.ParseReport(nonce, lines.Bytes())
		p.mu.Lock()
		if ok {
			p.reports = append(p.reports, report)
		}
		if len(before) > 0 {
			p.output = append(p.output, string(before))
		}
		p.mu.Unlock()
	}
	_, _ = syscall.Wait4(p.pid, &p.status, 0, nil)
}

func (p *process) signal(sig syscall.Signal) {
	p.t.Helper()
	if err := syscall.Kill(p.pid, sig); err != nil {
		p.t.Fatal(err)
	}
}

// exit waits for the end and returns the shim's own exit code.
func (p *process) exit() int {
	p.t.Helper()
	nstest.Eventually(p.t, "the shim ends", func() bool {
		select {
		case <-p.ended:
			return true
		default:
			return false
		}
	})
	return p.status.ExitStatus()
}

func (p *process) of(kind wire.ReportKind) []wire.Report {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(p.reports), func(r wire.Report) bool { return r.Kind != kind })
}

// reported waits for a report of a kind and returns the newest.
func (p *process) reported(kind wire.ReportKind) wire.Report {
	p.t.Helper()
	var all []wire.Report
	nstest.Eventually(p.t, "a report: "+string(kind), func() bool { all = p.of(kind); return len(all) > 0 })
	return all[len(all)-1]
}

func (p *process) lines() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.output)
}
