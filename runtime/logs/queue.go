package logs

import (
	"context"
	"sync"

	"previewd/runtime/preview"
)

// queue holds the lines that are not stored yet, of all journals, in one order.
type queue struct {
	maxLines, maxBytes, batch int

	wake chan struct{} // lines arrived
	ripe chan struct{} // a whole batch waits

	mu    sync.Mutex
	items []item
	bytes int
	room  chan struct{} // closed and replaced when items leave
}

type item struct {
	journal *Journal
	line    preview.LogLine
}

func newQueue(o Options) *queue {
	return &queue{
		maxLines: o.QueueLines, maxBytes: o.QueueBytes, batch: o.BatchLines,
		wake: make(chan struct{}, 1), ripe: make(chan struct{}, 1), room: make(chan struct{}),
	}
}

// put adds a line. Pumps wait for room first; what cannot wait may use as much again, and then put returns false.
func (q *queue) put(i item) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) >= 2*q.maxLines || q.bytes >= 2*q.maxBytes {
		return false
	}
	q.items = append(q.items, i)
	q.bytes += weight(i.line)
	signal(q.wake)
	if len(q.items) >= q.batch {
		signal(q.ripe)
	}
	return true
}

// waitForRoom returns when the queue may take lines of a pump.
func (q *queue) waitForRoom(ctx context.Context) error {
	for {
		room, full := q.full()
		if !full {
			return nil
		}
		select {
		case <-room:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (q *queue) full() (room <-chan struct{}, full bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.room, len(q.items) >= q.maxLines || q.bytes >= q.maxBytes
}

func (q *queue) size() (lines, bytes int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.items), q.bytes
}

// first returns the next items to store, which stay in the queue. They are valid until remove.
func (q *queue) first() []item {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.items[:min(len(q.items), q.batch):min(len(q.items), q.batch)]
}

// remove takes out the first n items and returns how many are left.
func (q *queue) remove(n int) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, i := range q.items[:n] {
		q.bytes -= weight(i.line)
	}
	clear(q.items[:n])
	if q.items = q.items[n:]; len(q.items) == 0 {
		q.items = nil // lets go of the memory after a burst
	}
	if len(q.items) < q.batch {
		select {
		case <-q.ripe: // the note is about lines that have gone
		default:
		}
	}
	close(q.room)
	q.room = make(chan struct{})
	return len(q.items)
}

// weight is about what a line takes in memory, bytes.
func weight(l preview.LogLine) int { return len(l.Message) + 128 }

// signal leaves a note in a channel of one place.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
