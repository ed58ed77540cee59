package watch

import (
	"context"
	"time"

	"previewd/runtime/shim/internal/wire"
)

const (
	defaultHealthInterval = 10
	defaultRetries        = 3
	healthTimeout         = 5 * time.Second
	listenPause           = 50 * time.Millisecond // between looks for the first listening socket
)

// watchHealth reports when the app becomes unhealthy or healthy, from its first listening on.
func (w *Watcher) watchHealth(ctx context.Context) {
	if !w.untilListening(ctx) {
		return
	}
	c := w.opts.Config
	tick := time.NewTicker(seconds(c.HealthIntervalSeconds, defaultHealthInterval))
	defer tick.Stop()
	state := healthState{retries: c.HealthRetries}
	if state.retries <= 0 {
		state.retries = defaultRetries
	}
	for {
		if state.note(w.healthy()) {
			w.opts.Report(wire.Report{Kind: wire.ReportHealth, Healthy: state.healthy})
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (w *Watcher) untilListening(ctx context.Context) bool {
	tick := time.NewTicker(listenPause)
	defer tick.Stop()
	for !w.current().listening {
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
	}
	return true
}

// healthy asks the health path; without one it only looks whether the socket is there, and leaves no trace in the
// app's access log.
func (w *Watcher) healthy() bool {
	addr, ok := w.dialAddr()
	if !ok || w.opts.Config.HealthPath == "" {
		return ok
	}
	a, err := ask(&w.meter, addr, w.opts.Config.HealthPath, healthTimeout)
	return err == nil && a.status < 500
}

// healthState turns single results into health.
type healthState struct {
	retries int
	failed  int // in a row
	known   bool
	healthy bool
}

// note says whether the health changed. One good answer is enough, a bad one is not.
func (s *healthState) note(ok bool) (changed bool) {
	s.failed++
	if ok {
		s.failed = 0
	}
	if !ok && s.failed < s.retries {
		return false
	}
	changed = !s.known || s.healthy != ok
	s.known, s.healthy = true, ok
	return changed
}

func seconds(n, otherwise int) time.Duration {
	if n <= 0 {
		n = otherwise
	}
	return time.Duration(n) * time.Second
}
