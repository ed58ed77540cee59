package swarm

import (
	"context"
	"errors"
	"fmt"

	"previewd/runtime/preview"
)

// Logs reads an instance's output from its node's engine, in the order in which that has it: Swarm's own stream of a
// service mixes stdout and stderr up. What an instance wrote on a node that is away cannot be read.
func (b *Backend) Logs(ctx context.Context, id string, o preview.LogsOptions) (preview.LogReader, error) {
	engine, container, err := b.on(ctx, "logs of", id)
	if errors.Is(err, errNotPlaced) {
		return nil, fmt.Errorf("logs of %s: %w", id, err)
	}
	if err != nil {
		return nil, err
	}
	return engine.Logs(ctx, container, o)
}
