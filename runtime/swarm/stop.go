package swarm

import (
	"context"
	"errors"
	"time"

	"previewd/runtime/preview"
)

// Stop sends the stop signal and kills what is left after grace, through the node's engine: Swarm itself would take the
// output away with the task. What never ran, is gone, or is on a lost node is not an error.
func (b *Backend) Stop(ctx context.Context, id string, grace time.Duration) error {
	if !isContainer(id) {
		i, err := b.Inspect(ctx, id)
		if err == nil && i.State != preview.InstanceRunning || errors.Is(err, preview.ErrInstanceNotFound) {
			return nil
		}
	}
	engine, container, err := b.on(ctx, "stop", id)
	switch {
	case errors.Is(err, preview.ErrInstanceNotFound), errors.Is(err, errNotPlaced):
		return nil
	case err != nil:
		return err
	}
	return engine.Stop(ctx, container, grace)
}
