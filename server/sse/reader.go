package sse

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// maxLine bounds one line of a stream, bytes: a log line of 64 KB with every character escaped fits.
const maxLine = 1 << 20

// Reader reads the events of a stream, as section 9.2.6 of the standard says.
type Reader struct {
	lines *bufio.Scanner
	last  string
	retry time.Duration
	begun bool
}

// NewReader reads events from r, which stays the caller's to close.
func NewReader(r io.Reader) *Reader {
	s := bufio.NewScanner(r)
	s.Buffer(nil, maxLine)
	s.Split(new(splitter).split)
	return &Reader{lines: s, retry: retry}
}

// LastEventID is the last id seen, to be sent as Last-Event-ID when connecting again.
func (r *Reader) LastEventID() string { return r.last }

// Retry is how long the server wants clients to wait before they connect again.
func (r *Reader) Retry() time.Duration { return r.retry }

// Next returns the next event, whose ID is the last one the stream named, and io.EOF at the stream's end. An event that was cut off is not returned.
func (r *Reader) Next() (Event, error) {
	var e Event
	var data []string
	for r.lines.Scan() {
		line := r.lines.Text()
		if !r.begun {
			line, r.begun = strings.TrimPrefix(line, "\ufeff"), true
		}
		if line == "" {
			if data == nil {
				e.Name = ""
				continue
			}
			e.ID, e.Data = r.last, strings.Join(data, "\n")
			return e, nil
		}
		field, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch field {
		case "event":
			e.Name = value
		case "data":
			data = append(data, value)
		default:
			r.note(field, value)
		}
	}
	if err := r.lines.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			return Event{}, fmt.Errorf("sse: a line has more than %d bytes", maxLine)
		}
		return Event{}, err
	}
	return Event{}, io.EOF
}

// note takes the fields that outlive an event. Unknown ones, and comments, whose name is empty, say nothing.
func (r *Reader) note(field, value string) {
	switch field {
	case "id":
		if !strings.ContainsRune(value, 0) {
			r.last = value
		}
	case "retry":
		if ms, err := strconv.ParseUint(value, 10, 31); err == nil {
			r.retry = time.Duration(ms) * time.Millisecond
		}
	}
}

// splitter splits at CR, LF and CRLF. A CR ends its line at once; a LF that follows later is skipped then.
type splitter struct{ skipLF bool }

func (s *splitter) split(data []byte, _ bool) (advance int, token []byte, err error) {
	skip := 0 // together with what follows: a Scanner at its end gives up when a step brings no token
	if s.skipLF && len(data) > 0 && data[0] == '\n' {
		skip = 1
	}
	if i := bytes.IndexAny(data[skip:], "\r\n"); i >= 0 {
		end := skip + i
		s.skipLF = data[end] == '\r'
		return end + 1, data[skip:end:end], nil
	}
	return 0, nil, nil // what is left at the end is an event that was cut off
}
