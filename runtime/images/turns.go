package images

import (
	"context"
	"sync"
)

// turns lets one caller at a time work on a key. Each waits, and gives up, by its own context: who is cancelled
// never takes the others' work away, and when the one at work fails the next one tries.
type turns struct {
	mu   sync.Mutex
	keys map[string]*turn
}

type turn struct {
	busy  chan struct{}
	users int
}

// take returns when it is the caller's turn, or ctx's error. waited is called once if others are before.
func (t *turns) take(ctx context.Context, key string, waited func()) (release func(), err error) {
	k := t.join(key)
	select {
	case k.busy <- struct{}{}:
		return func() { t.leave(key, k, true) }, nil
	default:
	}
	if waited != nil {
		waited()
	}
	select {
	case k.busy <- struct{}{}:
		return func() { t.leave(key, k, true) }, nil
	case <-ctx.Done():
		t.leave(key, k, false)
		return nil, ctx.Err()
	}
}

func (t *turns) join(key string) *turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.keys == nil {
		t.keys = map[string]*turn{}
	}
	k := t.keys[key]
	if k == nil {
		k = &turn{busy: make(chan struct{}, 1)}
		t.keys[key] = k
	}
	k.users++
	return k
}

func (t *turns) leave(key string, k *turn, held bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if held {
		<-k.busy
	}
	if k.users--; k.users == 0 {
		delete(t.keys, key)
	}
}
