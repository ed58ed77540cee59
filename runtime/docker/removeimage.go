package docker

import (
	"context"
	"fmt"

	cerrdefs "github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/image"

	"previewd/runtime/preview"
)

// RemoveImage removes an image and the untagged ones it alone stood on; one that is gone already is not an error,
// one that something stands on is preview.ErrImageInUse.
func (b *Backend) RemoveImage(ctx context.Context, ref string) error {
	_, err := b.api.ImageRemove(ctx, ref, image.RemoveOptions{PruneChildren: true})
	switch {
	case err == nil || cerrdefs.IsNotFound(err):
		return nil
	case cerrdefs.IsConflict(err):
		return fmt.Errorf("remove image %s: %w: %w", ref, preview.ErrImageInUse, err)
	}
	return engineError("remove image "+ref, err)
}
