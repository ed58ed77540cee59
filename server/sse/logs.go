package sse

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"previewd/runtime/preview"
)

// Lines is a followed log: *logs.Subscription. Next returns io.EOF after the last line.
type Lines interface {
	Next(ctx context.Context) (preview.LogLine, error)
}

// EventEnd names the last event of a log stream; its data is End. A client that sees it need not connect again.
const EventEnd = "end"

// Reasons of End.
const (
	EndOfLog   = "ended"    // the preview has ended and this was its last line
	EndOfServe = "shutdown" // previewd stops; connect again later
)

// End tells why a stream ends.
type End struct {
	Reason string `json:"reason"`
}

const (
	endTimeout  = time.Second           // to get the last event out when the server stops
	resumeGrace = 50 * time.Millisecond // to see whether there is anything to resume
)

// ServeLogs streams lines until the log ends, the client goes, or done is closed. Each line is an event without a name whose id is its seq;
// a notice of dropped lines has no id. A browser that reconnects after the end is answered 204, which stops it. The error is Lines' own; that the client has
// gone is none.
func ServeLogs(w http.ResponseWriter, r *http.Request, lines Lines, done <-chan struct{}) error {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	s := stream{lines: lines}
	if r.Header.Get("Last-Event-ID") != "" && s.over(ctx) {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	out, err := NewWriter(w)
	if err != nil {
		return nil //nolint:nilerr // the client has gone
	}
	s.out = out
	go func() {
		select {
		case <-done:
			_ = out.deadline(endTimeout) // a client that takes nothing must not hold up the end
			cancel()
		case <-ctx.Done():
		}
	}()
	return s.run(ctx, done)
}

type stream struct {
	lines Lines
	out   *Writer
	first *preview.LogLine // taken by over
}

// over says that there is no line, and there will be none.
func (s *stream) over(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, resumeGrace)
	defer cancel()
	line, err := s.lines.Next(ctx)
	if err == nil {
		s.first = &line
	}
	return errors.Is(err, io.EOF)
}

func (s *stream) run(ctx context.Context, done <-chan struct{}) error {
	if s.first != nil && s.send(*s.first) != nil {
		return nil
	}
	for {
		line, err := s.next(ctx)
		switch {
		case errors.Is(err, errGone):
			return nil
		case errors.Is(err, io.EOF):
			_ = s.out.SendJSON("", EventEnd, End{Reason: EndOfLog}) // nobody is left to tell
			return nil
		case ctx.Err() != nil:
			s.stopped(done)
			return nil
		case err != nil:
			return err
		}
		if s.send(line) != nil {
			return nil
		}
	}
}

// stopped says goodbye when it is the server that stops, and not the client.
func (s *stream) stopped(done <-chan struct{}) {
	select {
	case <-done:
		_ = s.out.SendJSON("", EventEnd, End{Reason: EndOfServe}) // nobody is left to tell
	default:
	}
}

var errGone = errors.New("the client has gone")

// next waits for a line with a heart beating.
func (s *stream) next(ctx context.Context) (preview.LogLine, error) {
	for {
		beat, cancel := context.WithTimeout(ctx, Heartbeat)
		line, err := s.lines.Next(beat)
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) || beat.Err() == nil || ctx.Err() != nil {
			return line, err
		}
		if s.out.Heartbeat() != nil {
			return line, errGone
		}
	}
}

func (s *stream) send(line preview.LogLine) error {
	id := ""
	if line.Seq > 0 {
		id = strconv.FormatInt(line.Seq, 10)
	}
	return s.out.SendJSON(id, "", line)
}
