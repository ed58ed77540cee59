// Package usage tells what instances use of the machine, without asking the engine every time it is asked itself: a
// reading costs the engine milliseconds, and front ends poll.
package usage

import (
	"context"
	"maps"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"previewd/runtime/preview"
)

const (
	fresh       = time.Second     // how old a reading may be
	readTimeout = 3 * time.Second // of the engine
	forgotten   = time.Minute     // when a reading that nobody asks for again goes, or at most as much later
)

// Engine reads an instance once. The CPU's share is that since the reading before.
type Engine interface {
	Stats(ctx context.Context, instanceID string) (preview.Stats, error)
}

// Sampler remembers the last reading of each instance for a moment. Who asks meanwhile, or while one is made, gets the
// same.
type Sampler struct {
	engine Engine
	flight singleflight.Group

	mu    sync.Mutex
	last  map[string]reading
	swept time.Time // when the forgotten ones last went
}

// reading is what came of asking the engine; an error is an answer, too, lest an engine in trouble be asked by everybody.
type reading struct {
	at    time.Time
	stats preview.Stats
	err   error
}

// New returns a Sampler that has read nothing yet.
func New(e Engine) *Sampler { return &Sampler{engine: e, last: map[string]reading{}} }

// Stats returns a reading that is at most a second old, or ctx's error when it ends before there is one.
func (s *Sampler) Stats(ctx context.Context, instanceID string) (preview.Stats, error) {
	if r, ok := s.recent(instanceID); ok {
		return r.stats, r.err
	}
	made := s.flight.DoChan(instanceID, func() (any, error) { return s.read(context.WithoutCancel(ctx), instanceID), nil })
	select {
	case result := <-made:
		r, _ := result.Val.(reading)
		return r.stats, r.err
	case <-ctx.Done():
		return preview.Stats{}, ctx.Err()
	}
}

func (s *Sampler) recent(instanceID string) (reading, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.last[instanceID]
	return r, ok && time.Since(r.at) < fresh
}

// read is for all who wait for it, so that it does not end with the one who asked first.
func (s *Sampler) read(ctx context.Context, instanceID string) reading {
	if r, ok := s.recent(instanceID); ok { // made between the look and this call
		return r
	}
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	var r reading
	r.stats, r.err = s.engine.Stats(ctx, instanceID)
	r.at = time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep(r.at)
	s.last[instanceID] = r
	return r
}

// sweep looks now and then, and not at each reading: all instances are read in a row.
func (s *Sampler) sweep(now time.Time) {
	if now.Sub(s.swept) <= forgotten {
		return
	}
	s.swept = now
	maps.DeleteFunc(s.last, func(_ string, r reading) bool { return now.Sub(r.at) > forgotten })
}
