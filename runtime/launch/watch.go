package launch

import (
	"context"
	"errors"
	"time"

	"previewd/runtime/preview"
	"previewd/runtime/shim"
)

const (
	firstRetry = 50 * time.Millisecond
	longRetry  = 2 * time.Second
	drainTime  = 5 * time.Second // for the last output of an instance that has stopped
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

// pump copies the instance's output into the journal until it ends or breaks off.
func (r *run) pump(ctx context.Context) error {
	reader, err := r.s.Engine.Logs(ctx, r.instanceID, preview.LogsOptions{Since: r.journal.Since(r.instanceID), Follow: true})
	if err != nil {
		return err
	}
	defer func() { _ = reader.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = reader.Close() })
	defer stop()
	if !r.adopted.IsZero() {
		b := newBacklog(reader, r.adopted, r.greet)
		defer b.end()
		reader = b
	}
	return r.journal.Pump(ctx, reader, r.instanceID, r.takeReports)
}

// takeReports takes the shim's reports out of the app's output.
func (r *run) takeReports(stream preview.Stream, line []byte) ([]byte, bool) {
	if stream != preview.Stderr {
		return line, true
	}
	before, report, ok := shim.ParseReport(r.row.Request.Nonce, line)
	if !ok {
		return line, true
	}
	r.note(report)
	return before, len(before) > 0
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
