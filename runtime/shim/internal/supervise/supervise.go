// Package supervise is what a process 1 must do: start processes, reap all that end, pass signals on, and leave
// nothing behind.
package supervise

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// groupPause is between looks at whether a stopped app's group is gone.
const groupPause = 10 * time.Millisecond

// Exit is how a process ended.
type Exit struct {
	Code   int    // its own code, or 128 + the signal's number
	Signal string // "SIGKILL"; "" when it ended by itself
}

// Supervisor runs one process after the other and reaps every child meanwhile. It is used by one goroutine.
type Supervisor struct {
	stdin   *os.File // read end of a pipe that never ends: dev servers take the end of stdin for their own
	writer  *os.File // its other end, held open
	opt     Options
	signals chan os.Signal
	ended   chan os.Signal
	stop    syscall.Signal   // the signal that asked to stop, 0 before
	kill    <-chan time.Time // when the grace time is over, nil before stop and after
}

// Options of New.
type Options struct {
	Env            []string      // of every process
	Grace          time.Duration // for processes that were asked to stop, before they are killed
	Stdout, Stderr uintptr       // file descriptors that processes write to
}

// New returns a supervisor. From now on the signals that end a process are its to handle.
func New(o Options) (*Supervisor, error) {
	stdin, writer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	s := &Supervisor{
		stdin: stdin, writer: writer, opt: o,
		signals: make(chan os.Signal, 16), ended: make(chan os.Signal, 1),
	}
	signal.Notify(s.signals, unix.SIGTERM, unix.SIGINT, unix.SIGQUIT, unix.SIGHUP, unix.SIGUSR1, unix.SIGUSR2)
	signal.Notify(s.ended, unix.SIGCHLD)
	return s, nil
}

// Close gives the signals back.
func (s *Supervisor) Close() {
	signal.Stop(s.signals)
	signal.Stop(s.ended)
	_ = s.stdin.Close()
	_ = s.writer.Close()
}

// Stopping says that a signal asked to stop, and how a process that it ended would have exited.
func (s *Supervisor) Stopping() (Exit, bool) {
	for {
		select {
		case sig := <-s.signals:
			s.noteStop(sig)
		default:
			return exitBySignal(s.stop), s.stop != 0
		}
	}
}

// Run starts argv as the leader of a process group of its own and waits until it ends. started, unless nil, is told
// its pid. Codes 127 and 126 are a shell's: not found, not executable; err says more.
func (s *Supervisor) Run(argv []string, started func(pid int)) (Exit, error) {
	pid, err := s.start(argv)
	if err != nil {
		return Exit{Code: startCode(err)}, err
	}
	if started != nil {
		started(pid)
	}
	exit := s.wait(pid)
	if s.stop != 0 {
		s.waitGroup(pid)
	}
	return exit, nil
}

func (s *Supervisor) start(argv []string) (int, error) {
	if len(argv) == 0 {
		return 0, errors.New("no command")
	}
	path, err := exec.LookPath(argv[0])
	if err != nil {
		return 0, err
	}
	return syscall.ForkExec(path, argv, &syscall.ProcAttr{
		Env: s.opt.Env, Files: []uintptr{s.stdin.Fd(), s.opt.Stdout, s.opt.Stderr}, Sys: &syscall.SysProcAttr{Setpgid: true},
	})
}

func startCode(err error) int {
	if errors.Is(err, os.ErrPermission) || errors.Is(err, unix.ENOEXEC) {
		return 126
	}
	return 127
}

// wait handles signals and reaps until pid has ended.
func (s *Supervisor) wait(pid int) Exit {
	for {
		if status, ok := reap(pid); ok {
			return exitOf(status)
		}
		select {
		case <-s.ended:
		case sig := <-s.signals:
			s.pass(sig, pid)
		case <-s.kill:
			s.kill = nil
			Kill(pid)
		}
	}
}

// waitGroup gives what is left of a stopped app's group the rest of the grace time: the leader is often only a shell.
func (s *Supervisor) waitGroup(pid int) {
	tick := time.NewTicker(groupPause)
	defer tick.Stop()
	for s.kill != nil && unix.Kill(-pid, 0) == nil {
		reap(0)
		select {
		case <-tick.C:
		case <-s.ended:
		case <-s.kill:
			return
		}
	}
}

func (s *Supervisor) pass(sig os.Signal, pid int) {
	s.noteStop(sig)
	if number, ok := sig.(syscall.Signal); ok {
		_ = unix.Kill(-pid, number)
	}
}

func (s *Supervisor) noteStop(sig os.Signal) {
	switch sig {
	case unix.SIGTERM, unix.SIGINT, unix.SIGQUIT:
		if s.stop == 0 {
			s.kill = time.After(s.opt.Grace)
		}
		s.stop = sig.(syscall.Signal) //nolint:forcetypeassert // it is one of these
	}
}

// WaitStop reaps until a signal asks to stop or ended is closed, for a shim that is the server itself.
func (s *Supervisor) WaitStop(ended <-chan struct{}) {
	for s.stop == 0 {
		reap(0)
		select {
		case <-s.ended:
		case sig := <-s.signals:
			s.noteStop(sig)
		case <-ended:
			return
		}
	}
}

// Kill ends all that still runs. Only process 1 may mean everybody by that; any other, as in tests, means the
// group of pid.
func Kill(pid int) {
	if os.Getpid() == 1 {
		pid = 1
	}
	_ = unix.Kill(-pid, unix.SIGKILL)
}

// reap collects every child that has ended, and tells how pid did if it is one of them.
func reap(pid int) (status unix.WaitStatus, found bool) {
	for {
		var ws unix.WaitStatus
		got, err := unix.Wait4(-1, &ws, unix.WNOHANG, nil)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil || got == 0:
			return status, found
		case got == pid && (ws.Exited() || ws.Signaled()):
			status, found = ws, true
		}
	}
}

func exitOf(ws unix.WaitStatus) Exit {
	if ws.Signaled() {
		return exitBySignal(ws.Signal())
	}
	return Exit{Code: ws.ExitStatus()}
}

func exitBySignal(sig syscall.Signal) Exit {
	return Exit{Code: 128 + int(sig), Signal: unix.SignalName(sig)}
}
