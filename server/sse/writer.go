package sse

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/klauspost/compress/gzip"

	"previewd/server/encoding"
)

const (
	// Heartbeat is how often a comment tells proxies and clients that a silent stream lives.
	Heartbeat = 15 * time.Second

	retry        = 2 * time.Second  // before a client connects again
	writeTimeout = 30 * time.Second // a client that takes nothing for so long is gone
	fullBuffer   = 32 << 10         // bytes of events that are sent without waiting for more
	keptBuffer   = 2 << 10          // bytes that a silent reader keeps for what comes
)

// Writer sends events. One goroutine may use it at a time.
type Writer struct {
	out io.Writer
	ctl *http.ResponseController
	gz  *gzip.Writer // nil for a client that does not ask for it
	buf []byte       // events that are not sent yet
}

// NewWriter answers 200 with the headers of a stream and how soon to reconnect. The server's own write timeout no longer applies: each
// flush has 30 seconds. The caller closes the Writer.
func NewWriter(w http.ResponseWriter, r *http.Request) (*Writer, error) {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-cache, no-transform")
	h.Set("X-Accel-Buffering", "no")
	h.Add("Vary", "Accept-Encoding")
	h.Del("Content-Length")
	s := &Writer{out: w, ctl: http.NewResponseController(w)}
	if encoding.AcceptsGzip(r.Header) {
		h.Set("Content-Encoding", "gzip")
		// Without a state there is no window to compress against, and none of hundreds of kilobytes to keep for each reader.
		s.gz, _ = gzip.NewWriterLevel(w, gzip.StatelessCompression) // the level is known
		s.out = s.gz
	}
	w.WriteHeader(http.StatusOK)
	s.buf = fmt.Appendf(nil, "retry: %d\n\n", retry.Milliseconds())
	return s, s.Flush()
}

// Send takes one event, which is sent with the next Flush or when many have come together.
func (s *Writer) Send(e Event) error {
	b, err := e.appendTo(s.buf)
	if err != nil {
		return err
	}
	s.buf = b
	if len(b) >= fullBuffer {
		return s.Flush()
	}
	return nil
}

// SendJSON sends v as an event's data.
func (s *Writer) SendJSON(id, name string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("sse: %w", err)
	}
	return s.Send(Event{ID: id, Name: name, Data: string(data)})
}

// Heartbeat sends a comment, which clients ignore, and the id from which they go on when they connect again; "" leaves it.
func (s *Writer) Heartbeat(id string) error {
	s.buf = append(s.buf, ": heartbeat\n"...)
	if id != "" {
		s.buf = append(append(append(s.buf, "id: "...), id...), '\n')
	}
	s.buf = append(s.buf, '\n')
	return s.Flush()
}

// Flush sends what there is.
func (s *Writer) Flush() error {
	if len(s.buf) == 0 {
		return nil
	}
	if err := s.deadline(writeTimeout); err != nil {
		return err
	}
	_, err := s.out.Write(s.buf)
	s.buf = spare(s.buf)
	if err != nil {
		return fmt.Errorf("sse: %w", err)
	}
	if err := s.ctl.Flush(); err != nil {
		return fmt.Errorf("sse: %w", err)
	}
	return nil
}

// Close sends what there is and ends the stream.
func (s *Writer) Close() error {
	err := s.Flush()
	if s.gz != nil {
		err = errors.Join(err, s.gz.Close())
	}
	return err
}

// deadline bounds the writes to come. Writers of tests know no deadlines.
func (s *Writer) deadline(d time.Duration) error {
	if err := s.ctl.SetWriteDeadline(time.Now().Add(d)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return fmt.Errorf("sse: %w", err)
	}
	return nil
}

// spare is the buffer for what comes after what was just sent, or nil: neither one long line nor all that was replayed may cost each of very
// many readers for good.
func spare(sent []byte) []byte {
	if size := cap(sent); size > 2*fullBuffer || size > keptBuffer && len(sent) < size/4 {
		return nil
	}
	return sent[:0]
}
