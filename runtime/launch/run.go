package launch

import (
	"context"
	"crypto/sha256"
	"errors"
	"sync"
	"time"

	"github.com/sirupsen/logrus"

	"previewd/runtime/detect"
	"previewd/runtime/logs"
	"previewd/runtime/preview"
	"previewd/runtime/redact"
	"previewd/runtime/source"
	"previewd/runtime/tracing"
)

// endTimeout bounds each step of an end: the engine and the database get this long to answer.
const endTimeout = 30 * time.Second

// run is the life of one preview in this process. Its fields belong to the goroutine that executes it, but for
// what the mutex guards.
type run struct {
	s       *Service
	rows    patient
	row     preview.Preview
	log     *logrus.Entry
	journal *logs.Journal
	secrets *redact.Redactor // what is told of the run goes through it

	ctx     context.Context // ends with a *preview.Reason or errDetached as its cause
	cancel  context.CancelCauseFunc
	listens chan struct{} // holds one value after the shim reported that the app listens
	running chan struct{} // closed at the first answer
	done    chan struct{} // closed when nothing of the run is left

	countOOM func() // once, however often the engine tells of it

	undo []func(context.Context) error // of the stages that ran, in their order
	took preview.Timings
	span tracing.Span // of the launch, none for a preview that was taken over

	tree       *source.Tree      // held only while it is worked on: many launches wait at once
	filesSum   [sha256.Size]byte // of the archive that the tree came from
	plan       detect.Plan
	image      imageChoice
	instanceID string
	avoid      []int  // ports found taken by other programs
	place      func() // gives back the place among the launches that are worked on; nil without one

	moving string    // why the preview starts again on another machine; "" for a launch
	begun  time.Time // when this run began
	moved  string    // why it goes on in another run, "" when it has ended

	heeded  heeded
	adopted bool // an earlier process started the instance, and what it wrote since then has not been read

	stopWatch context.CancelFunc // nil until the instance is watched
	ended     chan struct{}      // closed when the watch ended; final is valid then
	final     ending

	mu   sync.Mutex // guards what follows
	seen reports

	// timer counts the time to the first answer; the shim's report of the app's start restarts it.
	timer   *time.Timer
	appIsUp bool // the shim reported the app's start
}

func newRun(ctx context.Context, s *Service, row preview.Preview) *run {
	ctx, cancel := context.WithCancelCause(ctx)
	log := s.Log.WithFields(logrus.Fields{"preview_id": row.ID, "generation_id": row.GenerationID})
	return &run{
		s: s, rows: patient{s.Store, s.Away, log}, row: row, ctx: ctx, cancel: cancel, log: log,
		listens: make(chan struct{}, 1), secrets: redact.New(row.Request.SecretEnv.Values()),
		running: make(chan struct{}), done: make(chan struct{}), ended: make(chan struct{}),
		took: preview.Timings{}, instanceID: row.InstanceID, begun: time.Now(),
		countOOM: sync.OnceFunc(s.Metrics.outOfMemory),
	}
}

// total is what a whole launch took, among the timings of its stages.
const total = "total"

// execute runs the preview to its end and cleans up after it.
func (r *run) execute(how func(*run) *preview.Reason) {
	defer r.cancel(nil)
	defer r.unwatch()
	if err := r.openJournal(); err != nil {
		// Nothing was touched yet: reconcile finds the row without an owner and tries again.
		r.log.WithError(err).Error("cannot open the preview's log; will try again")
		return
	}
	reason := how(r)
	if r.detached() || !r.isMine() {
		r.traceOutcome(left, "")
		r.unwatch()
		r.closeJournal()
		return
	}
	if r.beginMove() {
		return
	}
	r.end(reason)
}

// isMine asks whether the preview is still this process's to end. It is asked before every end: this process may have been stopped, or
// cut off from the database, for so long that another one runs the preview. While the database is away the end goes on as far as it can.
func (r *run) isMine() bool {
	ctx, cancel := context.WithTimeout(context.Background(), endTimeout)
	defer cancel()
	if err := r.s.Hold(ctx); err != nil {
		r.log.WithError(err).Warn("cannot tell whose the preview is; leaving its end to whoever has it")
		return false
	}
	mine, err := r.s.Store.Holds(ctx, r.row.ID)
	if err == nil && !mine {
		r.log.Warn("another previewd has taken the preview over")
	}
	return mine || err != nil
}

// openedAtOnce is how many logs are opened at once of running previews, of which a dead process leaves thousands: requests and launches
// ask the same database meanwhile.
const openedAtOnce = 8

func (r *run) openJournal() (err error) {
	if r.row.Status == preview.Running && r.s.opened.Acquire(r.ctx, 1) == nil { // who is stopped does not wait
		defer r.s.opened.Release(1)
	}
	ctx, cancel := context.WithTimeout(context.Background(), endTimeout)
	defer cancel()
	r.journal, err = r.s.Journals.Open(ctx, r.row.ID, r.secrets)
	return err
}

func (r *run) detached() bool { return errors.Is(context.Cause(r.ctx), errDetached) }

// startFromScratch is the life of a new preview: the pipeline, then the wait for its end.
func (r *run) startFromScratch() *preview.Reason {
	r.beginTrace()
	r.removeLeftover()
	err := r.pipeline()
	for errors.Is(err, errFilesChanged) {
		err = r.pipeline()
	}
	if err != nil {
		return r.stranded(r.explainError(err))
	}
	if err := r.becomeRunning(); err != nil {
		return r.explainError(err)
	}
	return r.untilEnd()
}

// adopt is the life of a preview whose instance an earlier process started.
func (r *run) adopt() *preview.Reason {
	r.undo = append(r.undo, r.removeInstance, r.stopInstance)
	close(r.running)
	r.s.measure(r.row.ID, r.instanceID)
	r.adopted = true
	r.watch()
	return r.untilEnd()
}

// discard ends a preview that was stopping, or lost its instance, when its process died.
func (r *run) discard() *preview.Reason {
	if r.instanceID != "" {
		r.undo = append(r.undo, r.removeInstance, r.stopInstance)
	}
	if r.row.Reason != nil {
		return r.row.Reason
	}
	return instanceLost("The preview's instance was gone when previewd looked for it.")
}

// untilEnd waits until the instance ends or somebody ends the run.
func (r *run) untilEnd() *preview.Reason {
	select {
	case <-r.ended:
		return r.explainEnding()
	case <-r.ctx.Done():
		return reasonOf(r.ctx, nil)
	}
}

func (r *run) becomeRunning() error {
	r.took[total] = r.since().Milliseconds()
	now := time.Now()
	if err := r.rows.BecomeRunning(r.ctx, r.row.ID, now, r.took); err != nil && !alreadyDone(err, preview.Running) {
		r.awaitStop(err)
		return err
	}
	r.row.Status, r.row.RunningAt, r.row.Timings = preview.Running, &now, r.took
	r.system(preview.Info, "running on %s after %d ms", r.where(), r.took[total])
	r.log.WithFields(logrus.Fields{"port": r.row.Port, "framework": r.plan.Framework, "timings_ms": r.took}).Info("preview is running")
	if r.moving == "" {
		r.s.Metrics.launched(r.row, succeeded, "", r.took)
	}
	r.arrived(succeeded)
	r.traceOutcome(succeeded, "")
	r.s.measure(r.row.ID, r.instanceID)
	close(r.running)
	r.s.Publish.Publish(r.row)
	return nil
}

// alreadyDone says that a change which is refused was made before. A connection that breaks after the change and before the answer has it made
// anew, and nobody but a preview's run brings it to run, or to its end.
func alreadyDone(err error, into preview.Status) bool {
	var refused *preview.TransitionError
	return errors.As(err, &refused) && refused.From == into && !errors.Is(err, preview.ErrTakenOver)
}

// hasEnded is alreadyDone for an end, whose status is that of the first reason.
func hasEnded(err error) bool {
	return alreadyDone(err, preview.Stopped) || alreadyDone(err, preview.Failed)
}

// awaitStop waits, where a change is refused because somebody has set the preview to stopping, until that one cancels this run and says why.
func (r *run) awaitStop(err error) {
	var lost *preview.TransitionError
	if errors.As(err, &lost) && lost.From == preview.Stopping && !errors.Is(err, preview.ErrTakenOver) {
		<-r.ctx.Done()
	}
}

func (r *run) explainError(err error) *preview.Reason {
	if errors.Is(err, preview.ErrTakenOver) {
		r.cancel(errDetached)
	}
	reason := reasonOf(r.ctx, err)
	var registry *preview.RegistryError // of whose cause the reason tells a part
	if (reason.Code == preview.InternalError || errors.As(err, &registry)) && r.ctx.Err() == nil {
		r.log.WithError(err).Error("launch failed")
	}
	return reason
}

// end undoes the stages in reverse and writes down why.
func (r *run) end(reason *preview.Reason) {
	reason = r.withoutSecrets(reason)
	level := preview.Error
	if reason.Code.Wanted() {
		level = preview.Info
	}
	r.system(level, "%s: %s", reason.Code, reason.Message)
	r.traceOutcome(outcomeOf(reason.Code), reason.Code)
	if err := r.unwind(); err != nil {
		// The row stays as it is, with its port: the instance may still hold it. Reconcile tries again.
		r.log.WithError(err).Error("cannot clean up after the preview; will try again")
		r.holdBack(reason)
		r.closeJournal()
		return
	}
	r.closeJournal()
	if r.isMine() {
		r.finish(reason)
	}
}

// holdBack keeps the reason of a preview that could not be cleaned up yet.
func (r *run) holdBack(reason *preview.Reason) {
	ctx, cancel := context.WithTimeout(context.Background(), patientTimeout)
	defer cancel()
	var lost *preview.TransitionError
	if _, err := r.rows.BeginEnd(ctx, r.row.ID, *reason); err != nil && !errors.As(err, &lost) {
		r.log.WithError(err).Error("cannot note the preview's reason")
	}
}

func (r *run) unwind() error {
	for len(r.undo) > 0 {
		last := r.undo[len(r.undo)-1]
		ctx, cancel := context.WithTimeout(context.Background(), endTimeout)
		err := last(ctx)
		cancel()
		if err != nil {
			return err
		}
		r.undo = r.undo[:len(r.undo)-1]
	}
	return nil
}

func (r *run) closeJournal() {
	ctx, cancel := context.WithTimeout(context.Background(), endTimeout)
	defer cancel()
	if err := r.journal.Close(ctx); err != nil {
		r.log.WithError(err).Warn("the end of the preview's log may be missing")
	}
}

// finish ends the lease and the row.
func (r *run) finish(reason *preview.Reason) {
	ctx, cancel := context.WithTimeout(context.Background(), patientTimeout)
	defer cancel()
	status := preview.Failed
	if reason.Code.Wanted() {
		status = preview.Stopped
		r.ensureStopping(ctx, *reason)
	}
	ended, err := r.rows.Finish(ctx, r.row.ID, status, *reason, r.took)
	if hasEnded(err) {
		ended, err = r.rows.Preview(ctx, r.row.ID)
	}
	if err != nil {
		r.log.WithError(err).Error("cannot write the preview's end")
		return
	}
	r.row.Status, r.row.Reason = ended.Status, ended.Reason
	r.log.WithFields(logrus.Fields{"reason": r.row.Reason.Code, "preview_status": r.row.Status}).Info("preview ended")
	r.count(r.row.Reason.Code)
	r.s.Publish.Publish(r.row)
}

// count counts the end, which is the launch's outcome where the app never answered.
func (r *run) count(why preview.Code) {
	if why == preview.OutOfMemory {
		r.countOOM()
	}
	r.arrived(outcomeOf(why))
	if r.row.RunningAt != nil {
		r.s.Metrics.ended(r.row, why, time.Now())
		return
	}
	r.s.Metrics.launched(r.row, outcomeOf(why), why, r.took)
}

// ensureStopping passes through stopping for wanted ends whose row was not set by Stop.
func (r *run) ensureStopping(ctx context.Context, reason preview.Reason) {
	var lost *preview.TransitionError
	if _, err := r.rows.BeginEnd(ctx, r.row.ID, reason); err != nil && !errors.As(err, &lost) {
		r.log.WithError(err).Warn("cannot set the preview to stopping")
	}
}

func (r *run) system(level preview.Level, format string, args ...any) {
	r.journal.System(level, format, args...)
}
