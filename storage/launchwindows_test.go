package storage_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/storage"
	"previewd/storage/storagetest"
)

func by(user string, rate preview.Rate) preview.StartOptions {
	o := ports
	o.LaunchedBy, o.Launches = user, rate
	return o
}

func remaining(t *testing.T, s *storage.Store, user string, rate preview.Rate) int {
	t.Helper()
	b, err := s.LaunchBudget(t.Context(), user, rate)
	check(t, err)
	if b.Limit != rate.Most {
		t.Errorf("limit %d", b.Limit)
	}
	return b.Remaining
}

func TestLaunchesAreCounted(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	rate := preview.Rate{Most: 3, Per: time.Hour}
	putGeneration(t, s, "g", "ann")
	before := time.Now()
	for left := 3; left > 0; left-- {
		if got := remaining(t, s, "ann", rate); got != left {
			t.Errorf("%d left, want %d", got, left)
		}
		_, _, err := s.StartPreview(ctx, row("g", "ann"), by("ann", rate))
		check(t, err)
	}
	latest, err := s.LatestPreview(ctx, "g")
	check(t, err)
	_, replaced, err := s.StartPreview(ctx, row("g", "ann"), by("ann", rate))
	spent, ok := errors.AsType[*preview.RateError](err)
	if !ok || spent.Of != "launches" || spent.Rate != rate {
		t.Fatalf("the fourth launch: %v", err)
	}
	if wait := spent.Reset.Sub(before); wait < 59*time.Minute || wait > 61*time.Minute {
		t.Errorf("starts anew after %v", wait)
	}
	if replaced != nil {
		t.Errorf("a refused launch replaced %+v", replaced)
	}
	same(t, reload(t, s, latest.ID), latest)
	if got := remaining(t, s, "bob", rate); got != 3 {
		t.Errorf("bob has %d", got)
	}
	// An admin's launch of ann's generation is the admin's own.
	_, _, err = s.StartPreview(ctx, row("g", "ann"), by("root", rate))
	check(t, err)
	if got := remaining(t, s, "root", rate); got != 2 {
		t.Errorf("the admin has %d", got)
	}
}

func TestDeletingAGenerationGivesNoLaunchBack(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	rate := preview.Rate{Most: 2, Per: time.Hour}
	for i := range 3 {
		id := fmt.Sprint("g", i)
		putGeneration(t, s, id, "ann")
		p, _, err := s.StartPreview(ctx, row(id, "ann"), by("ann", rate))
		if i == 2 {
			if _, ok := errors.AsType[*preview.RateError](err); !ok {
				t.Errorf("the third launch: %v", err)
			}
			return
		}
		check(t, err)
		finish(t, s, p.ID, preview.Failed, because(preview.AppExited), nil)
		check(t, s.DeleteGeneration(ctx, id))
	}
}

func TestRefusedLaunchesDoNotCount(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	rate := preview.Rate{Most: 5, Per: time.Hour}
	putGeneration(t, s, "g", "ann")
	putGeneration(t, s, "h", "ann")
	o := by("ann", rate)
	o.PortMax, o.Quotas.PreviewsPerUser = o.PortMin, 1
	_, _, err := s.StartPreview(ctx, row("g", "ann"), o)
	check(t, err)
	_, _, err = s.StartPreview(ctx, row("h", "ann"), o)
	wantError(t, err, preview.ErrQuotaExceeded)
	_, _, err = s.StartPreview(ctx, row("g", "ann"), o)
	wantError(t, err, preview.ErrNoPorts)
	_, _, err = s.StartPreview(ctx, row("g", "bob"), o)
	wantError(t, err, preview.ErrPermissionDenied)
	_, _, err = s.StartPreview(ctx, row("nothing", "ann"), o)
	wantError(t, err, preview.ErrGenerationNotFound)
	if got := remaining(t, s, "ann", rate); got != 4 {
		t.Errorf("%d left of 5 after one launch", got)
	}
}

func TestLaunchWindowEnds(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	rate := preview.Rate{Most: 1, Per: 200 * time.Millisecond}
	putGeneration(t, s, "g", "ann")
	start := func() error {
		_, _, err := s.StartPreview(ctx, row("g", "ann"), by("ann", rate))
		return err
	}
	check(t, start())
	for deadline := time.Now().Add(10 * time.Second); ; {
		err := start()
		if err == nil {
			break
		}
		if _, ok := errors.AsType[*preview.RateError](err); !ok || time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
	// The new window counts from one, and another length of it is another window.
	if got := remaining(t, s, "ann", preview.Rate{Most: 9, Per: time.Hour}); got != 8 {
		t.Errorf("%d left of 9", got)
	}
}

func TestLaunchesAtOnceGetExactlyTheLimit(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	rate := preview.Rate{Most: 7, Per: time.Hour}
	var accepted atomic.Int64
	var wg sync.WaitGroup
	for i := range 20 {
		id := fmt.Sprint("g", i)
		putGeneration(t, s, id, "ann")
		wg.Go(func() {
			_, _, err := s.StartPreview(ctx, row(id, "ann"), by("ann", rate))
			if _, spent := errors.AsType[*preview.RateError](err); err == nil {
				accepted.Add(1)
			} else if !spent {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if accepted.Load() != 7 {
		t.Errorf("%d launches were accepted", accepted.Load())
	}
}

func TestPruneLaunchWindows(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	rate := preview.Rate{Most: 2, Per: time.Hour}
	putGeneration(t, s, "g", "ann")
	_, _, err := s.StartPreview(ctx, row("g", "ann"), by("ann", rate))
	check(t, err)
	for _, test := range []struct {
		age  time.Duration
		want int64
	}{{time.Hour, 0}, {-time.Hour, 1}} {
		pruned, err := s.PruneLaunchWindows(ctx, time.Now().Add(-test.age))
		check(t, err)
		if pruned != test.want {
			t.Errorf("older than %v: %d", test.age, pruned)
		}
	}
	if got := remaining(t, s, "ann", rate); got != 2 {
		t.Errorf("%d left after the window was pruned", got)
	}
}
