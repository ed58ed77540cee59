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

// Limiter counts in the memory of this process: each replica grants the limit anew.
type Limiter struct {
	of   string
	rate preview.Rate
	now  func() time.Time
	most int // keys

	mu      sync.Mutex
	windows map[string]*list.Element
	byAge   *list.List // of *window, the oldest first: they all last equally long
}

type window struct {
	key   string
	began time.Time
	used  int
}

// New returns a limiter of what is counted, named in the plural. A nil clock is time.Now.
func New(of string, rate preview.Rate, now func() time.Time) *Limiter {
	if now == nil {
		now = time.Now
	}
	return &Limiter{of: of, rate: rate, now: now, most: maxKeys, windows: map[string]*list.Element{}, byAge: list.New()}
}

// Take counts one act of the key. What would exceed the rate is a *preview.RateError, beside a budget that holds as
// well.
func (l *Limiter) Take(_ context.Context, key string) (preview.Budget, error) {
	if !l.rate.On() {
		return preview.Budget{}, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	w := l.window(key)
	reset := w.began.Add(l.rate.Per)
	if w.used >= l.rate.Most {
		spent := &preview.RateError{Of: l.of, Rate: l.rate, Reset: reset}
		return spent.Budget(), spent
	}
	w.used++
	return preview.Budget{Limit: l.rate.Most, Remaining: l.rate.Most - w.used, Reset: reset}, nil
}

// window is the key's open one.
func (l *Limiter) window(key string) *window {
	now := l.now()
	l.forget(now)
	if e := l.windows[key]; e != nil {
		return e.Value.(*window)
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
	delete(l.windows, l.byAge.Remove(e).(*window).key)
}
