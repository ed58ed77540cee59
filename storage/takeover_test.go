package storage_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"previewd/runtime/preview"
	"previewd/storage"
	"previewd/storage/storagetest"
)

// takeOver hands one preview from a process to another.
func takeOver(t *testing.T, s *storage.Store, id, from, to string) {
	t.Helper()
	rows, err := s.TakeOver(t.Context(), []string{id}, from, to)
	check(t, err)
	if len(rows) != 1 {
		t.Fatalf("%s takes over %d previews", to, len(rows))
	}
}

func TestTakeOver(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	running, starting, others, ended := launchedBy(t, s, "dead"), launchedBy(t, s, "dead"), launchedBy(t, s, "other"), launchedBy(t, s, "dead")
	check(t, s.BecomeRunning(ctx, running.ID, start0, nil))
	finish(t, s, ended.ID, preview.Failed, because(preview.AppExited), nil)
	rows, err := s.TakeOver(ctx, []string{others.ID, ended.ID, running.ID, "nothing", starting.ID}, "dead", "first")
	check(t, err)
	got := idsOf(rows)
	slices.Sort(got)
	want := []string{running.ID, starting.ID}
	slices.Sort(want)
	same(t, got, want)
	for _, row := range rows {
		if row.Request.Launcher != "first" || row.Request.Nonce != running.Request.Nonce {
			t.Errorf("%s is taken over with %+v", row.ID, row.Request)
		}
		same(t, row, reload(t, s, row.ID))
	}
	for id, launcher := range map[string]string{others.ID: "other", ended.ID: "dead"} {
		if got := reload(t, s, id).Request.Launcher; got != launcher {
			t.Errorf("%s is %q's, want %q's", id, got, launcher)
		}
	}
	if rows, err = s.TakeOver(ctx, want, "dead", "second"); err != nil || len(rows) != 0 {
		t.Errorf("a second takeover gets %d, %v", len(rows), err)
	}
}

// TestOnlyOneProcessTakesOver: several take over the same previews, each in another order, while lines are added to their logs and states
// change. Each gets some, nobody the same, and nobody waits for somebody who waits for him.
func TestOnlyOneProcessTakesOver(t *testing.T) {
	const previews, processes = 40, 4
	address := storagetest.URL(t)
	dead, ctx := as(t, address, "dead"), t.Context()
	ids := make([]string, previews)
	for i := range ids {
		p := row(fmt.Sprint("g", i), fmt.Sprint("user", i))
		p.Request.Launcher = "dead"
		putGeneration(t, dead, p.GenerationID, p.UserID)
		p, _, err := dead.StartPreview(ctx, p, preview.StartOptions{PortMin: 3001, PortMax: 3100})
		check(t, err)
		ids[i] = p.ID
	}
	var mu sync.Mutex
	takers := map[string][]string{} // by preview
	var wg sync.WaitGroup
	for n := range processes {
		name := fmt.Sprint("next", n)
		s, mine := as(t, address, name), slices.Clone(ids)
		slices.Reverse(mine[:previews*n/processes])
		wg.Go(func() {
			for part := range slices.Chunk(mine, 10) {
				rows, err := s.TakeOver(ctx, part, "dead", name)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				for _, row := range rows {
					takers[row.ID] = append(takers[row.ID], name)
				}
				mu.Unlock()
			}
		})
	}
	wg.Go(func() {
		for seq := range int64(5) {
			var lines []preview.LogLine
			for _, id := range slices.Backward(ids) {
				lines = append(lines, preview.LogLine{PreviewID: id, Seq: seq + 1, Timestamp: start0, Message: "late", Level: preview.Info, Source: preview.System})
			}
			if err := dead.AppendLogs(ctx, lines); err != nil {
				t.Error(err)
			}
		}
	})
	wg.Go(func() {
		for _, id := range ids {
			if _, err := dead.BeginStopping(ctx, id, because(preview.User)); err != nil {
				t.Error(err)
			}
		}
	})
	wg.Wait()
	for _, id := range ids {
		if by := takers[id]; len(by) != 1 || reload(t, dead, id).Request.Launcher != by[0] {
			t.Errorf("%s was taken over by %q and is %q's", id, by, reload(t, dead, id).Request.Launcher)
		}
	}
}
