package storage_test

import (
	"slices"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/storage"
	"previewd/storage/storagetest"
)

// as opens the database as one of several processes does.
func as(t *testing.T, address, process string) *storage.Store {
	t.Helper()
	s, err := storage.Open(t.Context(), address, storage.Options{Process: process})
	check(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// launchedBy starts a preview that a process is responsible for.
func launchedBy(t *testing.T, s *storage.Store, process string) preview.Preview {
	t.Helper()
	generation := "g-" + preview.NewID()
	putGeneration(t, s, generation, "user")
	p := row(generation, "user")
	p.Request.Launcher = process
	p, _, err := s.StartPreview(t.Context(), p, ports)
	check(t, err)
	return p
}

// TestWhatWasTakenOverIsNotWritten: a process that was stopped and comes back changes nothing of what another one runs by then.
func TestWhatWasTakenOverIsNotWritten(t *testing.T) {
	address := storagetest.URL(t)
	stale, next, ctx := as(t, address, "stale"), as(t, address, "next"), t.Context()
	p := launchedBy(t, stale, "stale")
	line := preview.LogLine{PreviewID: p.ID, Seq: 1, Timestamp: start0, Level: preview.Info, Message: "before", Source: preview.System}
	check(t, stale.AppendLogs(ctx, []preview.LogLine{line}))
	check(t, stale.SetPhase(ctx, p.ID, preview.Fetching))
	if mine, err := stale.Holds(ctx, p.ID); err != nil || !mine {
		t.Fatalf("it does not hold its own preview: %v", err)
	}
	takeOver(t, next, p.ID, "stale", "next")

	before := reload(t, next, p.ID)
	for name, write := range map[string]func() error{
		"phase":    func() error { return stale.SetPhase(ctx, p.ID, preview.Booting) },
		"plan":     func() error { return stale.SetPlan(ctx, p.ID, preview.PlanInfo{Command: "stale"}) },
		"instance": func() error { return stale.SetInstance(ctx, p.ID, "stale") },
		"start":    func() error { return stale.SetStarted(ctx, p.ID, start0) },
		"health":   func() error { return stale.SetHealth(ctx, p.ID, preview.HealthUnhealthy) },
		"running":  func() error { return stale.BecomeRunning(ctx, p.ID, start0, nil) },
		"stopping": func() error { return storagetest.Err(stale.BeginEnd(ctx, p.ID, because(preview.Shutdown))) },
		"end": func() error {
			return storagetest.Err(stale.Finish(ctx, p.ID, preview.Failed, because(preview.AppExited), nil))
		},
		"port": func() error {
			_, err := stale.MovePort(ctx, p.ID, 3001, 3100, []int{p.Port})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) { wantError(t, write(), preview.ErrTakenOver) })
	}
	line.Seq, line.Message = 2, "after"
	check(t, stale.AppendLogs(ctx, []preview.LogLine{line}))
	same(t, reload(t, next, p.ID), before)
	if at, err := next.LogPosition(ctx, p.ID); err != nil || at.Seq != 1 {
		t.Errorf("the log ends at %d, %v", at.Seq, err)
	}
	if mine, err := stale.Holds(ctx, p.ID); err != nil || mine {
		t.Errorf("it holds another's preview: %v", err)
	}
	check(t, next.SetPhase(ctx, p.ID, preview.Booting))
	check(t, next.AppendLogs(ctx, []preview.LogLine{line}))
	check(t, storagetest.Err(next.Finish(ctx, p.ID, preview.Failed, because(preview.AppExited), nil)))
	if err := stale.SetPhase(ctx, p.ID, preview.Booting); err == nil {
		t.Error("an ended preview has a phase")
	}
}

func TestLaunchers(t *testing.T) {
	address := storagetest.URL(t)
	a, b, ctx := as(t, address, "a"), as(t, address, "b"), t.Context()
	want := func(names ...string) {
		t.Helper()
		got, err := a.Launchers(ctx)
		check(t, err)
		if !slices.Equal(got, names) {
			t.Errorf("launchers %q, want %q", got, names)
		}
	}
	want()
	first, second, other := launchedBy(t, a, "a"), launchedBy(t, a, "a"), launchedBy(t, b, "b")
	want("a", "b")
	check(t, storagetest.Err(a.Finish(ctx, first.ID, preview.Failed, because(preview.AppExited), nil)))
	ids, err := b.PreviewsOf(ctx, "a")
	check(t, err)
	same(t, ids, []string{second.ID})
	check(t, a.Leave(ctx))
	want("", "b")
	ids, err = b.PreviewsOf(ctx, "")
	check(t, err)
	same(t, ids, []string{second.ID})
	takeOver(t, b, second.ID, "", "b")
	want("b")
	if got := reload(t, a, other.ID).Request.Launcher; got != "b" {
		t.Errorf("another's preview is now of %q", got)
	}
}

// TestTheExpelledHoldNothing: a process that is stopped in the middle of a transaction holds up nobody once it is expelled.
func TestTheExpelledHoldNothing(t *testing.T) {
	address := storagetest.URL(t)
	stale, next, ctx := as(t, address, "stale"), as(t, address, "next"), t.Context()
	p := launchedBy(t, stale, "stale")
	held, err := stale.DB().BeginTxx(ctx, nil)
	check(t, err)
	defer func() { _ = held.Rollback() }()
	_, err = held.ExecContext(ctx, `select from previews where id = $1 for key share`, p.ID)
	check(t, err)
	taken := make(chan error, 1)
	go func() {
		_, err := next.TakeOver(ctx, []string{p.ID}, "stale", "next")
		taken <- err
	}()
	awaitSessions(t, connect(t, address), `wait_event_type = 'Lock'`, 1)
	check(t, next.Expel(ctx, "stale"))
	select {
	case err := <-taken:
		check(t, err)
	case <-time.After(5 * time.Second):
		t.Fatal("the takeover still waits")
	}
	if _, err := stale.Launchers(ctx); err != nil {
		t.Errorf("the expelled does not find back: %v", err)
	}
}
