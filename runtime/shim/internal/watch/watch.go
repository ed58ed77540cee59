// Package watch finds where the app listens, makes the published port lead there, and tells previewd about it.
package watch

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"previewd/runtime/shim/internal/forward"
	"previewd/runtime/shim/internal/listen"
	"previewd/runtime/shim/internal/wire"
)

// Options are what a Watcher needs.
type Options struct {
	Config   wire.Config
	Report   func(wire.Report)
	MaxConns int // open forwarded connections at a time
}

// Watcher watches one app.
type Watcher struct {
	opts  Options
	rank  rank
	meter forward.Meter
	rest  restMeter

	// Of the loop of Run alone.
	table    *listen.Table
	sockets  []listen.Socket // the app's, sorted
	spare    []listen.Socket
	changed  time.Time // when sockets did
	began    time.Time
	fwd      *forward.Forwarder
	verdicts map[listen.Socket]verdict
	asking   bool
	answers  chan map[listen.Socket]verdict
	said     announcement

	mu   sync.Mutex
	view view
}

// view is what the loop tells the other goroutines.
type view struct {
	listening bool
	forwarded bool
	socket    listen.Socket
}

// New returns a Watcher.
func New(opts Options) *Watcher {
	return &Watcher{
		opts: opts, rank: rank{port: opts.Config.Port, appPort: opts.Config.AppPort}, rest: restMeter{proc: "/proc"},
		verdicts: map[listen.Socket]verdict{}, answers: make(chan map[listen.Socket]verdict, 1),
	}
}

// Run watches until ctx ends.
func (w *Watcher) Run(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Go(func() { w.watchHealth(ctx) })
	wg.Go(func() { w.watchActivity(ctx) })
	w.table = listen.Open()
	w.began = time.Now()
	w.changed = w.began
	for ctx.Err() == nil {
		w.step(time.Now())
		w.sleep(ctx)
	}
	w.release()
	_ = w.table.Close()
	wg.Wait()
}

// Pauses between two looks at the sockets.
const (
	startPause   = 10 * time.Millisecond  // the app's first answer waits for it
	latePause    = 50 * time.Millisecond  // it has not listened for a long time
	forwardPause = 100 * time.Millisecond // a restarted app may want the published port for itself
	directPause  = 500 * time.Millisecond
	startTime    = time.Minute
	costly       = 10 // times slower where a look is expensive, but at most maxPause
	maxPause     = time.Second
)

func (w *Watcher) pause() time.Duration {
	pause := latePause
	switch v := w.current(); {
	case v.listening && v.forwarded:
		pause = forwardPause
	case v.listening:
		pause = directPause
	case time.Since(w.changed) < startTime:
		pause = startPause
	}
	if !w.table.Cheap() {
		pause = min(pause*costly, maxPause)
	}
	return pause
}

func (w *Watcher) sleep(ctx context.Context) {
	timer := time.NewTimer(w.pause())
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case verdicts := <-w.answers:
		w.heard(verdicts)
	}
}

func (w *Watcher) current() view {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.view
}

func (w *Watcher) setView(v view) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.view = v
}

// dialAddr is where the app is asked; ok is false while it does not listen.
func (w *Watcher) dialAddr() (addr netip.AddrPort, ok bool) {
	v := w.current()
	return v.socket.DialAddr(), v.listening
}
