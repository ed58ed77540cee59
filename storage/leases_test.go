package storage_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"previewd/runtime/preview"
	"previewd/storage/storagetest"
)

func TestStartNeedsAGenerationOfTheUser(t *testing.T) {
	s := storagetest.New(t)
	_, _, err := s.StartPreview(t.Context(), row("g", "ann"), ports)
	wantError(t, err, preview.ErrGenerationNotFound)
	putGeneration(t, s, "g", "ann")
	_, _, err = s.StartPreview(t.Context(), row("g", "bob"), ports)
	wantError(t, err, preview.ErrPermissionDenied)
}

func TestStartReplacesTheActivePreview(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	for _, status := range []preview.Status{preview.Starting, preview.Running} {
		old := inStatus(t, s, status)
		fresh, replaced, err := s.StartPreview(ctx, row(old.GenerationID, old.UserID), ports)
		check(t, err)
		if replaced == nil || replaced.ID != old.ID || replaced.Status != preview.Stopping ||
			replaced.Reason == nil || replaced.Reason.Code != preview.Replaced {
			t.Fatalf("replaced: %+v", replaced)
		}
		if fresh.Port == old.Port {
			t.Error("the old one still holds its port")
		}
		same(t, reload(t, s, old.ID), *replaced)
		latest, err := s.LatestPreview(ctx, old.GenerationID)
		check(t, err)
		same(t, latest, fresh)
		// One that stops already is in nobody's way.
		_, replaced, err = s.StartPreview(ctx, row(old.GenerationID, old.UserID), ports)
		check(t, err)
		if replaced == nil || replaced.ID != fresh.ID {
			t.Errorf("replaced: %+v", replaced)
		}
	}
}

func TestQuotaCountsTheUsersOthers(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	two := ports
	two.Quotas.PreviewsPerUser = 2
	putGeneration(t, s, "a", "ann")
	putGeneration(t, s, "b", "ann")
	putGeneration(t, s, "c", "ann")
	putGeneration(t, s, "other", "bob")
	a, _, err := s.StartPreview(ctx, row("a", "ann"), two)
	check(t, err)
	_, _, err = s.StartPreview(ctx, row("b", "ann"), two)
	check(t, err)
	_, _, err = s.StartPreview(ctx, row("c", "ann"), two)
	wantError(t, err, preview.ErrQuotaExceeded)
	_, _, err = s.StartPreview(ctx, row("other", "bob"), two)
	check(t, err)
	_, replaced, err := s.StartPreview(ctx, row("a", "ann"), two) // a relaunch adds nothing
	check(t, err)
	if replaced == nil || replaced.ID != a.ID {
		t.Errorf("replaced: %+v", replaced)
	}
	b, err := s.LatestPreview(ctx, "b")
	check(t, err)
	stopping(t, s, b.ID, preview.User)
	_, _, err = s.StartPreview(ctx, row("c", "ann"), two) // a stopping one does not count
	check(t, err)
}

func TestPortThatRestedLongestIsNext(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	three := preview.StartOptions{PortMin: 4001, PortMax: 4003}
	putGeneration(t, s, "g", "ann")
	launch := func() preview.Preview {
		t.Helper()
		p, _, err := s.StartPreview(ctx, row("g", "ann"), three)
		check(t, err)
		return p
	}
	end := func(p preview.Preview) {
		t.Helper()
		finish(t, s, p.ID, preview.Failed, because(preview.AppExited), nil)
	}
	var order []int
	for range 5 {
		p := launch()
		order = append(order, p.Port)
		end(p)
		if got := reload(t, s, p.ID).Port; got != p.Port {
			t.Errorf("the port reads %d after the end", got)
		}
	}
	if want := []int{4001, 4002, 4003, 4001, 4002}; !slices.Equal(order, want) {
		t.Errorf("ports %v, want %v", order, want)
	}
	// The rest counts from the end of the use, not from its start.
	long := launch()
	short := launch() // replaces long, which keeps its port while it stops
	end(short)
	end(long)
	end(launch())
	if got := launch().Port; got != short.Port {
		t.Errorf("port %d is next, but %d has rested longer", got, short.Port)
	}
}

func TestMovePort(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	p := inStatus(t, s, preview.Starting)
	for range 2 { // the second time as after an answer that was lost
		port, err := s.MovePort(ctx, p.ID, 3001, 3004, []int{3001, 3002, 3003})
		check(t, err)
		if port != 3004 || reload(t, s, p.ID).Port != 3004 {
			t.Errorf("moved to %d", port)
		}
	}
	_, err := s.MovePort(ctx, p.ID, 3001, 3005, []int{3001, 3002, 3003, 3004, 3005})
	wantError(t, err, preview.ErrNoPorts)
	if got := reload(t, s, p.ID).Port; got != 3004 {
		t.Errorf("the lease went to %d", got)
	}
	// The port that somebody outside holds was used last: it is tried again last.
	next := inStatus(t, s, preview.Starting)
	if next.Port != 3002 {
		t.Errorf("the next one got %d", next.Port)
	}
}

func TestWithoutAPortNothingChanges(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	one := preview.StartOptions{PortMin: 5000, PortMax: 5000}
	putGeneration(t, s, "g", "ann")
	p, _, err := s.StartPreview(ctx, row("g", "ann"), one)
	check(t, err)
	_, replaced, err := s.StartPreview(ctx, row("g", "ann"), one)
	wantError(t, err, preview.ErrNoPorts)
	if replaced != nil {
		t.Errorf("replaced %+v", replaced)
	}
	same(t, reload(t, s, p.ID), p)
	// A stopping preview holds its port; an ended one gives it back.
	stopping(t, s, p.ID, preview.User)
	_, _, err = s.StartPreview(ctx, row("g", "ann"), one)
	wantError(t, err, preview.ErrNoPorts)
	finish(t, s, p.ID, preview.Stopped, because(preview.User), nil)
	again, _, err := s.StartPreview(ctx, row("g", "ann"), one)
	check(t, err)
	if again.Port != 5000 {
		t.Errorf("port %d", again.Port)
	}
}

func TestAHundredAtOnce(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	const users, each = 10, 12 // twenty more than there are ports
	for u := range users {
		for g := range each {
			putGeneration(t, s, fmt.Sprintf("g%d-%d", u, g), fmt.Sprint("user", u))
		}
	}
	var mu sync.Mutex
	got := map[int]string{}
	refused := 0
	var wg sync.WaitGroup
	for i := range users * each {
		wg.Go(func() {
			u, g := i%users, i/users
			p, _, err := s.StartPreview(ctx, row(fmt.Sprintf("g%d-%d", u, g), fmt.Sprint("user", u)), ports)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case errors.Is(err, preview.ErrNoPorts):
				refused++
			case err != nil:
				t.Error(err)
			case got[p.Port] != "":
				t.Errorf("port %d for %s and %s", p.Port, got[p.Port], p.ID)
			default:
				got[p.Port] = p.ID
			}
		})
	}
	wg.Wait()
	if len(got) != 100 || refused != 20 {
		t.Fatalf("%d ports, %d refused", len(got), refused)
	}
	active, err := s.Claims(ctx)
	check(t, err)
	if len(active) != 100 {
		t.Errorf("%d rows are active", len(active))
	}
	endAll(t, got, func(id string) error {
		return storagetest.Err(s.Finish(ctx, id, preview.Failed, because(preview.AppExited), nil))
	})
	for g := range each { // every lease came back
		for u := range users {
			if g*users+u < 100 {
				_, _, err := s.StartPreview(ctx, row(fmt.Sprintf("g%d-%d", u, g), fmt.Sprint("user", u)), ports)
				check(t, err)
			}
		}
	}
}

func endAll(t *testing.T, previews map[int]string, end func(id string) error) {
	t.Helper()
	var wg sync.WaitGroup
	for _, id := range previews {
		wg.Go(func() {
			if err := end(id); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// Launches, relaunches, moves and ends of the same few generations at once: no deadlock, and at most one active each.
func TestChurn(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	for i := range 4 {
		putGeneration(t, s, fmt.Sprint("g", i), "ann")
	}
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for range 20 {
				p, replaced, err := s.StartPreview(ctx, row(fmt.Sprint("g", worker%4), "ann"), ports)
				if err != nil {
					t.Error(err)
					return
				}
				if replaced != nil {
					expectWonOrLost(t, storagetest.Err(s.Finish(ctx, replaced.ID, preview.Stopped, because(preview.Replaced), nil)))
				}
				_, err = s.MovePort(ctx, p.ID, ports.PortMin, ports.PortMax, nil)
				expectWonOrLost(t, err)
				expectWonOrLost(t, s.BecomeRunning(ctx, p.ID, start0, nil))
			}
		})
	}
	wg.Wait()
	active, err := s.Claims(ctx)
	check(t, err)
	if len(active) != 4 {
		t.Errorf("%d active previews of 4 generations", len(active))
	}
}

func expectWonOrLost(t *testing.T, err error) {
	t.Helper()
	if _, lost := errors.AsType[*preview.TransitionError](err); err != nil && !lost {
		t.Error(err)
	}
}
