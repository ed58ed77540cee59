package launch

import (
	"context"
	"time"

	"previewd/runtime/preview"
	"previewd/runtime/shim"
)

// noteTimeout bounds the write of one report; a report that is lost is only a little less knowledge.
const noteTimeout = 5 * time.Second

// reports is what the shim said so far.
type reports struct {
	prepareFailed string
	listening     []string
	forwarded     bool
	exited        bool // the shim told of the app's end
	signal        string
	told          string    // the signal by which somebody asked the shim to stop
	oomAt         time.Time // of the last OOM event of the engine
}

// note acts on one report. It runs between two log lines, so what waits for the database runs beside it.
func (r *run) note(report shim.Report) {
	switch report.Kind {
	case shim.ReportPrepare:
		r.system(preview.Info, "running: %s", report.Command)
	case shim.ReportPrepareFailed:
		r.update(func(s *reports) { s.prepareFailed = report.Command })
	case shim.ReportStarted:
		r.appStarted()
	case shim.ReportListening:
		r.noteListening(report)
	case shim.ReportHealth:
		r.noteHealth(report.Healthy)
	case shim.ReportActivity:
		r.keep(func(ctx context.Context) error { return r.s.Store.Touch(ctx, r.row.ID, time.Now()) })
	case shim.ReportExited:
		r.update(func(s *reports) { s.exited, s.signal, s.told = true, report.Signal, report.Told })
	}
}

func (r *run) noteListening(report shim.Report) {
	r.update(func(s *reports) { s.listening, s.forwarded = report.Addresses, report.Forwarded })
	select {
	case r.listens <- struct{}{}:
	default: // the probe knows
	}
	if report.Forwarded {
		r.system(preview.Info, "the app listens on %s; port %d leads there", report.Address, r.row.Port)
	}
}

func (r *run) noteHealth(healthy bool) {
	health := preview.HealthHealthy
	if !healthy {
		health = preview.HealthUnhealthy
		r.system(preview.Warning, "the app no longer answers its health check")
	}
	r.keep(func(ctx context.Context) error { return r.s.Store.SetHealth(ctx, r.row.ID, health) })
}

// appStarted restarts the clock: the startup timeout counts from the app's own start.
func (r *run) appStarted() {
	r.mu.Lock()
	r.appIsUp = true
	if r.timer != nil && r.timer.Stop() {
		r.timer.Reset(r.startupTimeout())
	}
	r.mu.Unlock()
	now := time.Now()
	r.keep(func(ctx context.Context) error { return r.s.Store.SetStarted(ctx, r.row.ID, now) })
}

func (r *run) startupTimeout() time.Duration {
	return time.Duration(r.row.Request.StartupTimeoutSeconds) * time.Second
}

// oom notes that the engine killed a process of the instance for memory; the app may live on.
func (r *run) oom() {
	r.update(func(s *reports) { s.oomAt = time.Now() })
	r.countOOM()
	r.system(preview.Error, "a process of the app was killed: it needed more than %d MB of memory", r.memoryMB())
}

func (r *run) update(change func(*reports)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.seen)
}

func (r *run) reported() reports {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seen
}

// keep writes a report to the store without holding up the log.
func (r *run) keep(write func(context.Context) error) {
	r.s.wg.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), noteTimeout)
		defer cancel()
		if err := write(ctx); err != nil {
			r.log.WithError(err).Debug("a report was not kept")
		}
	})
}
