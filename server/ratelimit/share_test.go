package ratelimit

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"previewd/runtime/preview"
)

var errAway = errors.New("the ledger is away")

// ledger counts in memory.
type ledger struct {
	mu    sync.Mutex
	away  bool
	asked int
	began map[string]time.Time
	used  map[string]int
}

func newLedger() *ledger { return &ledger{began: map[string]time.Time{}, used: map[string]int{}} }

func (l *ledger) CountActs(_ context.Context, _ string, per time.Duration, acts []preview.Acts) ([]preview.Window, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked++
	if l.away {
		return nil, errAway
	}
	var windows []preview.Window
	for _, a := range acts {
		if time.Since(l.began[a.Key]) >= per {
			l.began[a.Key], l.used[a.Key] = time.Now(), 0
		}
		l.used[a.Key] += a.N
		windows = append(windows, preview.Window{Key: a.Key, Used: l.used[a.Key], Age: time.Since(l.began[a.Key])})
	}
	return windows, nil
}

func (l *ledger) set(away bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.away = away
}

// told is how often it was asked, and what it has counted of a key.
func (l *ledger) told(key string) (asked, used int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.asked, l.used[key]
}

var hundred = preview.Rate{Most: 100, Per: time.Minute}

// replicas runs as many limiters on one ledger.
func replicas(t *testing.T, n int, story func(t *testing.T, ledger *ledger, each []*Limiter)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ledger, each := newLedger(), make([]*Limiter, n)
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		for i := range each {
			each[i] = New("acts", hundred, nil).Share(ledger, func() int { return n })
			running.Go(func() { each[i].Run(ctx) })
		}
		story(t, ledger, each)
		cancel()
		running.Wait()
	})
}

func TestTwoGrantOneRate(t *testing.T) {
	replicas(t, 2, func(t *testing.T, ledger *ledger, each []*Limiter) {
		for window := range 3 {
			granted := 0
			for i := range 300 {
				if _, spent := take(t, each[i%2], "user"); spent == nil {
					granted++
				}
				time.Sleep(20 * time.Millisecond)
			}
			if granted != 100 {
				t.Errorf("window %d: they granted %d", window, granted)
			}
			asked, _ := ledger.told("user")
			_, spent := take(t, each[0], "user")
			if after, _ := ledger.told("user"); spent == nil || after != asked {
				t.Errorf("who has none left is granted one, or asks for it: %v", spent)
			}
			time.Sleep(time.Until(spent.Reset))
		}
		if asked, _ := ledger.told("user"); asked > 150 {
			t.Errorf("900 acts cost %d round trips", asked)
		}
	})
}

func TestOneOfTwoGrantsItAll(t *testing.T) {
	replicas(t, 2, func(t *testing.T, ledger *ledger, each []*Limiter) {
		for left := 99; left >= 0; left-- {
			if b, spent := take(t, each[0], "user"); spent != nil || b.Remaining != left {
				t.Fatalf("%d are left, not %d: %v", b.Remaining, left, spent)
			}
		}
		if _, spent := take(t, each[0], "user"); spent == nil {
			t.Error("it grants more")
		}
		if _, spent := take(t, each[1], "other"); spent != nil {
			t.Error(spent)
		}
		if asked, _ := ledger.told("user"); asked > 60 {
			t.Errorf("100 acts at once cost %d round trips", asked)
		}
	})
}

func TestABurstOnBothIsBounded(t *testing.T) {
	replicas(t, 2, func(t *testing.T, _ *ledger, each []*Limiter) {
		var granted atomic.Int64
		var all sync.WaitGroup
		for _, l := range each {
			all.Go(func() {
				for range 400 {
					if _, spent := take(t, l, "user"); spent == nil {
						granted.Add(1)
					}
					time.Sleep(time.Millisecond)
				}
			})
		}
		all.Wait()
		if n := granted.Load(); n < 100 || n > 150 {
			t.Errorf("they granted %d", n)
		}
	})
}

func TestARestartRemembers(t *testing.T) {
	replicas(t, 1, func(t *testing.T, ledger *ledger, each []*Limiter) {
		for range 100 {
			take(t, each[0], "user")
		}
		time.Sleep(settleEvery + time.Millisecond)
		after := New("acts", hundred, nil).Share(ledger, func() int { return 1 })
		take(t, after, "user")
		after.settle(t.Context())
		if _, spent := take(t, after, "user"); spent == nil {
			t.Error("it begins anew")
		}
	})
}

func TestWithoutItsLedgerEachCountsForItself(t *testing.T) {
	replicas(t, 2, func(t *testing.T, ledger *ledger, each []*Limiter) {
		ledger.set(true)
		for _, l := range each {
			for i := range 101 {
				if _, spent := take(t, l, "user"); (spent == nil) != (i < 100) {
					t.Fatalf("act %d: %v", i+1, spent)
				}
			}
		}
		time.Sleep(time.Second)
		ledger.set(false)
		time.Sleep(settleEvery + time.Millisecond)
		if _, n := ledger.told("user"); n != 200 {
			t.Errorf("afterwards %d acts are counted", n)
		}
	})
}
