package gateway_test

import (
	"net/http"
	"testing"
)

// TestWhatCountsAsUse has a stream stay silent: it counts for as long as it is open, and what the gateway answers itself never does.
func TestWhatCountsAsUse(t *testing.T) {
	b := newBed(t)
	release := make(chan struct{})
	p := b.app(func(w http.ResponseWriter, _ *http.Request) {
		_ = http.NewResponseController(w).Flush()
		<-release
	})
	b.visit("/") // 401
	streamed := make(chan struct{})
	go func() {
		defer close(streamed)
		b.get("/stream")
	}()
	eventually(t, "the open stream is noted twice", func() bool { return b.rows.touches(p.ID) >= 2 })
	close(release)
	<-streamed
	after := func() int {
		n := b.rows.touches(p.ID)
		for range 3 { // its end is one use more
			looks := b.rows.looked()
			b.visit("/")
			eventually(t, "the row was looked at again", func() bool { b.visit("/"); return b.rows.looked() > looks })
		}
		return b.rows.touches(p.ID) - n
	}()
	if after > 1 {
		t.Errorf("%d uses noted after the last one", after)
	}
}
