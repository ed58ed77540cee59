package launch

import (
	"context"
	"errors"
	"io"
	"time"

	"previewd/runtime/logs"
	"previewd/runtime/preview"
	"previewd/runtime/shim"
)

const (
	firstRetry = 50 * time.Millisecond
	longRetry  = 2 * time.Second
)

// ending is what the watch saw last.
type ending struct {
	instance   preview.Instance
	gone       bool // the engine no longer knows the instance, or somebody is removing it
	engineDown bool // the engine was away before; it took the instance with it
}

// watch follows the instance's output and notices its end. It goes on through restarts of the engine, and while the
// instance is being stopped, so that its last words are kept.
func (r *run) watch() {
	ctx, cancel := context.WithCancel(context.Background())
	r.stopWatch = cancel
	go func() {
		defer close(r.ended)
		defer cancel()
		r.final = r.follow(ctx)
	}()
}

// unwatch ends the watch, if there is one, and waits for it.
func (r *run) unwatch() {
	if r.stopWatch != nil {
		r.stopWatch()
		<-r.ended
	}
}

func (r *run) follow(ctx context.Context) ending {
	var end ending
	pause := firstRetry
	for ctx.Err() == nil {
		begin := time.Now()
		if err := r.pump(ctx); err != nil && ctx.Err() == nil {
			r.log.WithError(err).Debug("log stream broke off")
		}
		instance, err := r.s.Engine.Inspect(ctx, r.instanceID)
		switch {
		case errors.Is(err, preview.ErrInstanceNotFound), err == nil && instance.State == preview.InstanceRemoving:
			end.gone = true
			return end
		case err != nil:
			end.engineDown = end.engineDown || errors.Is(err, preview.ErrEngineUnavailable)
		case instance.State == preview.InstanceExited:
			if err := r.pumpRest(ctx, r.takeReports); err != nil && ctx.Err() == nil {
				r.log.WithError(err).Warn("the end of the app's output may be missing")
			}
			end.instance = instance
			return end
		default:
			end.engineDown = false // it is back and the instance lives
		}
		if time.Since(begin) > longRetry {
			pause = firstRetry
		}
		if !sleep(ctx, pause) {
			break
		}
		pause = min(pause*2, longRetry)
	}
	return end
}

// pump copies the instance's output into the journal until it breaks off. Its end is not to be believed: engine 20.10 closes the stream when the
// instance ends, and under load leaves out the last lines. pumpRest is what reads to the end.
func (r *run) pump(ctx context.Context) error {
	if r.adopted {
		if err := r.catchUp(ctx); err != nil {
			return err
		}
	}
	return r.pumpUnended(ctx, true)
}

// catchUp reads what an adopted instance has written by now. Until then previewd adds no line of its own: readers may have seen lines that the
// earlier process had not stored when it died, and these get the same numbers again only while nothing comes between.
func (r *run) catchUp(ctx context.Context) error {
	if err := r.pumpUnended(ctx, false); err != nil {
		return err
	}
	r.adopted = false
	r.system(preview.Info, "previewd is back and watches the preview again")
	return nil
}

func (r *run) pumpUnended(ctx context.Context, follow bool) error {
	reader, err := r.output(ctx, follow)
	if err != nil {
		return err
	}
	defer func() { _ = reader.Close() }()
	if err := r.journal.Pump(ctx, unended{reader}, r.instanceID, r.takeReports); !errors.Is(err, errStreamEnd) {
		return err
	}
	return nil
}

// pumpRest copies what there is left of an instance that has ended.
func (r *run) pumpRest(ctx context.Context, filter logs.Filter) error {
	reader, err := r.output(ctx, false)
	if err != nil {
		return err
	}
	defer func() { _ = reader.Close() }()
	return r.journal.Pump(ctx, reader, r.instanceID, filter)
}

func (r *run) output(ctx context.Context, follow bool) (preview.LogReader, error) {
	reader, err := r.s.Engine.Logs(ctx, r.instanceID, preview.LogsOptions{Since: r.journal.Since(r.instanceID), Follow: follow})
	if err != nil {
		return nil, err
	}
	return r.heeded.in(reader, r.instanceID), nil
}

var errStreamEnd = errors.New("the engine's stream has ended")

// unended keeps the end of a stream from being taken for the end of the output: an unfinished line may go on.
type unended struct{ preview.LogReader }

func (u unended) Next() (preview.LogEntry, error) {
	e, err := u.LogReader.Next()
	if errors.Is(err, io.EOF) {
		err = errStreamEnd
	}
	return e, err
}

// takeReports takes the shim's reports out of the app's output, and heeds them.
func (r *run) takeReports(stream preview.Stream, line []byte) logs.Filtered {
	f, report := r.split(line)
	if report != nil && stream == preview.Stderr && r.heeded.isNew() {
		r.note(*report)
	}
	return f
}

// withoutReports heeds none but the counts of lines: it is for an instance that the run has nothing more to do with.
func (r *run) withoutReports(_ preview.Stream, line []byte) logs.Filtered {
	f, _ := r.split(line)
	return f
}

// split tells what of a line is the app's. A report is nil where there is none but for the log itself.
func (r *run) split(line []byte) (logs.Filtered, *shim.Report) {
	before, report, ok := shim.ParseReport(r.row.Request.Nonce, line)
	f := logs.Filtered{Text: before, Keep: !ok || len(before) > 0}
	switch {
	case !ok:
		return f, nil
	case report.Kind == shim.ReportOutput:
		f.Count = &logs.Count{Written: report.Written, Dropped: report.Dropped, Fresh: report.Fresh}
		return f, nil
	}
	return f, &report
}

func sleep(ctx context.Context, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
