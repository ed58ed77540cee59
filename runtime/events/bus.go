// Package events tells whoever listens in this process that a preview's state changed.
package events

import (
	"sync"

	"previewd/runtime/preview"
)

// How many changes a subscriber may fall behind before it misses some. A subscriber that missed changes still gets the
// latest: the oldest are dropped. One preview changes seldom, and may have a thousand subscribers.
const (
	queueOfAll = 64
	queueOfOne = 4
)

// Bus delivers changes to its subscribers and waits for none of them.
type Bus struct {
	mu   sync.Mutex
	subs map[chan preview.Preview]string // the preview id asked for, "" for all
}

// NewBus returns a Bus without subscribers.
func NewBus() *Bus { return &Bus{subs: map[chan preview.Preview]string{}} }

// Publish delivers the preview as it is now.
func (b *Bus) Publish(p preview.Preview) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for ch, id := range b.subs {
		if id == "" || id == p.ID {
			offer(ch, p)
		}
	}
}

func offer(ch chan preview.Preview, p preview.Preview) {
	for {
		select {
		case ch <- p:
			return
		default:
		}
		select {
		case <-ch:
		default:
		}
	}
}

// Subscribe delivers the changes of one preview, or of all with id "", until cancel is called, which closes the channel.
func (b *Bus) Subscribe(id string) (changes <-chan preview.Preview, cancel func()) {
	size := queueOfOne
	if id == "" {
		size = queueOfAll
	}
	ch := make(chan preview.Preview, size)
	b.mu.Lock()
	b.subs[ch] = id
	b.mu.Unlock()
	var once sync.Once
	return ch, func() {
		once.Do(func() {
			b.mu.Lock()
			defer b.mu.Unlock()
			delete(b.subs, ch)
			close(ch)
		})
	}
}
