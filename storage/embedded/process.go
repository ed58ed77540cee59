package embedded

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/sirupsen/logrus"
)

// process is a child of this process. done is closed when it has ended and its output was read; err and tail are
// settled by then.
type process struct {
	cmd  *exec.Cmd
	done chan struct{}
	err  error
	tail tail
}

// spawn starts cmd as the account, with the folder as descriptor 3, in a session of its own: a Ctrl-C in the
// terminal is previewd's to handle first. When this process dies, the kernel sends the child onDeath.
func spawn(cmd *exec.Cmd, folder *os.File, a account, onDeath syscall.Signal) (*process, error) {
	return spawnWith(cmd, folder, a, onDeath, func(string) {})
}

// launch starts the server itself and logs what it says.
func launch(cmd *exec.Cmd, folder *os.File, a account, log *logrus.Entry) (*process, error) {
	p, err := spawnWith(cmd, folder, a, syscall.SIGINT, func(line string) { logLine(log, line) })
	if err != nil {
		return nil, fmt.Errorf("start postgres: %w", err)
	}
	return p, nil
}

func spawnWith(cmd *exec.Cmd, folder *os.File, a account, onDeath syscall.Signal, say func(string)) (*process, error) {
	cmd.ExtraFiles = []*os.File{folder}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: a.credential(), Setsid: true, Pdeathsig: onDeath}
	output, write, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("pipe: %w", err)
	}
	cmd.Stdout, cmd.Stderr = write, write
	p := &process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	go p.run(started, output, write, say)
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// run starts the child and waits for it. It keeps its thread: the kernel takes the end of the thread that started
// the child for the end of this process.
func (p *process) run(started chan<- error, output, write *os.File, say func(string)) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	_ = write.Close()
	started <- err
	if err != nil {
		_ = output.Close()
		return
	}
	read := make(chan struct{})
	go func() {
		defer close(read)
		p.read(output, say)
	}()
	p.err = p.cmd.Wait()
	// What the child left running may hold the pipe open.
	_ = output.SetReadDeadline(time.Now().Add(time.Second))
	<-read
	close(p.done)
}

func (p *process) read(output *os.File, say func(string)) {
	defer func() { _ = output.Close() }()
	lines := bufio.NewReader(output)
	for {
		line, err := lines.ReadString('\n')
		if line = strings.TrimSpace(line); line != "" {
			p.tail.add(line)
			say(line)
		}
		if err != nil {
			return
		}
	}
}

func (p *process) signal(sig syscall.Signal) {
	_ = p.cmd.Process.Signal(sig) // it has ended already
}

// end stops the server, ever harder: a fast shutdown while ctx lasts, at most ten seconds; an immediate one, from
// which the next start recovers; and SIGKILL.
func (p *process) end(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	p.signal(syscall.SIGINT)
	if p.endedBefore(ctx.Done()) {
		return nil
	}
	for _, sig := range []syscall.Signal{syscall.SIGQUIT, syscall.SIGKILL} {
		p.signal(sig)
		timeout, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
		ended := p.endedBefore(timeout.Done())
		cancel()
		if ended {
			return nil
		}
	}
	return errors.New("postgres does not end")
}

func (p *process) endedBefore(limit <-chan struct{}) bool {
	select {
	case <-p.done:
		return true
	case <-limit:
		return false
	}
}

// expected is what PostgreSQL calls fatal, for the one connection, each time it is started or stopped. Whoever had the
// connection is told so.
var expected = []string{
	"the database system is starting up", "the database system is shutting down",
	"terminating connection due to administrator command",
}

// logLine maps PostgreSQL's severity to ours. Errors of single statements come back to their callers.
func logLine(log *logrus.Entry, line string) {
	severity, text, _ := strings.Cut(line, ":")
	switch {
	case severity == "PANIC":
		log.Error(line)
	case slices.Contains(expected, strings.TrimSpace(text)):
		log.Debug(line)
	case severity == "FATAL", severity == "WARNING":
		log.Warn(line)
	default:
		log.Debug(line)
	}
}
