package upstream_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/runtime/upstream"
)

var getRoot = upstream.Request{Method: http.MethodGet, Target: "/"}

// TestPortThatBecameAStrangers has a preview end, and its port go to another, between look-up and connect.
func TestPortThatBecameAStrangers(t *testing.T) {
	var meanwhile func()
	b := newBed(t, func(o *upstream.Options) {
		o.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			meanwhile()
			return (&net.Dialer{}).DialContext(ctx, network, address)
		}
	})
	stranger := b.app("stranger", func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the stranger's app got %s %s", r.Method, r.URL)
	})
	for name, ended := range map[string]preview.Preview{
		"stopping": {ID: "mine", Status: preview.Stopping, Port: stranger.Port},
		"stopped":  {ID: "mine", Status: preview.Stopped, Port: stranger.Port},
		"moved":    {ID: "mine", Status: preview.Running, Port: stranger.Port + 1},
		"deleted":  {ID: "other"},
	} {
		t.Run(name, func(t *testing.T) {
			mine := b.rows.set(preview.Preview{ID: "mine", Status: preview.Running, Port: stranger.Port})
			meanwhile = func() {
				b.rows.mu.Lock()
				delete(b.rows.known, "mine")
				b.rows.mu.Unlock()
				b.rows.set(ended)
			}
			if _, err := b.Ask(t.Context(), mine, getRoot, limits); !errors.Is(err, upstream.ErrNotRunning) || errors.Is(err, upstream.ErrUnreachable) {
				t.Error(err)
			}
		})
	}
}

// TestConnectionsBelongToAPreview has two previews with one port, one after the other.
func TestConnectionsBelongToAPreview(t *testing.T) {
	b := newBed(t)
	opened := atomic.Int32{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	first := b.runs("first", server.Listener.Addr())
	for range 3 {
		b.get(first, "/")
	}
	if n, reads := opened.Load(), b.rows.readings(); n != 1 || reads != 1 {
		t.Errorf("three requests took %d connections and %d look-ups", n, reads)
	}
	second := b.runs("second", server.Listener.Addr())
	if b.get(second, "/"); opened.Load() != 2 {
		t.Error("a connection of the first preview served the second")
	}
}

func TestConnectionsEndWithThePreview(t *testing.T) {
	b := newBed(t)
	arrived := make(chan struct{})
	p := b.app("p1", func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
	})
	changes := make(chan preview.Preview)
	watched := make(chan struct{})
	go func() { defer close(watched); b.Watch(changes) }()
	asked := make(chan error)
	go func() {
		_, err := b.Ask(t.Context(), p, getRoot, limits)
		asked <- err
	}()
	<-arrived
	changes <- preview.Preview{ID: "p1", Status: preview.Stopping} // its app may finish what it does
	changes <- preview.Preview{ID: "p2", Status: preview.Stopped}
	select {
	case err := <-asked:
		t.Error("cut too early:", err)
	case <-time.After(50 * time.Millisecond):
	}
	changes <- preview.Preview{ID: "p1", Status: preview.Stopped}
	if err := <-asked; !errors.Is(err, upstream.ErrUnreachable) {
		t.Error(err)
	}
	close(changes)
	<-watched
}

func TestCloseCutsEverything(t *testing.T) {
	b := newBed(t)
	p := b.app("p1", func(_ http.ResponseWriter, r *http.Request) {
		go b.Close()
		<-r.Context().Done()
	})
	if _, err := b.Ask(t.Context(), p, getRoot, limits); !errors.Is(err, upstream.ErrUnreachable) {
		t.Error(err)
	}
}

// TestLookUpsThatFail are previewd's own trouble, and neither the app's nor a reason to send anything.
func TestLookUpsThatFail(t *testing.T) {
	b := newBed(t)
	p := b.app("p1", func(http.ResponseWriter, *http.Request) { t.Error("something was sent") })
	b.rows.fails = errors.New("the database is away")
	if _, err := b.Ask(t.Context(), p, getRoot, limits); !errors.Is(err, b.rows.fails) || errors.Is(err, upstream.ErrUnreachable) {
		t.Error(err)
	}
}
