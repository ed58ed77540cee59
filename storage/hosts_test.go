package storage_test

import (
	"regexp"
	"sync"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/storage/storagetest"
)

// TestAHostLastsAsLongAsItsGeneration relaunches and deletes.
func TestAHostLastsAsLongAsItsGeneration(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	first, neighbour := started(t, s, "g1", "ann"), started(t, s, "g2", "ann")
	if !regexp.MustCompile(`^p[0-9a-f]{32}$`).MatchString(first.Host) || neighbour.Host == first.Host {
		t.Fatal(first.Host, neighbour.Host)
	}
	byHost := func(want preview.Preview) {
		t.Helper()
		got, err := s.PreviewByHost(ctx, first.Host)
		check(t, err)
		same(t, got, reload(t, s, want.ID))
	}
	byHost(first)
	putGeneration(t, s, "g1", "ann") // other files, the same generation
	relaunch := row("g1", "ann")
	relaunch.CreatedAt = first.CreatedAt.Add(time.Second)
	second, _, err := s.StartPreview(ctx, relaunch, ports)
	check(t, err)
	if second.Host != first.Host {
		t.Error("a relaunch moved from", first.Host, "to", second.Host)
	}
	byHost(second)
	finish(t, s, second.ID, preview.Failed, because(preview.AppExited), nil)
	byHost(second) // the latest, though the replaced one is still stopping
	finish(t, s, first.ID, preview.Stopped, because(preview.Replaced), nil)
	check(t, s.DeleteGeneration(ctx, "g1"))
	_, err = s.PreviewByHost(ctx, first.Host)
	wantError(t, err, preview.ErrPreviewNotFound)
	if again := started(t, s, "g1", "bob"); again.Host == first.Host {
		t.Error("another user's generation of the same id got the host")
	}
}

func TestTheSecretIsMadeOnce(t *testing.T) {
	address := storagetest.URL(t)
	var mu sync.Mutex
	seen := map[string]int{}
	var wg sync.WaitGroup
	for range 8 {
		s := open(t, address)
		wg.Go(func() {
			secret, err := s.Secret(t.Context())
			if err != nil || len(secret) != 32 {
				t.Error(secret, err)
			}
			mu.Lock()
			defer mu.Unlock()
			seen[string(secret)]++
		})
	}
	wg.Wait()
	if len(seen) != 1 {
		t.Errorf("%d secrets", len(seen))
	}
}
