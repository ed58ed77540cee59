package swarm

import (
	"context"
	"errors"
	"time"

	"previewd/runtime/preview"
)

// Stats reads an instance's use of its node; one that does not run uses nothing.
func (b *Backend) Stats(ctx context.Context, id string) (preview.Stats, error) {
	engine, container, err := b.on(ctx, "stats of", id)
	if errors.Is(err, errNotPlaced) {
		return preview.Stats{At: time.Now()}, nil
	}
	if err != nil {
		return preview.Stats{}, err
	}
	return engine.Stats(ctx, container)
}
