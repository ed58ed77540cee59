package fake

import (
	"context"
	"sync"
	"time"

	"previewd/runtime/preview"
)

// killed is the exit code of a process that was killed.
const killed = 137

// instance is one scripted instance.
type instance struct {
	id    string
	spec  preview.Spec
	files map[string][]byte // uploaded, by absolute path
	logs  *feed[preview.LogEntry]
	b     *Backend

	mu     sync.Mutex
	state  preview.Instance
	stats  preview.Stats
	disk   int64
	run    *run // the present or last run
	exited chan struct{}
}

// run is one start of an instance until its end.
type run struct {
	cancel context.CancelFunc
	port   *port
	over   sync.Once
	done   chan struct{} // closed when the run has ended
}

// snapshot returns the instance as Inspect tells it.
func (i *instance) snapshot() preview.Instance {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.state
}

// launch starts the program. The caller has opened the port.
func (i *instance) launch(ctx context.Context, program Program, p *port) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx)) // the instance outlives the call that starts it
	r := &run{cancel: cancel, port: p, done: make(chan struct{})}
	i.mu.Lock()
	i.run = r
	i.state.State, i.state.StartedAt, i.state.FinishedAt = preview.InstanceRunning, time.Now(), time.Time{}
	i.state.ExitCode, i.state.OOMKilled = 0, false
	i.mu.Unlock()
	i.logs.begin()
	i.b.tell(i, preview.EventStarted, 0)
	proc := newProcess(i, r)
	go func() {
		code := program(ctx, proc)
		proc.flush()
		i.finish(r, code)
	}()
}

// finish ends a run once, by the program's return or by a kill.
func (i *instance) finish(r *run, code int) {
	r.over.Do(func() {
		r.cancel()
		r.port.close()
		i.mu.Lock()
		if i.state.State != preview.InstanceRemoving {
			i.state.State = preview.InstanceExited
		}
		i.state.ExitCode, i.state.FinishedAt = code, time.Now()
		i.stats = preview.Stats{}
		close(i.exited)
		i.exited = make(chan struct{})
		i.mu.Unlock()
		i.logs.end()
		i.b.tell(i, preview.EventDied, code)
		close(r.done)
	})
}

// markRemoving lets nobody take the end of a run for the program's own any more.
func (i *instance) markRemoving() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.state.State = preview.InstanceRemoving
}

// stop sends the stop signal and kills after grace; false when ctx ended first.
func (i *instance) stop(ctx context.Context, grace time.Duration) bool {
	i.mu.Lock()
	r := i.run
	i.mu.Unlock()
	if r == nil {
		return true
	}
	r.cancel()
	select {
	case <-r.done:
	case <-time.After(grace):
		i.finish(r, killed)
	case <-ctx.Done():
		return false
	}
	return true
}
