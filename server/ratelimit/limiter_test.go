package ratelimit

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"previewd/runtime/preview"
)

func take(t *testing.T, l *Limiter, key string) (preview.Budget, *preview.RateError) {
	t.Helper()
	budget, err := l.Take(t.Context(), key)
	spent, _ := errors.AsType[*preview.RateError](err)
	if err != nil && spent == nil {
		t.Fatal(err)
	}
	return budget, spent
}

func TestTakeCountsDownAndStartsAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New("things", preview.Rate{Most: 3, Per: time.Minute}, nil)
		reset := time.Now().Add(time.Minute)
		for _, left := range []int{2, 1, 0} {
			budget, spent := take(t, l, "ann")
			if spent != nil || budget != (preview.Budget{Limit: 3, Remaining: left, Reset: reset}) {
				t.Errorf("%+v %v, want %d left", budget, spent, left)
			}
			time.Sleep(10 * time.Second)
		}
		for range 5 { // refused ones do not push the end away
			budget, spent := take(t, l, "ann")
			if spent == nil || spent.Of != "things" || !spent.Reset.Equal(reset) || budget != (preview.Budget{Limit: 3, Reset: reset}) {
				t.Fatalf("%+v %v", budget, spent)
			}
		}
		if _, spent := take(t, l, "bob"); spent != nil {
			t.Error("bob pays for ann")
		}
		time.Sleep(time.Until(reset) - 1)
		if _, spent := take(t, l, "ann"); spent == nil {
			t.Error("admitted too early")
		}
		time.Sleep(time.Nanosecond)
		if budget, spent := take(t, l, "ann"); spent != nil || budget.Remaining != 2 || !budget.Reset.Equal(reset.Add(time.Minute)) {
			t.Errorf("%+v %v", budget, spent)
		}
	})
}

func TestNoRateBoundsNothing(t *testing.T) {
	l := New("things", preview.Rate{}, nil)
	for range 1000 {
		if budget, spent := take(t, l, "ann"); spent != nil || budget != (preview.Budget{}) {
			t.Fatal(budget, spent)
		}
	}
	if len(l.windows) > 0 {
		t.Error("it remembers for nothing")
	}
}

func TestMemoryIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New("things", preview.Rate{Most: 1, Per: time.Minute}, nil)
		l.most = 100
		for i := range 1000 {
			take(t, l, fmt.Sprint("user", i))
			time.Sleep(time.Millisecond)
		}
		if len(l.windows) != 100 || l.byAge.Len() != 100 {
			t.Error(len(l.windows), l.byAge.Len())
		}
		if _, spent := take(t, l, "user900"); spent == nil {
			t.Error("a fresh window was dropped before an older one")
		}
		time.Sleep(time.Minute)
		take(t, l, "one")
		if len(l.windows) != 1 || l.byAge.Len() != 1 {
			t.Errorf("%d windows that are over take memory", len(l.windows)-1)
		}
	})
}

func TestManyAtOnceGetExactlyTheLimit(t *testing.T) {
	l := New("things", preview.Rate{Most: 500, Per: time.Hour}, nil)
	var admitted atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				if _, err := l.Take(context.Background(), "ann"); err == nil {
					admitted.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if admitted.Load() != 500 {
		t.Error(admitted.Load())
	}
}

func BenchmarkTake(b *testing.B) {
	l := New("things", preview.Rate{Most: 1 << 30, Per: time.Hour}, nil)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			_, _ = l.Take(context.Background(), "ann")
		}
	})
}
