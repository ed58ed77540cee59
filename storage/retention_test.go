package storage_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/storage"
	"previewd/storage/storagetest"
)

// endedAt makes previews with two lines each that ended then.
func endedAt(t *testing.T, url string, when time.Time, n int) []string {
	t.Helper()
	s, err := storage.Open(t.Context(), url, storage.Options{Now: func() time.Time { return when }})
	check(t, err)
	defer func() { check(t, s.Close()) }()
	ids := make([]string, n)
	for i := range ids {
		p := started(t, s, fmt.Sprintf("g-%d-%d", when.Unix(), i), "user")
		check(t, s.AppendLogs(t.Context(), linesFrom(p.ID, 1, 2)))
		finish(t, s, p.ID, preview.Failed, because(preview.AppExited), nil)
		ids[i] = p.ID
	}
	return ids
}

func TestTrimKeepsTheNewestLines(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	running, ended, small := createdAt(t, s, start0), inStatus(t, s, preview.Failed), createdAt(t, s, start0.AddDate(0, 0, 1))
	check(t, s.AppendLogs(ctx, linesFrom(running.ID, 1, 12_000))) // more than two batches go
	check(t, s.AppendLogs(ctx, linesFrom(ended.ID, 1, 101)))
	check(t, s.AppendLogs(ctx, linesFrom(small.ID, 1, 100)))

	lines, err := s.TrimLogs(ctx, 100)
	check(t, err)
	if lines != 11_901 {
		t.Errorf("%d lines went", lines)
	}
	for id, first := range map[string]int64{running.ID: 11_901, ended.ID: 2, small.ID: 1} {
		left, err := s.LogLines(ctx, id, 0, 200)
		check(t, err)
		if len(left) != 100 || left[0].Seq != first {
			t.Errorf("%d lines are left, from %d", len(left), left[0].Seq)
		}
	}
	lines, err = s.TrimLogs(ctx, 100)
	check(t, err)
	if lines != 0 {
		t.Errorf("%d lines went the second time", lines)
	}
	check(t, s.AppendLogs(ctx, linesFrom(running.ID, 12_001, 3))) // it goes on
	position, err := s.LogPosition(ctx, running.ID)
	check(t, err)
	if position.Seq != 12_003 {
		t.Errorf("position: %+v", position)
	}
}

// TestTrimHoldsNobodyUp has the log appended to and read while a batch of it is being removed.
func TestTrimHoldsNobodyUp(t *testing.T) {
	address := storagetest.URL(t)
	s, db, ctx := open(t, address), connect(t, address), t.Context()
	p := createdAt(t, s, start0)
	check(t, s.AppendLogs(ctx, linesFrom(p.ID, 1, 100)))
	tx, err := db.Beginx()
	check(t, err)
	defer func() { _ = tx.Rollback() }()
	_, err = tx.Exec(`delete from preview_logs where seq <= 50`)
	check(t, err)
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	check(t, s.AppendLogs(ctx, linesFrom(p.ID, 101, 1)))
	if n := storedLines(t, s, p.ID); n != 101 {
		t.Errorf("%d lines are read", n)
	}
}

// TestTrimCanBeInterrupted ends it while it waits for a line that somebody else holds.
func TestTrimCanBeInterrupted(t *testing.T) {
	address := storagetest.URL(t)
	s, db := open(t, address), connect(t, address)
	p := createdAt(t, s, start0)
	check(t, s.AppendLogs(t.Context(), linesFrom(p.ID, 1, 12_000)))
	tx, err := db.Beginx()
	check(t, err)
	defer func() { _ = tx.Rollback() }()
	_, err = tx.Exec(`select from preview_logs where seq = 7000 for update`)
	check(t, err)

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	outcome := make(chan error, 1)
	go func() { _, err := s.TrimLogs(ctx, 100); outcome <- err }()
	awaitLock(t, db, func() bool { return len(outcome) > 0 })
	cancel()
	if err := <-outcome; err == nil {
		t.Error("it was not interrupted")
	}
	left, err := s.LogLines(t.Context(), p.ID, 0, 1)
	check(t, err)
	if left[0].Seq != 5001 { // what was done stays done
		t.Errorf("the log begins with %d", left[0].Seq)
	}
}

func TestPrune(t *testing.T) {
	address := storagetest.URL(t)
	s, ctx := open(t, address), t.Context()
	old := endedAt(t, address, start0, 120) // more than one batch
	young := endedAt(t, address, start0.Add(time.Hour), 1)[0]
	active := started(t, s, "g-active", "user").ID
	check(t, s.AppendLogs(ctx, linesFrom(active, 1, 1)))
	before := start0.Add(time.Minute)

	lines, err := s.PruneLogs(ctx, before)
	check(t, err)
	if lines != 240 {
		t.Errorf("%d lines went", lines)
	}
	reload(t, s, old[0]) // its row stays
	lines, err = s.PruneLogs(ctx, before)
	check(t, err)
	if lines != 0 {
		t.Errorf("%d lines went the second time", lines)
	}

	check(t, s.AppendLogs(ctx, linesFrom(old[0], 3, 1)))
	previews, err := s.PrunePreviews(ctx, before)
	check(t, err)
	if previews != 120 {
		t.Errorf("%d previews went", previews)
	}
	_, err = s.Preview(ctx, old[0])
	wantError(t, err, preview.ErrPreviewNotFound)
	for id, want := range map[string]int{old[0]: 0, young: 2, active: 1} {
		if n := storedLines(t, s, id); n != want {
			t.Errorf("%d lines left of %s, want %d", n, id, want)
		}
	}
	reload(t, s, young)
	reload(t, s, active)
}

func TestDiscardedLogsAreRemoved(t *testing.T) {
	address := storagetest.URL(t)
	s, db, ctx := open(t, address), connect(t, address), t.Context()
	kept, gone, empty := inStatus(t, s, preview.Stopped), inStatus(t, s, preview.Stopped), inStatus(t, s, preview.Failed)
	check(t, s.AppendLogs(ctx, append(linesFrom(kept.ID, 1, 3), linesFrom(gone.ID, 1, 7000)...)))
	check(t, s.DeleteGeneration(ctx, gone.GenerationID))
	check(t, s.DeleteGeneration(ctx, empty.GenerationID))
	if n := storedLines(t, s, gone.ID); n != 0 {
		t.Errorf("%d lines of a deleted preview are read", n)
	}
	lines, err := s.RemoveDiscardedLogs(ctx)
	check(t, err)
	if lines != 7000 {
		t.Errorf("%d lines went", lines)
	}
	var left, noted int
	check(t, db.Get(&left, `select count(*) from preview_logs`))
	check(t, db.Get(&noted, `select count(*) from discarded_logs`))
	if left != 3 || noted != 0 {
		t.Errorf("%d lines are left, %d logs still to be removed", left, noted)
	}
}
