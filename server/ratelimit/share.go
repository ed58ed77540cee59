package ratelimit

import (
	"context"
	"time"

	"previewd/runtime/preview"
)

// Ledger counts acts for all replicas together.
type Ledger interface {
	CountActs(ctx context.Context, kind string, per time.Duration, acts []preview.Acts) ([]preview.Window, error)
}

const (
	settleEvery = 250 * time.Millisecond
	settleTime  = 2 * time.Second
	settleKeys  = 1000 // in one exchange
)

// Share makes the limiter count together with those of the other replicas, of which there are as many as members says, this one
// among them. Most acts cost no round trip: they are settled with the ledger later, many at once. One replica's share of what is left is
// its own to grant; beyond that it asks. So together they grant no less than the rate, and more only in a burst on several at once: by what
// one has granted and not settled yet, its share within settleEvery at most. It is called before the first Take.
func (l *Limiter) Share(ledger Ledger, members func() int) *Limiter {
	l.ledger, l.members = ledger, members
	return l
}

// Run settles what is owed to the ledger until ctx ends, and then once more.
func (l *Limiter) Run(ctx context.Context) {
	ticker := time.NewTicker(settleEvery)
	defer ticker.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-ticker.C:
		}
		for l.settle(context.WithoutCancel(ctx)) {
		}
	}
}

// settle is one exchange. It reports whether there is more to settle.
func (l *Limiter) settle(ctx context.Context) bool {
	owed, acts := l.collect()
	if len(acts) == 0 {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	counted, err := l.ledger.CountActs(ctx, l.of, l.rate.Per, acts)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil { // the ledger is away: what was granted stays owed
		for i, w := range owed {
			l.giveBack(w, acts[i].N)
		}
		return false
	}
	for _, c := range counted {
		l.learn(c)
	}
	return len(l.owed) > 0 && len(acts) == settleKeys
}

// collect takes what is owed. It counts as known from now on.
func (l *Limiter) collect() (owed []*window, acts []preview.Acts) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for w := range l.owed {
		if len(acts) == settleKeys {
			break
		}
		delete(l.owed, w)
		owed, acts = append(owed, w), append(acts, preview.Acts{Key: w.key, N: w.own})
		w.known, w.own = w.known+w.own, 0
	}
	return owed, acts
}

func (l *Limiter) giveBack(w *window, n int) {
	w.known, w.own = w.known-n, w.own+n
	if e := l.windows[w.key]; e != nil && e.Value == w {
		l.owed[w] = struct{}{}
	}
}

// learn notes what all replicas have counted. Answers may overtake one another: within a window the count only rises.
func (l *Limiter) learn(c preview.Window) *window {
	began := l.now().Add(-c.Age)
	w := l.window(c.Key)
	if began.Sub(w.began) > l.rate.Per/2 { // the ledger is in the next window already
		w.known = 0
	}
	w.began, w.known = began, max(w.known, c.Used)
	return w
}

// takeExactly asks the ledger for one act, and settles what is owed for the key by the way. It reports false where the ledger
// grants none, or cannot be asked.
func (l *Limiter) takeExactly(ctx context.Context, key string) (preview.Budget, bool) {
	l.mu.Lock()
	w := l.window(key)
	if w.known >= l.rate.Most {
		l.mu.Unlock()
		return preview.Budget{}, false // known to be spent: it is not asked again before the window's end
	}
	n := w.own
	w.known, w.own = w.known+n, 0
	delete(l.owed, w)
	l.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	counted, err := l.ledger.CountActs(ctx, l.of, l.rate.Per, []preview.Acts{{Key: key, N: n + 1}})
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil || len(counted) == 0 {
		l.giveBack(w, n)
		return preview.Budget{}, false
	}
	w = l.learn(counted[0])
	return l.budget(w), counted[0].Used <= l.rate.Most
}
