package launch

import (
	"context"
	"errors"
	"fmt"
	"time"

	"previewd/runtime/explain"
	"previewd/runtime/preview"
)

// oomCounts is how long after an OOM kill the app's end is put down to it.
const oomCounts = 5 * time.Second

// linesExplained is how many of the last log lines are searched for a cause.
const linesExplained = 200

// explainEnding tells why the instance ended by itself.
func (r *run) explainEnding() *preview.Reason {
	end := r.final
	switch {
	case r.ctx.Err() != nil:
		return reasonOf(r.ctx, nil)
	case end.instance.Lost != "":
		return instanceLost("The preview was lost with its machine: " + end.instance.Lost + ".")
	case end.gone && end.engineDown:
		return instanceLost("The container engine was restarted and no longer has the preview's instance.")
	case end.gone:
		return instanceLost("The preview's instance was removed by somebody other than previewd.")
	case end.engineDown && !end.instance.OOMKilled:
		return instanceLost("The container engine was restarted and ended the preview.")
	case r.endedFromOutside():
		return instanceLost("The preview's instance was ended by somebody other than previewd, such as the container engine's own end.")
	}
	return explain.Exit(r.seenEnding())
}

// Exit codes of an instance whose process 1 had no say: it was killed, or the engine found it gone.
const (
	exitKilled  = 128 + 9
	exitUnknown = 255
)

// endedFromOutside tells an end that the app had no part in. From inside an instance nobody can kill its process 1,
// and it reports what asked it to stop; previewd itself asks only once the run's context has ended.
func (r *run) endedFromOutside() bool {
	seen, code := r.reported(), r.final.instance.ExitCode
	if seen.exited {
		return seen.told != ""
	}
	return !r.outOfMemory(seen) && (code == exitKilled || code == exitUnknown)
}

// outOfMemory goes by what the engine said.
func (r *run) outOfMemory(seen reports) bool {
	return r.final.instance.OOMKilled || time.Since(seen.oomAt) < oomCounts
}

func (r *run) seenEnding() explain.Ending {
	seen := r.reported()
	e := explain.Ending{
		ExitCode:       r.final.instance.ExitCode,
		Signal:         seen.signal,
		OOMKilled:      r.outOfMemory(seen),
		Prepare:        seen.prepareFailed,
		WasUp:          r.row.RunningAt != nil,
		Listening:      seen.listening,
		Command:        r.row.Command,
		TimeoutSeconds: r.row.Request.StartupTimeoutSeconds,
		MemoryLimit:    uint64(r.memoryMB()) << 20,
	}
	e.Lines = r.lastLines()
	return e
}

// lastLines are fewer when the database, which has those of before a takeover, does not answer.
func (r *run) lastLines() []preview.LogLine {
	ctx, cancel := context.WithTimeout(context.Background(), noteTimeout)
	defer cancel()
	lines, err := r.journal.Tail(ctx, linesExplained)
	if err != nil {
		r.log.WithError(err).Debug("the preview's end is explained without its earlier lines")
	}
	return lines
}

// explainTimeout tells why the app gave no answer in time. "Timed out" is the last resort: an app that ended
// meanwhile is explained by its end.
func (r *run) explainTimeout(ctx context.Context) *preview.Reason {
	e := r.seenEnding()
	if stats, err := r.s.Engine.Stats(ctx, r.instanceID); err == nil {
		e.MemoryPeak = stats.MemoryPeak
	}
	return explain.Timeout(e)
}

// removeInstance removes the instance and all it wrote, once that is stored: until then the engine's log is where it can be read again.
func (r *run) removeInstance(ctx context.Context) error {
	if r.instanceID == "" {
		return nil
	}
	if err := r.journal.Flush(ctx); err != nil {
		return err
	}
	err := r.s.Engine.Remove(ctx, r.instanceID)
	if errors.Is(err, preview.ErrInstanceNotFound) {
		return nil
	}
	return err
}

// stopInstance ends the app, gracefully first, and reads its output to the end.
func (r *run) stopInstance(ctx context.Context) error {
	if r.instanceID == "" {
		return nil
	}
	byItself := r.hasEnded()
	err := r.s.Engine.Stop(ctx, r.instanceID, r.s.Config.StopGrace)
	switch {
	case errors.Is(err, preview.ErrInstanceNotFound):
		return nil
	case err != nil:
		return err
	case r.stopWatch == nil:
		return r.readUnwatched(ctx)
	}
	select {
	case <-r.ended:
	case <-ctx.Done(): // there is more of it than could be stored so far
		return fmt.Errorf("read the app's output to its end: %w", ctx.Err())
	}
	if end := r.final.instance; !byItself && end.State == preview.InstanceExited {
		// Being previewd's own it is stored so that it survives a crash of the database, and with it what the app said last.
		r.system(preview.Info, "the app has ended with exit code %d", end.ExitCode)
	}
	return nil
}

// readUnwatched reads what an instance has written that an earlier process started. Its reports are of no use any more.
func (r *run) readUnwatched(ctx context.Context) error {
	if err := r.pumpRest(ctx, r.withoutReports); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("read the app's output to its end: %w", err)
		}
		r.log.WithError(err).Warn("the end of the app's output may be missing")
	}
	return nil
}

// hasEnded says whether the watch saw the instance's end.
func (r *run) hasEnded() bool {
	select {
	case <-r.ended:
		return true
	default:
		return false
	}
}
