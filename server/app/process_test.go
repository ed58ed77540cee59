package app_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// startPatience bounds the start and the end of a process. A private database that was killed recovers first.
const startPatience = time.Minute

// process is a previewd in a process of its own, which a test may kill.
type process struct {
	*service
	cmd   *exec.Cmd
	stdin io.Closer
	said  *output
	first chan string   // the first line of its stdout
	ended chan struct{} // closed when it has ended; err is valid then
	err   error
}

// output is what a process wrote to stderr.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// spawn starts a process and does not wait until it serves. through is a command that runs it, such as nsenter.
func spawn(t testing.TB, environ []string, through ...string) *process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	args := append(slices.Clone(through), self)
	p := &process{service: &service{t: t}, said: &output{}, first: make(chan string, 1), ended: make(chan struct{})}
	p.cmd = exec.Command(args[0], args[1:]...)
	p.cmd.Env = slices.Concat(withoutPreviewd(os.Environ()), []string{servesEnv + "=1"}, environ)
	p.cmd.Stderr = p.said
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.ended)
		lines := bufio.NewReader(stdout)
		line, _ := lines.ReadString('\n')
		p.first <- strings.TrimSpace(line)
		_, _ = io.Copy(io.Discard, lines)
		p.err = p.cmd.Wait()
	}()
	t.Cleanup(p.cleanUp)
	return p
}

func withoutPreviewd(environ []string) []string {
	return slices.DeleteFunc(environ, func(v string) bool { return strings.HasPrefix(v, "PREVIEW_") })
}

// spawnReady returns a process that serves.
func spawnReady(t testing.TB, environ []string, through ...string) *process {
	t.Helper()
	p := spawn(t, environ, through...)
	p.ready()
	return p
}

func (p *process) ready() {
	p.t.Helper()
	select {
	case p.api = <-p.first:
	case <-time.After(startPatience):
	}
	if p.api == "" {
		p.t.Fatalf("previewd does not serve:\n%s", p.said)
	}
}

// kill is kill -9: nothing of the process gets to run again.
func (p *process) kill() {
	p.t.Helper()
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.t.Fatalf("kill: %v", err)
	}
	p.await()
}

// term ends the process as an operator does, and wants it to end well.
func (p *process) term() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatalf("terminate: %v", err)
	}
	p.await()
	if p.err != nil {
		p.t.Errorf("previewd ended with %v:\n%s", p.err, p.said)
	}
}

func (p *process) await() {
	p.t.Helper()
	select {
	case <-p.ended:
	case <-time.After(startPatience):
		p.t.Fatalf("previewd does not end:\n%s", p.said)
	}
}

func (p *process) cleanUp() {
	if p.t.Failed() {
		_ = p.cmd.Process.Signal(syscall.SIGQUIT) // what it waits for tells more than that it waits
		_ = p.cmd.Process.Signal(syscall.SIGCONT)
	}
	_ = p.stdin.Close()
	p.await()
	if strings.Contains(p.said.String(), "DATA RACE") {
		p.t.Error("the race detector found something in previewd")
		p.t.Log(p.said)
	} else if p.t.Failed() {
		p.t.Logf("previewd %d said:\n%s", p.cmd.Process.Pid, p.said)
	}
}
