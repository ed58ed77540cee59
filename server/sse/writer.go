package sse

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

const (
	// Heartbeat is how often a comment tells proxies and clients that a silent stream lives.
	Heartbeat = 15 * time.Second

	retry        = 2 * time.Second  // before a client connects again
	writeTimeout = 30 * time.Second // a client that takes nothing for so long is gone
)

// Writer sends events, each at once. One goroutine may use it at a time.
type Writer struct {
	w   http.ResponseWriter
	ctl *http.ResponseController
	buf []byte
}

// NewWriter answers 200 with the headers of a stream and how soon to reconnect. The server's own write timeout no longer applies: each
// event has 30 seconds.
func NewWriter(w http.ResponseWriter) (*Writer, error) {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-cache, no-transform")
	h.Set("X-Accel-Buffering", "no")
	h.Del("Content-Length")
	s := &Writer{w: w, ctl: http.NewResponseController(w)}
	w.WriteHeader(http.StatusOK)
	return s, s.send(fmt.Appendf(nil, "retry: %d\n\n", retry.Milliseconds()))
}

// Send sends one event.
func (s *Writer) Send(e Event) error {
	b, err := e.appendTo(s.buf[:0])
	if err != nil {
		return err
	}
	s.buf = b
	return s.send(b)
}

// SendJSON sends v as an event's data.
func (s *Writer) SendJSON(id, name string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("sse: %w", err)
	}
	return s.Send(Event{ID: id, Name: name, Data: string(data)})
}

// Heartbeat sends a comment, which clients ignore.
func (s *Writer) Heartbeat() error { return s.send([]byte(": heartbeat\n\n")) }

func (s *Writer) send(b []byte) error {
	if err := s.deadline(writeTimeout); err != nil {
		return err
	}
	if _, err := s.w.Write(b); err != nil {
		return fmt.Errorf("sse: %w", err)
	}
	if err := s.ctl.Flush(); err != nil {
		return fmt.Errorf("sse: %w", err)
	}
	return nil
}

// deadline bounds the writes to come. Writers of tests know no deadlines.
func (s *Writer) deadline(d time.Duration) error {
	if err := s.ctl.SetWriteDeadline(time.Now().Add(d)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return fmt.Errorf("sse: %w", err)
	}
	return nil
}
