package swarm

import (
	"context"
	"errors"
	"fmt"
	"time"

	"previewd/runtime/docker"
	"previewd/runtime/preview"
)

// waitLook is how often Wait looks for a run of an instance that has none.
const waitLook = 20 * time.Millisecond

// Wait returns an instance once it has exited, or was lost with its node; one that was not started yet is waited for
// through its run.
func (b *Backend) Wait(ctx context.Context, id string) (preview.Instance, error) {
	if isContainer(id) {
		return b.home.Wait(ctx, id)
	}
	look := time.NewTicker(waitLook)
	defer look.Stop()
	for {
		i, err := b.Inspect(ctx, id)
		if err != nil || i.State == preview.InstanceExited {
			return i, err
		}
		if i.State == preview.InstanceRemoving {
			return preview.Instance{}, fmt.Errorf("wait %s: %w", id, preview.ErrInstanceNotFound)
		}
		if i.State == preview.InstanceRunning {
			if err := b.waitOn(ctx, id); err != nil {
				return preview.Instance{}, err
			}
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return preview.Instance{}, docker.EngineError("wait "+id, ctx.Err())
		}
	}
}

// waitOn waits on the node. When that goes away, the manager knows what became of it.
func (b *Backend) waitOn(ctx context.Context, id string) error {
	engine, container, err := b.on(ctx, "wait", id)
	if err == nil {
		_, err = engine.Wait(ctx, container)
	}
	if errors.Is(err, errNotPlaced) || errors.Is(err, preview.ErrEngineUnavailable) && ctx.Err() == nil {
		return nil
	}
	return err
}
