// Package output stands between the app and the engine's log. It passes the app's lines on while they come at a pace that can be followed, and drops
// and counts them beyond it; between them it writes the shim's reports.
//
// The app writes to pipes of the shim's, as it would to the engine's: standard output is no terminal either way, and what blocks and buffers is the
// same. The engine's own pipes are the shim's alone, and so the app cannot read the reports or break into one.
package output

import (
	"context"
	"fmt"
	"time"

	"previewd/runtime/shim/internal/wire"
)

// queued bounds the reports that wait for an engine that has stopped reading; more are dropped, as the shim must not wait for anybody.
const queued = 64

// Output is both streams. Report may be called from several goroutines, Close once.
type Output struct {
	nonce   string
	start   time.Time
	streams [2]*stream // stdout, stderr
	queue   chan []byte
	done    chan struct{}
}

// New takes over the file descriptors of stdout and stderr; times in reports count from start.
func New(stdout, stderr int, c wire.Config, start time.Time) (*Output, error) {
	o := &Output{nonce: c.Nonce, start: start, queue: make(chan []byte, queued), done: make(chan struct{})}
	limit := newLimit(c.LineRate, c.ByteRate)
	for i, fd := range []int{stdout, stderr} {
		s, err := newStream(fd, limit, o.line)
		if err != nil {
			return nil, fmt.Errorf("pipe for the app's output: %w", err)
		}
		o.streams[i] = s
	}
	for _, s := range o.streams {
		go s.copy()
	}
	go o.write()
	return o, nil
}

// Stdout is the file descriptor of the app's standard output.
func (o *Output) Stdout() uintptr { return uintptr(o.streams[0].app) }

// Stderr is that of its standard error.
func (o *Output) Stderr() uintptr { return uintptr(o.streams[1].app) }

// Report queues a report and returns at once.
func (o *Output) Report(r wire.Report) {
	select {
	case o.queue <- o.line(r):
	default:
	}
}

// Say writes a line of the shim's own to stdout.
func (o *Output) Say(text string) { o.streams[0].say([]byte(text+"\n"), 1) }

// Complain writes a line of the shim's own to stderr, where it is read with the app's.
func (o *Output) Complain(err error) { o.streams[1].say([]byte("previewd: "+err.Error()+"\n"), 1) }

// Close passes on what the app has written until nobody holds its end of the pipes, and sends the last report after that. It takes no longer than
// timeout, also when the engine takes nothing; half of it is for a process that was left behind with a pipe. What is reported later is lost.
func (o *Output) Close(last wire.Report, timeout time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		o.close(last, timeout/2)
	}()
	select {
	case <-closed:
	case <-ctx.Done():
	}
}

func (o *Output) close(last wire.Report, patience time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for _, s := range o.streams {
		s.finish(ctx)
	}
	o.queue <- o.line(last)
	o.queue <- nil
	<-o.done
}

// write writes the reports that are queued, up to the empty line that Close sends.
func (o *Output) write() {
	defer close(o.done)
	for line := range o.queue {
		if line == nil {
			return
		}
		o.streams[1].say(line, 0)
	}
}

func (o *Output) line(r wire.Report) []byte {
	r.Millis = time.Since(o.start).Milliseconds()
	return wire.AppendReport(nil, o.nonce, r)
}
