package storage_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/storage"
	"previewd/storage/storagetest"
)

var allStatuses = []preview.Status{preview.Starting, preview.Running, preview.Stopping, preview.Stopped, preview.Failed}

// become asks for a state by the method that leads there.
func become(t *testing.T, s *storage.Store, id string, next preview.Status) error {
	t.Helper()
	switch next {
	case preview.Running:
		return s.BecomeRunning(t.Context(), id, start0, nil)
	case preview.Starting:
		return s.BeginMove(t.Context(), id, because(preview.InstanceLost))
	case preview.Stopping:
		_, err := s.BeginStopping(t.Context(), id, because(preview.Idle))
		return err
	default:
		return storagetest.Err(s.Finish(t.Context(), id, next, because(preview.InternalError), nil))
	}
}

func TestTransitionsFollowTheTable(t *testing.T) {
	s := storagetest.New(t)
	for _, from := range allStatuses {
		for _, to := range []preview.Status{preview.Running, preview.Stopping, preview.Stopped, preview.Failed, preview.Starting} {
			t.Run(string(from)+" to "+string(to), func(t *testing.T) {
				p := inStatus(t, s, from)
				if from == preview.Stopping && to == preview.Failed {
					p = stopping(t, s, inStatus(t, s, preview.Running).ID, preview.DiskFull) // held back
				}
				err := become(t, s, p.ID, to)
				if from.CanBecome(to) {
					check(t, err)
					if got := reload(t, s, p.ID).Status; got != to {
						t.Errorf("it is %s", got)
					}
					return
				}
				wantTransition(t, err, from, to)
				same(t, reload(t, s, p.ID), p)
			})
		}
	}
}

// TestTheFirstReasonDecidesTheEnd has the end that is wanted come before the other, as when an app exits by itself while it is replaced.
func TestTheFirstReasonDecidesTheEnd(t *testing.T) {
	s := storagetest.New(t)
	for _, code := range append(preview.WantedCodes(), preview.DiskFull, preview.AppExited) {
		want := preview.Failed
		if code.Wanted() {
			want = preview.Stopped
		}
		for _, later := range []preview.Status{preview.Stopped, preview.Failed} {
			p := inStatus(t, s, preview.Running)
			stopping(t, s, p.ID, code)
			ended, err := s.Finish(t.Context(), p.ID, later, because(preview.InstanceLost), nil)
			check(t, err)
			if ended.Status != want || ended.Reason.Code != code {
				t.Errorf("stopping for %s and then %s by %s, it is %s for %s", code, later, preview.InstanceLost, ended.Status, ended.Reason.Code)
			}
			same(t, reload(t, s, p.ID), ended)
		}
	}
}

func TestUnknownPreviewChangesNothing(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	_, stopErr := s.BeginStopping(ctx, "p", because(preview.User))
	_, moveErr := s.MovePort(ctx, "p", 3001, 3100, nil)
	_, readErr := s.Preview(ctx, "p")
	_, latestErr := s.LatestPreview(ctx, "g")
	_, extendErr := s.Extend(ctx, "p", start0, start0)
	_, renewErr := s.RenewSession(ctx, "p", []byte{1}, start0)
	_, revokeErr := s.RevokeShares(ctx, "p")
	_, addErr := s.AddSession(ctx, "p", []byte{1}, start0, start0)
	for _, err := range []error{
		stopErr, moveErr, readErr, latestErr, extendErr, renewErr, revokeErr, addErr,
		s.BecomeRunning(ctx, "p", start0, nil),
		storagetest.Err(s.Finish(ctx, "p", preview.Failed, because(preview.AppExited), nil)),
		s.SetPhase(ctx, "p", preview.Booting),
		s.Touch(ctx, "p", start0),
	} {
		wantError(t, err, preview.ErrPreviewNotFound)
	}
}

func TestLifeOfAPreview(t *testing.T) {
	now := start0.Add(10 * time.Minute)
	s, err := storage.Open(t.Context(), storagetest.URL(t), storage.Options{Now: func() time.Time { return now }})
	check(t, err)
	defer func() { check(t, s.Close()) }()
	ctx := t.Context()
	putGeneration(t, s, "g", "ann")

	want := row("g", "ann")
	want.MemoryLimitMB = 256
	want.Request = preview.Request{StartupTimeoutSeconds: 30, Env: map[string]string{"KEY": "se\x00cret"}, MemoryMB: 256, Nonce: "n", Launcher: "l"}
	p, replaced, err := s.StartPreview(ctx, want, ports)
	check(t, err)
	if replaced != nil {
		t.Errorf("replaced %+v", replaced)
	}
	want.Status, want.Phase, want.Health, want.Port, want.Timings = preview.Starting, preview.Queued, preview.HealthUnknown, 3001, preview.Timings{}
	want.Request.Env["KEY"], want.Host = "se\ufffdcret", p.Host
	same(t, p, want)

	at := func(seconds int) *time.Time { a := start0.Add(time.Duration(seconds) * time.Second); return &a }
	check(t, s.SetPhase(ctx, p.ID, preview.Detecting))
	check(t, s.SetPlan(ctx, p.ID, preview.PlanInfo{Runtime: preview.RuntimeNode, Framework: "vite", Command: "npm\x00 run", Cached: true}))
	check(t, s.SetInstance(ctx, p.ID, "container-1"))
	check(t, s.SetStarted(ctx, p.ID, *at(1)))
	check(t, s.BecomeRunning(ctx, p.ID, *at(2), preview.Timings{"booting": 100, "total": 300}))
	want.Status, want.Phase, want.Health = preview.Running, preview.Detecting, preview.HealthHealthy
	want.Runtime, want.Framework, want.Command, want.Cached = preview.RuntimeNode, "vite", "npm\ufffd run", true
	want.InstanceID, want.StartedAt, want.RunningAt, want.LastActiveAt = "container-1", at(1), at(2), *at(2)
	want.Timings = preview.Timings{"booting": 100, "total": 300}
	same(t, reload(t, s, p.ID), want)

	check(t, s.SetHealth(ctx, p.ID, preview.HealthUnhealthy))
	check(t, s.Touch(ctx, p.ID, *at(5)))
	check(t, s.Touch(ctx, p.ID, *at(4)))
	want.Health, want.LastActiveAt = preview.HealthUnhealthy, *at(5)
	same(t, reload(t, s, p.ID), want)

	p, err = s.Extend(ctx, p.ID, *at(7200), *at(6))
	check(t, err)
	want.TokenExpiry, want.ExpiresAt, want.LastActiveAt = *at(7200), *at(7200), *at(6)
	same(t, p, want)
	p, err = s.Extend(ctx, p.ID, *at(7199), *at(5)) // never shorter
	check(t, err)
	same(t, p, want)
	p, err = s.AddSession(ctx, p.ID, []byte{1}, *at(7199), *at(9999))
	check(t, err)
	want.MoreSessionHashes = [][]byte{{1}}
	same(t, p, want)
	for i := byte(2); i <= 9; i++ {
		_, err = s.AddSession(ctx, p.ID, []byte{i}, *at(7199), *at(9999))
		check(t, err)
	}
	want.MoreSessionHashes = [][]byte{{9}, {8}, {7}, {6}, {5}, {4}, {3}}
	same(t, reload(t, s, p.ID), want)
	p, err = s.AddSession(ctx, p.ID, []byte{10}, *at(7200), *at(7300)) // the first has expired
	check(t, err)
	want.SessionTokenHash, want.MoreSessionHashes, want.TokenExpiry = []byte{10}, nil, *at(7300)
	same(t, p, want)
	_, err = s.AddSession(ctx, p.ID, []byte{11}, *at(7201), *at(7300))
	check(t, err)
	p, err = s.RenewSession(ctx, p.ID, []byte{7}, *at(60))
	check(t, err)
	want.SessionTokenHash, want.TokenExpiry = []byte{7}, *at(60)
	same(t, p, want)
	same(t, reload(t, s, p.ID), want)
	p, err = s.RevokeShares(ctx, p.ID)
	check(t, err)
	want.ShareRound = 1
	same(t, p, want)
	same(t, reload(t, s, p.ID), want)

	exit := 137
	first := preview.Reason{
		Code: preview.OutOfMemory, Message: "m", Hint: "h", ExitCode: &exit,
		Evidence: &preview.Evidence{MemoryLimit: 1 << 40, LastLines: []string{"nul \x00 and \\u0000"}},
	}
	got, err := s.BeginStopping(ctx, p.ID, first)
	check(t, err)
	first.Evidence = &preview.Evidence{MemoryLimit: 1 << 40, LastLines: []string{"nul \ufffd and \\u0000"}}
	want.Status, want.Reason = preview.Stopping, &first
	same(t, got, want)

	finish(t, s, p.ID, preview.Stopped, because(preview.User), preview.Timings{"stopping": 7})
	want.Status, want.EndedAt = preview.Failed, &now
	want.Timings = preview.Timings{"booting": 100, "total": 300, "stopping": 7}
	same(t, reload(t, s, p.ID), want)
}

func TestSetPlanNotesTheMemoryLimit(t *testing.T) {
	s := storagetest.New(t)
	p := inStatus(t, s, preview.Starting)
	check(t, s.SetPlan(t.Context(), p.ID, preview.PlanInfo{MemoryMB: 1024}))
	check(t, s.SetPlan(t.Context(), p.ID, preview.PlanInfo{}))
	if got := reload(t, s, p.ID); got.MemoryLimitMB != 1024 || got.Request.MemoryMB != p.Request.MemoryMB {
		t.Errorf("limit is %d, asked for were %d", got.MemoryLimitMB, got.Request.MemoryMB)
	}
}

// An app may answer before the report of its start has come, which has to take the way of the log.
func TestAnswerBeforeTheReportOfTheStart(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	p := inStatus(t, s, preview.Starting)
	answered, earlier := start0.Add(3*time.Second), start0.Add(2*time.Second)
	startedAt := func(want time.Time) {
		t.Helper()
		if got := reload(t, s, p.ID).StartedAt; got == nil || !got.Equal(want) {
			t.Errorf("started at %v, want %v", got, want)
		}
	}
	check(t, s.BecomeRunning(ctx, p.ID, answered, nil))
	startedAt(answered)
	check(t, s.SetStarted(ctx, p.ID, answered.Add(time.Second)))
	startedAt(answered)
	check(t, s.SetStarted(ctx, p.ID, earlier))
	startedAt(earlier)
}

// A start that was broken off and is made again counts from its own time.
func TestStartedAgain(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	p := inStatus(t, s, preview.Starting)
	check(t, s.SetStarted(ctx, p.ID, start0))
	check(t, s.SetStarted(ctx, p.ID, start0.Add(time.Second)))
	if got := reload(t, s, p.ID).StartedAt; got == nil || !got.Equal(start0.Add(time.Second)) {
		t.Errorf("started at %v", got)
	}
}

func TestReasonOfAFailureWithoutAStop(t *testing.T) {
	s := storagetest.New(t)
	p := inStatus(t, s, preview.Failed)
	if p.Reason == nil || p.Reason.Code != preview.AppExited || p.EndedAt == nil {
		t.Errorf("%+v", p)
	}
}

func TestWhatEachStateAllows(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	active := []preview.Status{preview.Starting, preview.Running, preview.Stopping}
	for name, c := range map[string]struct {
		do    func(id string) error
		in    []preview.Status
		names preview.Status
	}{
		"SetPhase":    {func(id string) error { return s.SetPhase(ctx, id, preview.Booting) }, active[:1], preview.Starting},
		"SetPlan":     {func(id string) error { return s.SetPlan(ctx, id, preview.PlanInfo{}) }, active[:1], preview.Starting},
		"MovePort":    {func(id string) error { _, err := s.MovePort(ctx, id, 3001, 3100, nil); return err }, active[:1], preview.Starting},
		"SetInstance": {func(id string) error { return s.SetInstance(ctx, id, "i") }, active, preview.Starting},
		"SetStarted":  {func(id string) error { return s.SetStarted(ctx, id, start0) }, active, preview.Starting},
		"SetHealth":   {func(id string) error { return s.SetHealth(ctx, id, preview.HealthHealthy) }, active, preview.Running},
		"Touch":       {func(id string) error { return s.Touch(ctx, id, start0) }, active, preview.Running},
		"Extend":      {func(id string) error { _, err := s.Extend(ctx, id, start0, start0); return err }, active[:2], preview.Running},
		"Session":     {func(id string) error { _, err := s.RenewSession(ctx, id, []byte{1}, start0); return err }, active[:2], preview.Running},
		"Add session": {func(id string) error { _, err := s.AddSession(ctx, id, []byte{1}, start0, start0); return err }, active[:2], preview.Running},
		"Shares":      {func(id string) error { _, err := s.RevokeShares(ctx, id); return err }, active[:2], preview.Running},
	} {
		for _, status := range allStatuses {
			p := inStatus(t, s, status)
			err := c.do(p.ID)
			allowed := false
			for _, a := range c.in {
				allowed = allowed || a == status
			}
			if allowed && err != nil {
				t.Errorf("%s while %s: %v", name, status, err)
			}
			if !allowed {
				wantTransition(t, err, status, c.names)
				same(t, reload(t, s, p.ID), p)
			}
		}
	}
}

// Of many who change one preview at once, one wins and the others learn what it became.
func TestOneOfManyWins(t *testing.T) {
	s := storagetest.New(t)
	for range 10 {
		p := inStatus(t, s, preview.Starting)
		var won atomic.Int32
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				err := become(t, s, p.ID, []preview.Status{preview.Running, preview.Failed}[i%2])
				lost, isLost := errors.AsType[*preview.TransitionError](err)
				switch {
				case err == nil:
					won.Add(1)
				case !isLost || lost.From == preview.Starting:
					t.Errorf("error is %v", err)
				}
			})
		}
		wg.Wait()
		// Running first and failed after it is allowed: two winners then.
		if n := won.Load(); n < 1 || n > 2 {
			t.Errorf("%d won", n)
		}
		if got := reload(t, s, p.ID).Status; got != preview.Failed {
			t.Errorf("it is %s", got)
		}
	}
}
