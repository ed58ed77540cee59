package upstream_test

import (
	"errors"
	"net"
	"net/http"
	"testing"
	"time"

	"previewd/runtime/upstream"
)

// endless is a body whose sender never ends.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// TestAnAppThatTakesNothing of a body accepts the connection and never reads. Who sent the body has no way to end that: a server does not
// notice that its client has left before it has read all of the request.
func TestAnAppThatTakesNothing(t *testing.T) {
	b := newBed(t, func(o *upstream.Options) { o.Patience = 100 * time.Millisecond })
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	p := b.runs("p", l.Addr())
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, upstream.Origin(p).String(), endless{})
	if err != nil {
		t.Fatal(err)
	}
	outcome := make(chan error, 1)
	go func() {
		resp, err := b.RoundTrip(req)
		if err == nil {
			_ = resp.Body.Close()
		}
		outcome <- err
	}()
	select {
	case err := <-outcome:
		if !errors.Is(err, upstream.ErrSlow) {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the request never ends")
	}
}
