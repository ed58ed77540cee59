package api

import (
	"net/http"
	"sync"

	"previewd/runtime/preview"
)

// waiting is how many changes of state a slow client may fall behind before the oldest are left out.
const waiting = 16

// Changes tells of changes of a preview's state that this process makes.
type Changes interface {
	// Subscribe delivers them until cancel is called, which closes the channel.
	Subscribe(previewID string) (changes <-chan preview.Preview, cancel func())
}

// states are the changes of one preview's state, as bodies: those of this process at once, those that another makes when
// somebody looks at the row.
type states struct {
	changes chan any
	body    func(preview.Preview) previewBody
	cancel  func()
	ended   sync.WaitGroup

	mu   sync.Mutex
	last stateKey
}

// stateKey is what of a preview makes a state of its own.
type stateKey struct {
	status preview.Status
	phase  preview.Phase
	health preview.Health
}

// states begins with the state as it is now. The caller closes it.
func (a *API) states(r *http.Request, previewID string) (*states, error) {
	source, cancel := a.Changes.Subscribe(previewID)
	p, err := a.Rows.Preview(r.Context(), previewID) // after the subscription, so that no change is missed
	if err != nil {
		cancel()
		return nil, err
	}
	s := &states{
		changes: make(chan any, waiting), cancel: cancel,
		body: func(p preview.Preview) previewBody { return a.previewBody(r, p) },
	}
	s.put(p)
	s.ended.Go(func() {
		for p := range source {
			s.put(p)
		}
	})
	return s, nil
}

// put adds a state, unless it is the last one. It waits for nobody.
func (s *states) put(p preview.Preview) {
	key := stateKey{p.Status, p.Phase, p.Health}
	s.mu.Lock()
	defer s.mu.Unlock()
	if key == s.last {
		return
	}
	s.last = key
	for {
		select {
		case s.changes <- s.body(p):
			return
		default:
		}
		select {
		case <-s.changes:
		default:
		}
	}
}

func (s *states) close() {
	s.cancel()
	s.ended.Wait()
}
