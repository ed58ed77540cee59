// Package run is the shim's life: prepare, run the app or serve its files, watch it, end with its exit code.
package run

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"previewd/runtime/shim/internal/output"
	"previewd/runtime/shim/internal/supervise"
	"previewd/runtime/shim/internal/unpack"
	"previewd/runtime/shim/internal/watch"
	"previewd/runtime/shim/internal/wire"
)

const (
	exitUsage    = 64 // EX_USAGE: the shim was not told what to run
	exitOS       = 71 // EX_OSERR
	defaultGrace = 5
	flushTimeout = time.Second
	stdout       = 1
	stderr       = 2
)

// Main runs what the environment says and returns the exit code for the process.
func Main() int {
	start := time.Now()
	config, env, err := takeConfig(os.Environ())
	if err != nil {
		return complain(exitUsage, err)
	}
	if err := hide(); err != nil {
		return complain(exitOS, err)
	}
	if err := arrive(config); err != nil {
		return complain(exitOS, err)
	}
	shrink()
	out, err := output.New(stdout, stderr, config, start)
	if err != nil {
		return complain(exitOS, err)
	}
	supervisor, err := supervise.New(supervise.Options{Env: env, Grace: grace(config), Stdout: out.Stdout(), Stderr: out.Stderr()})
	if err != nil {
		return complain(exitOS, err)
	}
	defer supervisor.Close()
	l := life{config: config, supervisor: supervisor, out: out}
	exit := l.live()
	last := wire.Report{Kind: wire.ReportExited, ExitCode: exit.Code, Signal: exit.Signal}
	if told, ok := supervisor.Stopping(); ok {
		last.Told = told.Signal
	}
	out.Close(last, flushTimeout)
	return exit.Code
}

// arrive lays out the project's files and goes where it runs. A signal that comes meanwhile ends the shim at once, as Go's
// runtime has it.
func arrive(c wire.Config) error {
	if c.Files {
		if err := unpack.Files(os.Stdin, "/"); err != nil {
			return err
		}
	}
	if c.Dir == "" {
		return nil
	}
	return os.Chdir(c.Dir)
}

func grace(c wire.Config) time.Duration {
	if c.GraceSeconds <= 0 {
		return defaultGrace * time.Second
	}
	return time.Duration(c.GraceSeconds) * time.Second
}

// life is one run of the shim.
type life struct {
	config     wire.Config
	supervisor *supervise.Supervisor
	out        *output.Output
}

func (l *life) live() supervise.Exit {
	if exit, ended := l.prepare(); ended {
		return exit
	}
	if l.config.StaticDir != "" {
		return l.serve()
	}
	return l.app()
}

// prepare runs the commands that come before the app.
func (l *life) prepare() (exit supervise.Exit, ended bool) {
	for _, command := range l.config.Prepare {
		l.out.Report(wire.Report{Kind: wire.ReportPrepare, Command: command})
		exit, err := l.supervisor.Run([]string{"/bin/sh", "-c", command}, nil)
		if err != nil {
			l.out.Complain(err)
		}
		if stopped, ok := l.supervisor.Stopping(); ok {
			if exit.Code == 0 {
				exit = stopped
			}
			return exit, true
		}
		if exit.Code != 0 {
			l.out.Report(wire.Report{Kind: wire.ReportPrepareFailed, Command: command, ExitCode: exit.Code})
			return exit, true
		}
	}
	return l.supervisor.Stopping()
}

// app runs the command beside the watcher. What it leaves behind ends with it.
func (l *life) app() supervise.Exit {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel() // the watcher is not waited for: it may be in the middle of a health check, and the process ends
	var leader int
	exit, err := l.supervisor.Run(l.config.Command, func(pid int) {
		leader = pid
		l.out.Report(wire.Report{Kind: wire.ReportStarted, PID: pid})
		watcher := watch.New(watch.Options{Config: l.config, Report: l.out.Report, MaxConns: maxConns()})
		go watcher.Run(ctx)
	})
	if err != nil {
		l.out.Complain(fmt.Errorf("start the app: %w", err))
	} else {
		supervise.Kill(leader)
	}
	return exit
}

// complain is for what goes wrong before there is an Output.
func complain(code int, err error) int {
	fmt.Fprintln(os.Stderr, "previewd:", err)
	return code
}

// Each forwarded connection takes two file descriptors and up to four more for splicing.
const (
	mostConns    = 1024
	fdsPerConn   = 6
	reservedFDs  = 64
	fewestConns  = 16
	gcPercent    = 25
	readyThreads = 5
)

func maxConns() int {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return fewestConns
	}
	files := int64(min(limit.Cur, 1<<20)) //nolint:gosec // bounded
	return int(min(max((files-reservedFDs)/fdsPerConn, fewestConns), mostConns))
}

// shrink keeps the shim small, and makes its threads before the app can use up the container's processes: a Go
// program that needs a thread and cannot have one ends, and the container with it.
func shrink() {
	debug.SetGCPercent(gcPercent)
	runtime.GOMAXPROCS(min(runtime.GOMAXPROCS(0), 2))
	var locked, free sync.WaitGroup
	free.Add(1)
	for range readyThreads {
		locked.Add(1)
		go func() {
			runtime.LockOSThread() // a goroutine that is tied to its thread makes the runtime start another
			defer runtime.UnlockOSThread()
			locked.Done()
			free.Wait()
		}()
	}
	locked.Wait()
	free.Done()
}
