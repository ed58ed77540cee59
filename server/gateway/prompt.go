package gateway

import (
	"io"
	"net/http"
	"strings"
)

// prompt is an answer's body of a known length. Before its reader waits for more of it, the visitor is sent what there is; what is at hand at
// once, as small answers are with their headers, goes out in one piece. ReverseProxy itself sends streams on piece by piece, which costs
// it a timer, a goroutine and one more write.
type prompt struct {
	io.ReadCloser
	atHand func() int
	send   func() error
}

// promptly has the answer sent on that way, if it is not a stream.
func (way *passage) promptly(resp *http.Response) {
	if resp.ContentLength <= 0 || resp.StatusCode == http.StatusSwitchingProtocols || isStream(resp.Header) {
		return
	}
	atHand := func() int { return 0 }
	if lane, ok := resp.Body.(interface{ Buffered() int }); ok {
		atHand = lane.Buffered
	}
	resp.Body = &prompt{resp.Body, atHand, way.out.control.Flush}
}

// isStream reports whether an answer is one for ReverseProxy, whatever its length.
func isStream(h http.Header) bool {
	return strings.Contains(strings.ToLower(h.Get("Content-Type")), "text/event-stream")
}

func (b *prompt) Read(p []byte) (int, error) {
	if b.atHand() == 0 {
		_ = b.send() // a visitor who is gone is noticed by the next write
	}
	return b.ReadCloser.Read(p)
}
