package launch

import (
	"context"

	"golang.org/x/sync/semaphore"
)

// places are what launches that are worked on share with previews that move. Of these a lost machine leaves many at once, and
// so they take no more than half of the places: people who launch do not wait for all of them.
type places struct{ all, moves *semaphore.Weighted }

func newPlaces(n int) places {
	return places{all: semaphore.NewWeighted(int64(max(1, n))), moves: semaphore.NewWeighted(int64(max(1, n/2)))}
}

// try takes a place if one is free.
func (p places) try(moves bool) bool {
	if moves && !p.moves.TryAcquire(1) {
		return false
	}
	free := p.all.TryAcquire(1)
	if !free && moves {
		p.moves.Release(1)
	}
	return free
}

// take waits for a place.
func (p places) take(ctx context.Context, moves bool) error {
	if moves {
		if err := p.moves.Acquire(ctx, 1); err != nil {
			return err
		}
	}
	err := p.all.Acquire(ctx, 1)
	if err != nil && moves {
		p.moves.Release(1)
	}
	return err
}

func (p places) leave(moves bool) {
	p.all.Release(1)
	if moves {
		p.moves.Release(1)
	}
}
