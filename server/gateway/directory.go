package gateway

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"previewd/runtime/preview"
)

const (
	fresh      = time.Second // how long a row is taken for true; a change in this process is known at once
	forget     = time.Minute
	lookupTime = 5 * time.Second

	// lookupGrace is how long a look may take to heed its end. Nobody waits longer: a database that is stuck heeds none.
	lookupGrace = time.Second
)

// Rows finds previews.
type Rows interface {
	// PreviewByHost returns the latest one of a host's label, or preview.ErrPreviewNotFound.
	PreviewByHost(ctx context.Context, label string) (preview.Preview, error)
}

// directory remembers for a moment which preview a host name leads to, so that not every request asks the database.
type directory struct {
	rows Rows
	now  func() time.Time

	flights singleflight.Group
	mu      sync.RWMutex
	known   map[string]known
}

type known struct {
	row preview.Preview
	at  time.Time
}

func newDirectory(rows Rows, now func() time.Time) *directory {
	return &directory{rows: rows, now: now, known: map[string]known{}}
}

// find returns the latest preview of a label. Those who ask at once share one look.
func (d *directory) find(ctx context.Context, label string) (preview.Preview, error) {
	d.mu.RLock()
	k, ok := d.known[label]
	d.mu.RUnlock()
	if ok && d.now().Sub(k.at) < fresh {
		return k.row, nil
	}
	return d.look(ctx, label)
}

func (d *directory) look(ctx context.Context, label string) (preview.Preview, error) {
	flight := d.flights.DoChan(label, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookupTime) // others wait for it, too
		defer cancel()
		at := d.now()
		row, err := d.rows.PreviewByHost(ctx, label)
		if err != nil {
			return row, err
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		d.known[label] = known{row, at}
		return row, nil
	})
	patience, cancel := context.WithTimeout(ctx, lookupTime+lookupGrace)
	defer cancel()
	select {
	case got := <-flight:
		row, _ := got.Val.(preview.Preview)
		return row, got.Err
	case <-patience.Done():
		return preview.Preview{}, patience.Err()
	}
}

// drop makes the next who asks look again, and not share a look that began earlier.
func (d *directory) drop(label string) {
	d.flights.Forget(label)
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.known, label)
}

// tidy forgets what nobody asked for lately.
func (d *directory) tidy() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for label, k := range d.known {
		if d.now().Sub(k.at) > forget {
			delete(d.known, label)
		}
	}
}
