package launch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"previewd/runtime/preview"
	"previewd/runtime/probe"
)

// errEnded ends the wait for the first answer because the instance ended.
var errEnded = errors.New("the instance ended")

// boot starts the instance and waits for the app's first answer.
func (r *run) boot(ctx context.Context) error {
	if err := r.startOnFreePort(ctx); err != nil {
		return err
	}
	if err := r.locate(ctx); err != nil {
		return err
	}
	r.tree = nil
	r.watch()
	return r.awaitAnswer(ctx)
}

// startOnFreePort starts the instance; a port that another program on the host holds is skipped for the next.
func (r *run) startOnFreePort(ctx context.Context) error {
	for range portTries {
		if err := r.s.Hold(ctx); err != nil {
			return err
		}
		err := r.s.Engine.Start(ctx, r.instanceID)
		if !errors.Is(err, preview.ErrPortTaken) {
			return err
		}
		if err := r.moveToNextPort(ctx); err != nil {
			return err
		}
	}
	return preview.ErrNoPorts
}

func (r *run) moveToNextPort(ctx context.Context) error {
	r.avoid = append(r.avoid, r.row.Port)
	port, err := r.rows.MovePort(ctx, r.row.ID, r.s.Config.PortMin, r.s.Config.PortMax, r.avoid)
	if err != nil {
		return err
	}
	r.system(preview.Warning, "port %d is held by another program on this host, trying %d", r.row.Port, port)
	if err := r.s.Engine.Remove(ctx, r.instanceID); err != nil {
		return err
	}
	r.row.Port = port
	return r.createInstance(ctx)
}

// awaitAnswer ends with the first HTTP answer, the instance's end, or the startup timeout.
func (r *run) awaitAnswer(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r.armTimer(func() { cancel(errStartup) })
	defer r.timer.Stop()
	go func() {
		select {
		case <-r.ended:
			cancel(errEnded)
		case <-ctx.Done():
		}
	}()
	target := probe.Target{Host: cmp.Or(r.row.NodeHost, r.s.Config.DialHost), Port: r.row.Port, Path: r.plan.HealthPath, Listens: r.listens}
	status, err := r.s.prober.Wait(ctx, target)
	switch cause := context.Cause(ctx); {
	case err == nil:
		r.system(preview.Info, "first answer: HTTP %d", status)
		return nil
	case errors.Is(cause, errEnded):
		return r.explainEnding()
	case errors.Is(cause, errStartup):
		return r.explainTimeout(r.ctx)
	default:
		return fmt.Errorf("wait for the first answer: %w", errors.Join(cause, err))
	}
}

// armTimer bounds the wait: preparation steps may take as long as an install, then the app has its startup timeout.
func (r *run) armTimer(fire func()) {
	bound := r.startupTimeout()
	if len(r.plan.Prepare) > 0 {
		bound += r.s.Config.InstallTimeout
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.appIsUp {
		bound = r.startupTimeout()
	}
	r.timer = time.AfterFunc(bound, fire)
}
