package logs

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"previewd/runtime/redact"
)

// openTimeout bounds the look at the store when a journal is opened; the call is shared, so no caller's context may end it.
const openTimeout = 10 * time.Second

// Logs holds the open journals and the queue to the store. Run has to run for anything to be stored.
type Logs struct {
	opt     Options
	queue   *queue
	flight  singleflight.Group
	stopped chan struct{} // Run has returned
	count   counters

	mu      sync.Mutex
	open    map[string]*Journal
	mirrors map[string]*mirror
	wrote   time.Time // when lines were last stored; Run's own
}

// New returns Logs without journals.
func New(o Options) *Logs {
	o = o.withDefaults()
	return &Logs{opt: o, queue: newQueue(o), stopped: make(chan struct{}), open: map[string]*Journal{}, mirrors: map[string]*mirror{}}
}

// Open returns the preview's journal: the same one until it is closed. A new one goes on where the stored log ends, and takes the secrets out of every
// line; nil is none.
func (l *Logs) Open(ctx context.Context, previewID string, secrets *redact.Redactor) (*Journal, error) {
	result := l.flight.DoChan(previewID, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), openTimeout)
		defer cancel()
		return l.openOnce(ctx, previewID, secrets)
	})
	select {
	case r := <-result:
		if r.Err != nil {
			return nil, fmt.Errorf("open log of preview %s: %w", previewID, r.Err)
		}
		return r.Val.(*Journal), nil // openOnce returns nothing else
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *Logs) openOnce(ctx context.Context, previewID string, secrets *redact.Redactor) (*Journal, error) {
	if j := l.journal(previewID); j != nil {
		if j.isClosed() {
			return nil, fmt.Errorf("its last lines are not stored yet")
		}
		return j, nil
	}
	pos, err := l.opt.Store.LogPosition(ctx, previewID)
	if err != nil {
		return nil, err
	}
	recent, whole, err := l.recent(ctx, previewID, pos.Seq)
	if err != nil {
		return nil, err
	}
	j := newJournal(l, previewID, secrets, pos, recent, whole)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open[previewID] = j
	if m := l.mirrors[previewID]; m != nil { // this process writes the log from now on
		m.end()
	}
	return j, nil
}

// End is the seq of the preview's last line, be it stored or not, and 0 when there is none.
func (l *Logs) End(ctx context.Context, previewID string) (int64, error) {
	if j := l.journal(previewID); j != nil {
		j.mu.Lock()
		defer j.mu.Unlock()
		return j.seq, nil
	}
	pos, err := l.opt.Store.LogPosition(ctx, previewID)
	return pos.Seq, err
}

// journal returns the preview's journal, or nil. One that is closed stays until its last line is stored.
func (l *Logs) journal(previewID string) *Journal {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.open[previewID]
}

func (l *Logs) forget(j *Journal) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open[j.id] == j {
		delete(l.open, j.id)
	}
}
