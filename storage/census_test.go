package storage_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"previewd/runtime/preview"
	"previewd/storage"
	"previewd/storage/storagetest"
)

func TestCensus(t *testing.T) {
	now := start0
	s, err := storage.Open(t.Context(), storagetest.URL(t), storage.Options{Webhooks: true, Now: func() time.Time { return now }})
	check(t, err)
	t.Cleanup(func() { check(t, s.Close()) })
	empty, err := s.Census(t.Context(), 1, 65535)
	check(t, err)
	same(t, empty, preview.Census{Previews: map[preview.Status]int{}})

	for _, status := range []preview.Status{preview.Starting, preview.Running, preview.Running, preview.Stopping, preview.Stopped, preview.Failed} {
		inStatus(t, s, status)
	}
	_, err = launch(t, s, "large", "ann", 512, preview.Quotas{})
	check(t, err)
	now = start0.Add(time.Minute)
	got, err := s.Census(t.Context(), 3001, 3003)
	check(t, err)
	want := preview.Census{
		Previews: map[preview.Status]int{preview.Starting: 2, preview.Running: 2, preview.Stopping: 1},
		Ports:    3, MemoryLimitMB: 512, Uptime: 2 * time.Minute, WebhooksPending: 11, WebhookOldest: time.Minute,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	_, err = s.BuryEvents(t.Context(), now, "nobody is there")
	check(t, err)
	got, err = s.Census(t.Context(), 1, 2)
	check(t, err)
	if got.WebhooksPending != 0 || got.WebhooksDead != 11 || got.WebhookOldest != 0 || got.Ports != 0 {
		t.Errorf("after they were given up: %+v", got)
	}
}
