package swarm

import (
	"context"
	"errors"

	cerrdefs "github.com/containerd/errdefs"

	"previewd/runtime/docker"
	"previewd/runtime/preview"
)

// Remove deletes an instance and returns when it is gone from its node. On a node that is away it is Swarm that ends it
// there, as soon as the node is back.
func (b *Backend) Remove(ctx context.Context, id string) error {
	if isContainer(id) {
		return b.home.Remove(ctx, id)
	}
	if goods, ok := b.supplies.LoadAndDelete(id); ok {
		goods.(*supply).close() //nolint:forcetypeassert // only Create stores something
	}
	places, err := b.everyPlace(ctx, id)
	if errors.Is(err, preview.ErrInstanceNotFound) { // or another Remove came first
		return nil
	}
	if err != nil {
		return err
	}
	if err := b.api.ServiceRemove(ctx, id); err != nil && !cerrdefs.IsNotFound(err) {
		return docker.EngineError("remove "+id, err)
	}
	b.places.Delete(id)
	b.ends.Delete(id)
	var failed []error
	for _, p := range places {
		failed = append(failed, b.removeFrom(ctx, p))
	}
	return errors.Join(failed...)
}

// removeFrom hastens what Swarm does by itself, which lets the app's grace pass first.
func (b *Backend) removeFrom(ctx context.Context, p place) error {
	n, found, err := b.node(ctx, p.nodeID)
	if err != nil || away(found) {
		return nil // the node left the swarm, or is down
	}
	if err := n.engine.Remove(ctx, p.containerID); err != nil {
		if errors.Is(err, preview.ErrEngineUnavailable) && ctx.Err() == nil {
			b.log.WithError(err).WithField("node", n.name).Warn("an instance stays until its node is back")
			return nil
		}
		return err
	}
	return nil
}
