package sse

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"previewd/runtime/preview"
)

// Lines is a followed log.
type Lines interface {
	// Next returns io.EOF after the last line.
	Next(ctx context.Context) (preview.LogLine, error)
	// Seen is the seq up to which lines were looked at, those among them that are not wanted too.
	Seen() int64
}

// Feed is what a log stream sends.
type Feed struct {
	Lines  Lines
	States <-chan any                    // data of status events; may be nil
	End    func(ctx context.Context) any // data of the end event, asked for after the last line
	Ended  bool                          // the preview has ended: Lines ends without waiting for anything

	Metrics *Metrics // nil counts nothing
}

// Names of events. A line's event has none, so that a browser's onmessage gets it.
const (
	EventStatus = "status" // the preview's state as it is now: at the beginning, and when it changes
	EventEnd    = "end"    // the preview has ended and its last line was sent; there is no need to connect again
)

const (
	endTimeout = time.Second // to get the last event out when the server stops
	pulled     = 4           // lines read ahead of the client
)

// ServeLogs streams a log until it ends, the client goes, or done is closed. Each line is an event without a name whose id is its seq;
// a notice of dropped lines has no id. A browser that reconnects after the end is answered 204, which stops it; a server that stops says
// nothing, so that a browser connects again. The error is Lines' own; that the client has gone is none.
func ServeLogs(w http.ResponseWriter, r *http.Request, f Feed, done <-chan struct{}) error {
	ctx, cancel := context.WithCancel(r.Context())
	var reading sync.WaitGroup
	defer reading.Wait()
	defer cancel()
	first, over := peek(ctx, r, f)
	if over {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	out, err := NewWriter(w, r)
	if err != nil {
		return nil //nolint:nilerr // the client has gone
	}
	defer func() { _ = out.Close() }() // nobody is left to tell
	defer f.Metrics.subscribed()()
	s := stream{feed: f, out: out, lines: make(chan result, pulled), began: time.Now()}
	reading.Go(func() { s.read(ctx, first) })
	go func() {
		select {
		case <-done:
			_ = out.deadline(endTimeout) // a client that takes nothing must not hold up the end
			cancel()
		case <-ctx.Done():
		}
	}()
	return s.run(ctx)
}

// result is what Next returned.
type result struct {
	line preview.LogLine
	err  error
	idle bool  // no line came for as long as a heartbeat
	rest int64 // then: there is none to be sent up to this seq
}

// peek looks whether there is anything for a client that comes back after the preview's end. What it takes comes first in the stream.
func peek(ctx context.Context, r *http.Request, f Feed) (first *result, over bool) {
	if r.Header.Get("Last-Event-ID") == "" || !f.Ended {
		return nil, false
	}
	line, err := f.Lines.Next(ctx)
	return &result{line: line, err: err}, errors.Is(err, io.EOF)
}

type stream struct {
	feed  Feed
	out   *Writer
	lines chan result
	sent  int64 // the last id the client was told
	began time.Time
}

// read takes lines until there are no more, or ctx ends.
func (s *stream) read(ctx context.Context, first *result) {
	for {
		var r result
		if first != nil {
			r, first = *first, nil
		} else {
			r = s.next(ctx)
		}
		select {
		case s.lines <- r:
		case <-ctx.Done():
			return
		}
		if r.err != nil {
			return
		}
	}
}

// next waits for a line as long as a heartbeat.
func (s *stream) next(ctx context.Context) result {
	beat, cancel := context.WithTimeout(ctx, Heartbeat)
	defer cancel()
	line, err := s.feed.Lines.Next(beat)
	if errors.Is(err, context.DeadlineExceeded) && beat.Err() != nil && ctx.Err() == nil {
		return result{idle: true, rest: s.feed.Lines.Seen()}
	}
	return result{line: line, err: err}
}

// run returns when the stream is over. A client that has gone is noticed at a write, or by ctx.
func (s *stream) run(ctx context.Context) error {
	for {
		var failed error
		select {
		case r := <-s.lines:
			if r.err != nil {
				return s.finish(ctx, r.err)
			}
			failed = s.send(r)
		case state := <-s.feed.States:
			failed = s.out.SendJSON("", EventStatus, state)
		case <-ctx.Done():
			return nil
		}
		if failed == nil && len(s.lines) == 0 && len(s.feed.States) == 0 {
			failed = s.out.Flush()
		}
		if failed != nil {
			return nil //nolint:nilerr // the client has gone
		}
	}
}

// finish tells the end of the log, or returns its error.
func (s *stream) finish(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return nil
	case !errors.Is(err, io.EOF):
		return err
	}
	for len(s.feed.States) > 0 {
		if s.out.SendJSON("", EventStatus, <-s.feed.States) != nil {
			return nil
		}
	}
	_ = s.out.SendJSON("", EventEnd, s.feed.End(ctx)) // nobody is left to tell
	return nil
}

func (s *stream) send(r result) error {
	switch {
	case r.idle && r.rest > s.sent: // lines that are not wanted have passed: a client that comes back need not begin before them
		s.sent = r.rest
		return s.out.Heartbeat(strconv.FormatInt(r.rest, 10))
	case r.idle:
		return s.out.Heartbeat("")
	case r.line.Seq == 0:
		return s.out.SendJSON("", "", r.line)
	}
	s.sent = r.line.Seq
	err := s.out.SendJSON(strconv.FormatInt(r.line.Seq, 10), "", r.line)
	if at := r.line.Timestamp; err == nil && at.After(s.began) { // a stored line is as old as it is
		s.feed.Metrics.delivered(time.Since(at))
	}
	return err
}
