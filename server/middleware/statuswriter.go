package middleware

import "net/http"

// statusWriter notes what was answered. http.ResponseController reaches the writer beneath by Unwrap.
type statusWriter struct {
	http.ResponseWriter
	status int // 0 until the header was written
	bytes  int64
}

func (s *statusWriter) WriteHeader(status int) {
	if s.status == 0 && status >= http.StatusOK { // informational ones may come first
		s.status = status
	}
	s.ResponseWriter.WriteHeader(status)
}

func (s *statusWriter) Write(b []byte) (int, error) {
	if s.status == 0 {
		s.status = http.StatusOK
	}
	n, err := s.ResponseWriter.Write(b)
	s.bytes += int64(n)
	return n, err
}

// Flush serves those who look for an http.Flusher.
func (s *statusWriter) Flush() {
	_ = http.NewResponseController(s.ResponseWriter).Flush() // a writer that cannot flush has no buffer to speak of
}

// Unwrap serves http.ResponseController.
func (s *statusWriter) Unwrap() http.ResponseWriter { return s.ResponseWriter }
