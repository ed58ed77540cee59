package storage_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"previewd/runtime/preview"
	"previewd/storage"
	"previewd/storage/storagetest"
)

// launch starts a preview of a generation of its own that may use so much memory.
func launch(t *testing.T, s *storage.Store, id, user string, memory int, q preview.Quotas) (preview.Preview, error) {
	t.Helper()
	putGeneration(t, s, id, user)
	p := row(id, user)
	p.MemoryLimitMB = memory
	o := ports
	o.Quotas = q
	started, _, err := s.StartPreview(t.Context(), p, o)
	return started, err
}

func wantQuota(t *testing.T, err error, want preview.QuotaError) {
	t.Helper()
	got, ok := errors.AsType[*preview.QuotaError](err)
	if !ok || *got != want || !errors.Is(err, preview.ErrQuotaExceeded) {
		t.Errorf("error is %v, want %v", err, &want)
	}
}

func TestMemoryQuotaOfAUser(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	q := preview.Quotas{MemoryPerUserMB: 1000}
	a, err := launch(t, s, "a", "ann", 400, q)
	check(t, err)
	_, err = launch(t, s, "b", "ann", 600, q) // exactly full
	check(t, err)
	_, err = launch(t, s, "c", "ann", 16, q)
	wantQuota(t, err, preview.QuotaError{Quota: preview.QuotaMemoryPerUser, Most: 1000, Used: 1000, Wanted: 16})
	_, err = launch(t, s, "bobs", "bob", 1000, q)
	check(t, err)
	// What a project turns out to need less of is free for others.
	check(t, s.SetPlan(ctx, a.ID, preview.PlanInfo{MemoryMB: 300}))
	c, err := launch(t, s, "c", "ann", 100, q)
	check(t, err)
	// A relaunch replaces what it counts, even into a full quota, but not with more.
	_, err = launch(t, s, "c", "ann", 100, q)
	check(t, err)
	_, err = launch(t, s, "c", "ann", 101, q)
	wantQuota(t, err, preview.QuotaError{Quota: preview.QuotaMemoryPerUser, Most: 1000, Used: 900, Wanted: 101})
	if reload(t, s, c.ID).Status != preview.Stopping {
		t.Error("the relaunch replaced nothing")
	}
	// What stops or has ended does not count.
	stopping(t, s, a.ID, preview.User)
	_, err = launch(t, s, "d", "ann", 300, q)
	check(t, err)
}

func TestMemoryQuotaOfEverybody(t *testing.T) {
	s := storagetest.New(t)
	q := preview.Quotas{MemoryPerUserMB: 600, MemoryTotalMB: 1000}
	for _, user := range []string{"ann", "bob"} {
		_, err := launch(t, s, user, user, 450, q)
		check(t, err)
	}
	_, err := launch(t, s, "carols", "carol", 101, q)
	wantQuota(t, err, preview.QuotaError{Quota: preview.QuotaMemoryTotal, Most: 1000, Used: 900, Wanted: 101})
	_, err = launch(t, s, "more", "ann", 200, q) // one's own quota is the one to do something about
	wantQuota(t, err, preview.QuotaError{Quota: preview.QuotaMemoryPerUser, Most: 600, Used: 450, Wanted: 200})
	_, err = launch(t, s, "carols", "carol", 100, q)
	check(t, err)
}

func TestPreviewsQuotaTellsItsFigures(t *testing.T) {
	s := storagetest.New(t)
	q := preview.Quotas{PreviewsPerUser: 1}
	p, err := launch(t, s, "a", "ann", 512, q)
	check(t, err)
	if p.MemoryLimitMB != 512 || reload(t, s, p.ID).MemoryLimitMB != 512 {
		t.Errorf("limit %d", p.MemoryLimitMB)
	}
	_, err = launch(t, s, "b", "ann", 512, q)
	wantQuota(t, err, preview.QuotaError{Quota: preview.QuotaPreviewsPerUser, Most: 1, Used: 1, Wanted: 1})
}

func TestQuotasHoldForLaunchesAtOnce(t *testing.T) {
	s := storagetest.New(t)
	q := preview.Quotas{MemoryTotalMB: 1000}
	var started atomic.Int64
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			_, err := launch(t, s, fmt.Sprint("g", i), fmt.Sprint("user", i), 150, q)
			if err == nil {
				started.Add(1)
			} else if !errors.Is(err, preview.ErrQuotaExceeded) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if started.Load() != 6 {
		t.Errorf("%d previews of 150 MB in 1000 MB", started.Load())
	}
}
