package output

import (
	"bytes"
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"previewd/runtime/shim/internal/wire"
)

const (
	// maxLine is what is passed on of one line, bytes. previewd shows less of it, but needs to see that there is more.
	maxLine = 128 << 10

	bufferBytes = 64 << 10 // a pipe holds no more

	// told counts: at the latest after so many lines or bytes, and after a second of dropping.
	countLines = 10_000
	countBytes = 1 << 20
	tellAfter  = time.Second
)

// stream is one of the app's two.
type stream struct {
	app   int      // the app's end of the pipe
	pipe  *os.File // ours
	fd    int      // the engine's
	limit *limit
	line  func(wire.Report) []byte
	ended chan struct{}

	mu       sync.Mutex // guards what follows, and writing to fd
	inLine   bool       // the app has begun a line
	dropping bool       // and it is dropped
	passed   int        // bytes of it
	written  int64      // lines in the engine's log
	dropped  int64      // lines that are not
	told     counts
	telling  *time.Timer
}

// counts are what was told last.
type counts struct {
	written, dropped int64
	bytes            int // passed on since then
}

func newStream(fd int, l *limit, line func(wire.Report) []byte) (*stream, error) {
	var ends [2]int
	if err := unix.Pipe2(ends[:], unix.O_CLOEXEC); err != nil {
		return nil, err
	}
	if err := unix.SetNonblock(ends[0], true); err != nil { // ours alone: the app's end blocks, as apps expect
		return nil, err
	}
	return &stream{app: ends[1], pipe: os.NewFile(uintptr(ends[0]), "output"), fd: fd, limit: l, line: line, ended: make(chan struct{})}, nil
}

// copy passes on what the app writes until nobody can write any more.
func (s *stream) copy() {
	defer close(s.ended)
	buffer := make([]byte, bufferBytes)
	for {
		n, err := s.pipe.Read(buffer)
		if n > 0 {
			s.take(buffer[:n], time.Now())
		}
		if err != nil {
			return
		}
	}
}

// take passes on what it may of a piece of output, in as few writes as there are gaps.
func (s *stream) take(p []byte, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	from := 0 // what stands before is passed on or dropped
	for at := 0; at < len(p); {
		if !s.inLine && s.begin(now) {
			s.put(p[from:at])
			from = at
			s.tell()
		}
		end, complete := len(p), false
		if i := bytes.IndexByte(p[at:], '\n'); i >= 0 {
			end, complete = at+i+1, true
		}
		if keep := s.keeps(end - at); keep < end-at {
			s.put(p[from : at+keep])
			if from = end; complete && !s.dropping {
				from-- // the end of the line stays, for what comes next
			}
		}
		if at = end; complete {
			s.endLine()
		}
	}
	s.put(p[from:])
	if s.much() && s.between() {
		s.tell()
	}
}

// begin decides about a line before its first byte, and says whether there is something to tell before it.
func (s *stream) begin(now time.Time) (tell bool) {
	s.inLine, s.passed = true, 0
	if s.dropping = !s.limit.admit(now); s.dropping {
		if s.telling == nil {
			s.telling = time.AfterFunc(tellAfter, s.tellLate)
		}
		return false
	}
	return s.dropped > s.told.dropped || s.much()
}

// keeps says how many of the next bytes of a line are passed on.
func (s *stream) keeps(n int) int {
	if s.dropping {
		return 0
	}
	keep := min(n, maxLine-s.passed)
	s.passed += keep
	s.limit.spend(keep)
	return keep
}

func (s *stream) endLine() {
	if s.inLine = false; s.dropping {
		s.dropped++
		return
	}
	s.written++
}

// between says that the engine is between two lines.
func (s *stream) between() bool { return !s.inLine || s.dropping || s.passed == 0 }

// put writes all of p.
func (s *stream) put(p []byte) {
	s.told.bytes += len(p)
	for len(p) > 0 {
		n, err := unix.Write(s.fd, p)
		switch {
		case errors.Is(err, unix.EAGAIN):
			_, _ = unix.Poll([]unix.PollFd{{Fd: int32(s.fd), Events: unix.POLLOUT}}, 1000) //nolint:gosec // an fd
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return // nobody reads any more
		default:
			p = p[n:]
		}
	}
}

// say writes a line of the shim's own, at once: an unfinished line of the app's is broken in two. Reports count for no line.
func (s *stream) say(line []byte, lines int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.breakLine()
	s.put(line)
	s.written += lines
}

// breakLine makes a line of what the app has written of one: to whoever reads, it is.
func (s *stream) breakLine() {
	if !s.between() {
		s.written++
		s.passed = 0
	}
}

// tellLate tells what was dropped of an app that has fallen silent or goes on flooding.
func (s *stream) tellLate() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.telling = nil; s.between() { // if not, the next line will tell
		s.tell()
	}
}

// much was written since the counts were told.
func (s *stream) much() bool {
	return s.written-s.told.written >= countLines || s.told.bytes >= countBytes
}

// tell writes the counts, from which a reader knows what it has missed.
func (s *stream) tell() {
	s.hush()
	s.put(s.line(wire.Report{
		Kind: wire.ReportOutput, Written: s.written, Dropped: s.dropped, Fresh: s.dropped - s.told.dropped,
	}))
	s.told = counts{written: s.written, dropped: s.dropped}
}

func (s *stream) hush() {
	if s.telling != nil {
		s.telling.Stop()
		s.telling = nil
	}
}

// finish lets go of the app's end of the pipe, and waits until nobody holds it any more or ctx ends.
func (s *stream) finish(ctx context.Context) {
	_ = unix.Close(s.app)
	select {
	case <-s.ended:
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.inLine && s.dropping {
		s.endLine()
	}
	s.breakLine()
	s.hush()
	if s.written > s.told.written || s.dropped > s.told.dropped {
		s.tell()
	}
}
