// Package ratelimit bounds how often a caller may ask. Windows are fixed: the first act of a key opens one of the
// rate's length, and when it is over the whole limit is there again. Refused acts do not count.
package ratelimit

import (
	"container/list"
	"context"
	"sync"
	"time"

	"previewd/runtime/preview"
)

// maxKeys bounds a limiter's memory to some ten megabytes. Keys are verified users and previews, which strangers
// cannot make up.
const maxKeys = 100_000

// Limiter grants acts. Shared, it counts for all replicas together; until then, and while their ledger cannot be asked, for itself.
type Limiter struct {
	of   string
	rate preview.Rate
	now  func() time.Time
	most int // keys

	ledger  Ledger // nil for one that is not shared
	members func() int

	mu      sync.Mutex
	windows map[string]*list.Element
	byAge   *list.List // of *window, about the oldest first: they all last equally long
	owed    map[*window]struct{}
}

type window struct {
	key   string
	began time.Time
	known int // acts counted for all replicas, as far as is known here
	own   int // granted here since, and owed to the ledger
}

// New returns a limiter of what is counted, named in the plural. A nil clock is time.Now.
func New(of string, rate preview.Rate, now func() time.Time) *Limiter {
	if now == nil {
		now = time.Now
	}
	return &Limiter{
		of: of, rate: rate, now: now, most: maxKeys, members: func() int { return 1 },
		windows: map[string]*list.Element{}, byAge: list.New(), owed: map[*window]struct{}{},
	}
}

// Take counts one act of the key. What would exceed the rate is a *preview.RateError, beside a budget that holds as
// well.
func (l *Limiter) Take(ctx context.Context, key string) (preview.Budget, error) {
	if !l.rate.On() {
		return preview.Budget{}, nil
	}
	if budget, ok := l.takeShare(key); ok {
		return budget, nil
	}
	if l.ledger != nil && l.members() > 1 {
		if budget, ok := l.takeExactly(ctx, key); ok {
			return budget, nil
		}
	}
	return l.takeLocally(key)
}

// takeShare grants what costs no round trip: to one replica all, to each of several its share of what the last exchange left of the
// first three quarters. The last acts of a window are counted one by one.
func (l *Limiter) takeShare(key string) (preview.Budget, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	w, members, most := l.window(key), l.members(), l.rate.Most
	if members > 1 {
		most -= most / 4
	}
	if w.known+(w.own+1)*members > most {
		return preview.Budget{}, false
	}
	return l.grant(w), true
}

// takeLocally grants what is left for all that is known here.
func (l *Limiter) takeLocally(key string) (preview.Budget, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	w := l.window(key)
	if w.known+w.own >= l.rate.Most {
		spent := &preview.RateError{Of: l.of, Rate: l.rate, Reset: w.began.Add(l.rate.Per)}
		return spent.Budget(), spent
	}
	return l.grant(w), nil
}

func (l *Limiter) grant(w *window) preview.Budget {
	w.own++
	if l.ledger != nil {
		l.owed[w] = struct{}{}
	}
	return l.budget(w)
}

func (l *Limiter) budget(w *window) preview.Budget {
	return preview.Budget{Limit: l.rate.Most, Remaining: max(0, l.rate.Most-w.known-w.own), Reset: w.began.Add(l.rate.Per)}
}

// window is the key's open one.
func (l *Limiter) window(key string) *window {
	now := l.now()
	l.forget(now)
	if e := l.windows[key]; e != nil {
		if w := e.Value.(*window); now.Sub(w.began) < l.rate.Per {
			return w
		}
		l.drop(e)
	}
	if len(l.windows) >= l.most {
		l.drop(l.byAge.Front()) // the one that ends first: it loses the least
	}
	w := &window{key: key, began: now}
	l.windows[key] = l.byAge.PushBack(w)
	return w
}

// forget drops the windows that are over, so that only those of callers who were just here take memory.
func (l *Limiter) forget(now time.Time) {
	for e := l.byAge.Front(); e != nil && now.Sub(e.Value.(*window).began) >= l.rate.Per; e = l.byAge.Front() {
		l.drop(e)
	}
}

func (l *Limiter) drop(e *list.Element) {
	w := l.byAge.Remove(e).(*window)
	delete(l.windows, w.key)
	delete(l.owed, w)
}
