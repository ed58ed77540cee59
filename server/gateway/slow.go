package gateway

import (
	"errors"
	"io"
	"maps"
	"net/http"
	"os"
	"time"
)

// slowBody is a request's body whose sender must go on sending. Nothing bounds how long all of it takes.
type slowBody struct {
	io.ReadCloser
	control *http.ResponseController
	within  time.Duration
	failure error // of the last read, but for the end

	from, to http.Header // trailers, which are known at the end
}

func newSlowBody(w http.ResponseWriter, body io.ReadCloser, within time.Duration) *slowBody {
	return &slowBody{ReadCloser: body, control: http.NewResponseController(w), within: within}
}

func (b *slowBody) Read(p []byte) (int, error) {
	_ = b.control.SetReadDeadline(time.Now().Add(b.within)) // a writer without deadlines has no connection to bound
	n, err := b.ReadCloser.Read(p)
	switch {
	case err == nil:
	case errors.Is(err, io.EOF):
		_ = b.control.SetReadDeadline(time.Time{}) // the server waits for the visitor to go away, for as long as the answer lasts
		maps.Copy(b.to, b.from)
	default: // the deadline stays: the server would wait for the rest of the body before it answers
		b.failure = err
	}
	return n, err
}

// trailers has those that the sender announced passed on.
func (b *slowBody) trailers(from, to http.Header) {
	if from != nil && to != nil {
		b.from, b.to = from, to
	}
}

// late reports whether the sender was too slow.
func (b *slowBody) late() bool { return b != nil && errors.Is(b.failure, os.ErrDeadlineExceeded) }

// broken reports whether the body never came to its end for a reason of the sender's.
func (b *slowBody) broken() bool { return b != nil && b.failure != nil }

// slowWriter is an answer whose reader must go on reading. An app may be silent for as long as it likes.
type slowWriter struct {
	http.ResponseWriter
	control *http.ResponseController
	within  time.Duration
	armed   time.Time
	status  int
}

func newSlowWriter(w http.ResponseWriter, within time.Duration) *slowWriter {
	return &slowWriter{ResponseWriter: w, control: http.NewResponseController(w), within: within}
}

// arm gives the reader its time, at least. It is not set anew with every write, for it costs as much as a small one.
func (s *slowWriter) arm() {
	if now := time.Now(); now.Sub(s.armed) > s.within/4 {
		s.armed = now
		_ = s.control.SetWriteDeadline(now.Add(s.within + s.within/4)) // as above
	}
}

func (s *slowWriter) WriteHeader(status int) {
	s.arm()
	if status < http.StatusOK && status != http.StatusSwitchingProtocols {
		s.Header().Del("Set-Cookie") // only final answers were looked through
		s.Header().Del("Clear-Site-Data")
	} else if s.status == 0 {
		s.status = status
	}
	s.ResponseWriter.WriteHeader(status)
}

func (s *slowWriter) Write(p []byte) (int, error) {
	s.arm()
	return s.ResponseWriter.Write(p)
}

// Unwrap serves http.ResponseController.
func (s *slowWriter) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// done leaves the connection to the next request as it was found.
func (s *slowWriter) done() {
	if !s.armed.IsZero() && s.status != http.StatusSwitchingProtocols {
		_ = s.control.SetWriteDeadline(time.Time{})
	}
}
