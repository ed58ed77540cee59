package fake

import (
	"context"
	"sync"
)

// feed is a list that only grows and that any number of readers follow.
type feed[T any] struct {
	mu      sync.Mutex
	items   []T
	ended   bool
	changed chan struct{} // closed and replaced at every change
}

func newFeed[T any]() *feed[T] { return &feed[T]{changed: make(chan struct{})} }

func (f *feed[T]) add(item T) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.items = append(f.items, item)
	f.wake()
}

// end tells followers that nothing more comes; begin takes that back.
func (f *feed[T]) end()   { f.setEnded(true) }
func (f *feed[T]) begin() { f.setEnded(false) }

func (f *feed[T]) setEnded(ended bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ended = ended
	f.wake()
}

func (f *feed[T]) wake() {
	close(f.changed)
	f.changed = make(chan struct{})
}

func (f *feed[T]) len() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.items)
}

// at returns the item at index, waiting for it while follow is set; ok is false when there is none and none comes.
func (f *feed[T]) at(ctx context.Context, index int, follow bool) (item T, ok bool, err error) {
	for {
		f.mu.Lock()
		changed, ended := f.changed, f.ended
		if index < len(f.items) {
			item = f.items[index]
			f.mu.Unlock()
			return item, true, nil
		}
		f.mu.Unlock()
		if ended || !follow {
			return item, false, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return item, false, ctx.Err()
		}
	}
}
