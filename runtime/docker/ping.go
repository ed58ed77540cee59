package docker

import (
	"context"
	"fmt"

	"previewd/runtime/preview"
)

// Ping asks the engine for a sign of life; every failure is a preview.ErrEngineUnavailable.
func (b *Backend) Ping(ctx context.Context) error {
	if _, err := b.api.Ping(ctx); err != nil {
		return fmt.Errorf("ping: %w: %w", preview.ErrEngineUnavailable, err)
	}
	return nil
}
