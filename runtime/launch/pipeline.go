package launch

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/semaphore"

	"previewd/runtime/preview"
)

// stage is one step of a launch. What it made is undone by undo, in reverse order, when the preview ends.
type stage struct {
	phase preview.Phase
	run   func(context.Context) error
	undo  func(context.Context) error
}

func (r *run) stages() []stage {
	return []stage{
		{phase: preview.Fetching, run: r.fetch},
		{phase: preview.Detecting, run: r.detect},
		{phase: preview.Installing, run: r.install},
		{phase: preview.Creating, run: r.create, undo: r.removeInstance},
		{phase: preview.Booting, run: r.boot, undo: r.stopInstance},
	}
}

// pipeline runs the stages in order; each is timed, shown as the preview's phase and undone when the run ends.
func (r *run) pipeline() error {
	defer r.leaveSlot()
	for _, st := range r.stages() {
		if err := r.enter(st.phase); err != nil {
			return err
		}
		if st.undo != nil { // before run: a stage that failed half-way is undone too
			r.undo = append(r.undo, st.undo)
		}
		begin := time.Now()
		err := st.run(r.ctx)
		r.took[string(st.phase)] += time.Since(begin).Milliseconds()
		if err != nil {
			return fmt.Errorf("%s: %w", st.phase, err)
		}
	}
	return nil
}

func (r *run) enter(phase preview.Phase) error {
	err := r.s.Store.SetPhase(r.ctx, r.row.ID, phase)
	var lost *preview.TransitionError
	if errors.As(err, &lost) && lost.From == preview.Stopping {
		<-r.ctx.Done() // whoever set it also cancels this run, and says why
	}
	if err != nil {
		return err
	}
	r.row.Phase = phase
	r.s.Publish.Publish(r.row)
	return nil
}

// slot waits for one of the places of a semaphore; the wait counts as queued.
func (r *run) slot(ctx context.Context, places *semaphore.Weighted, phase preview.Phase) (release func(), err error) {
	release = func() { places.Release(1) }
	if places.TryAcquire(1) {
		return release, nil
	}
	begin := time.Now()
	if err := r.enter(preview.Queued); err != nil {
		return nil, err
	}
	if err := places.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	waited := time.Since(begin).Milliseconds()
	r.took[string(preview.Queued)] += waited
	r.took[string(phase)] -= waited
	if err := r.enter(phase); err != nil {
		release()
		return nil, err
	}
	return release, nil
}

// leaveSlot gives back the place among the launches that create and boot.
func (r *run) leaveSlot() {
	if r.bootSlot != nil {
		r.bootSlot()
		r.bootSlot = nil
	}
}
