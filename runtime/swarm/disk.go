package swarm

import (
	"context"
	"errors"
)

// DiskUsage returns what an instance holds of its node's disk, in bytes. Files deleted while still open are counted on
// the manager alone.
func (b *Backend) DiskUsage(ctx context.Context, id string) (int64, error) {
	engine, container, err := b.on(ctx, "disk usage", id)
	if errors.Is(err, errNotPlaced) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return engine.DiskUsage(ctx, container)
}
