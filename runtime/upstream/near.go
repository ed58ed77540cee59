package upstream

import (
	"context"
	"net"
	"sync"
	"time"

	"previewd/runtime/preview"
)

const (
	nearTime  = time.Second // after which the published port is tried
	maxPlaces = 4096
)

// Places tells where instances themselves are dialled.
type Places interface {
	// Place has no address where only the published port leads to the instance, and when it does not run.
	Place(ctx context.Context, instanceID string) (preview.Place, error)
}

// near connects to the preview's instance itself, where there is a way, or returns nil.
//
// An instance's address goes to another one after its end, as its port does. So its place is asked for once more after the connection was
// made and before anything is sent: an instance that has it still has had it all along, and no other can have answered. The
// preview's row, which would tell of the end later, is not enough here.
func (p *Pool) near(ctx context.Context, network, id, port string) net.Conn {
	ctx, cancel := context.WithTimeout(ctx, nearTime)
	defer cancel()
	place, ok := p.placeOf(ctx, id)
	if !ok {
		return nil
	}
	conn, err := p.Dial(ctx, network, net.JoinHostPort(place.Address, port))
	if err == nil {
		if now, err := p.Places.Place(ctx, place.InstanceID); err == nil && now == place {
			return conn
		}
		_ = conn.Close() // nothing was sent
	}
	p.places.forget(id)
	return nil
}

func (p *Pool) placeOf(ctx context.Context, id string) (preview.Place, bool) {
	if p.Places == nil {
		return preview.Place{}, false
	}
	if place, ok := p.places.get(id); ok {
		return place, place.Address != ""
	}
	row, err := p.Rows.Preview(ctx, id)
	if err != nil || row.InstanceID == "" {
		return preview.Place{}, false
	}
	place, err := p.Places.Place(ctx, row.InstanceID)
	if err != nil {
		return preview.Place{}, false
	}
	p.places.put(id, place)
	return place, place.Address != ""
}

// places are those of instances by preview: hints, which are never believed without a look.
type places struct {
	mu   sync.Mutex
	byID map[string]preview.Place
}

func (s *places) get(id string) (preview.Place, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	place, ok := s.byID[id]
	return place, ok
}

func (s *places) put(id string, place preview.Place) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.byID) >= maxPlaces { // of previews that ended at other replicas
		clear(s.byID)
	}
	s.byID[id] = place
}

func (s *places) forget(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.byID, id)
}
