// Package report writes the shim's reports to its stderr, between the app's own lines.
package report

import (
	"errors"
	"time"

	"golang.org/x/sys/unix"

	"previewd/runtime/shim/internal/wire"
)

// queued bounds the reports that wait for a reader that has stopped reading; more are dropped, as the shim must
// not wait for anybody.
const queued = 64

// Reporter sends reports. Send may be called from several goroutines, Close once.
type Reporter struct {
	fd    int
	nonce string
	start time.Time
	queue chan []byte
	done  chan struct{}
}

// New returns a Reporter that writes to fd; times count from start.
func New(fd int, nonce string, start time.Time) *Reporter {
	r := &Reporter{fd: fd, nonce: nonce, start: start, queue: make(chan []byte, queued), done: make(chan struct{})}
	go r.write()
	return r
}

// Send queues a report and returns at once.
func (r *Reporter) Send(rep wire.Report) {
	rep.Millis = time.Since(r.start).Milliseconds()
	select {
	case r.queue <- wire.AppendReport(nil, r.nonce, rep):
	default:
	}
}

// Close sends the last report and waits until it is written, but not longer than timeout. What is sent later is lost.
func (r *Reporter) Close(last wire.Report, timeout time.Duration) {
	last.Millis = time.Since(r.start).Milliseconds()
	expired := time.After(timeout)
	for _, line := range [][]byte{wire.AppendReport(nil, r.nonce, last), nil} {
		select {
		case r.queue <- line:
		case <-expired:
			return
		}
	}
	select {
	case <-r.done:
	case <-expired:
	}
}

// write writes what is queued, up to the empty line that Close sends.
func (r *Reporter) write() {
	defer close(r.done)
	for line := range r.queue {
		if line == nil {
			return
		}
		writeLine(r.fd, line)
	}
}

// writeLine writes all of a line in one call: it is short enough for a pipe to take it whole or not at all. The app
// shares the pipe and may have made it non-blocking, as Node does, so a full one is waited for.
func writeLine(fd int, line []byte) {
	for len(line) > 0 {
		n, err := unix.Write(fd, line)
		switch {
		case errors.Is(err, unix.EAGAIN):
			_, _ = unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}, 1000) //nolint:gosec // an fd
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return // nobody reads any more
		default:
			line = line[n:]
		}
	}
}
