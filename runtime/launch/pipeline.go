package launch

import (
	"context"
	"errors"
	"fmt"
	"time"

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

// errFilesChanged says that the generation was replaced while the launch had left its place: it begins anew.
var errFilesChanged = errors.New("the generation's files changed")

// pipeline runs the stages in order; each is timed, shown as the preview's phase and undone when the run ends.
func (r *run) pipeline() error {
	r.undo = nil
	defer r.leavePlace()
	if err := r.takePlace(r.ctx); err != nil {
		return err
	}
	for _, st := range r.stages() {
		if err := r.enter(st.phase); err != nil {
			return err
		}
		if st.undo != nil { // before run: a stage that failed half-way is undone too
			r.undo = append(r.undo, st.undo)
		}
		begin := time.Now()
		err := r.traced(r.ctx, st.phase, st.run)
		r.took[string(st.phase)] += time.Since(begin).Milliseconds()
		if err != nil {
			return fmt.Errorf("%s: %w", st.phase, err)
		}
	}
	return nil
}

func (r *run) enter(phase preview.Phase) error {
	err := r.rows.SetPhase(r.ctx, r.row.ID, phase)
	if err != nil {
		r.awaitStop(err)
		return err
	}
	r.row.Phase = phase
	r.s.Publish.Publish(r.row)
	return nil
}

// takePlace waits for a place among the launches that are worked on, unless the run has one. The wait counts as queued
// and not as a part of the phase that it interrupts, which is entered again.
func (r *run) takePlace(ctx context.Context) error {
	if r.place != nil {
		return nil
	}
	moves := r.moving != ""
	waits := !r.s.places.try(moves)
	if waits || r.row.Phase == preview.Queued { // of the turns that come at once only the first is a step of the trace
		err := r.traced(ctx, preview.Queued, func(ctx context.Context) error { return r.queue(ctx, waits, moves) })
		if err != nil {
			return err
		}
	}
	r.place = func() { r.s.places.leave(moves) }
	return nil
}

func (r *run) queue(ctx context.Context, waits, moves bool) error {
	if !waits {
		return nil
	}
	begin, interrupted := time.Now(), r.row.Phase
	if interrupted != preview.Queued {
		if err := r.enter(preview.Queued); err != nil {
			return err
		}
	}
	r.system(preview.Info, "waiting for other launches, of which %d are worked on at once", r.s.Config.Concurrency)
	if err := r.s.places.take(ctx, moves); err != nil {
		return err
	}
	waited := time.Since(begin).Milliseconds()
	r.took[string(preview.Queued)] += waited
	if interrupted == preview.Queued {
		return nil
	}
	r.took[string(interrupted)] -= waited
	if err := r.enter(interrupted); err != nil {
		r.s.places.leave(moves)
		return err
	}
	return nil
}

// leavePlace gives the place back: at the end, and before what takes minutes, which must not hold up what takes a
// second. The files are let go of, too.
func (r *run) leavePlace() {
	r.tree = nil
	if r.place != nil {
		r.place()
		r.place = nil
	}
}
