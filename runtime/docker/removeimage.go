package docker

import (
	"context"
	"fmt"
	"strings"

	cerrdefs "github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/image"

	"previewd/runtime/preview"
)

// RemoveImage removes an image and the untagged ones it alone stood on; one that is gone already is not an error,
// one that something stands on is preview.ErrImageInUse. By its id only an image without a name is removed.
func (b *Backend) RemoveImage(ctx context.Context, ref string) error {
	found, err := b.api.ImageInspect(ctx, ref)
	if err == nil && len(found.RepoTags) > 0 && strings.HasPrefix(strings.TrimPrefix(found.ID, "sha256:"), strings.TrimPrefix(ref, "sha256:")) {
		return fmt.Errorf("remove image %s: %w: it has the name %s", ref, preview.ErrImageInUse, found.RepoTags[0])
	}
	_, err = b.api.ImageRemove(ctx, ref, image.RemoveOptions{PruneChildren: true})
	switch {
	case err == nil || cerrdefs.IsNotFound(err):
		return nil
	case cerrdefs.IsConflict(err):
		return fmt.Errorf("remove image %s: %w: %w", ref, preview.ErrImageInUse, err)
	}
	return engineError("remove image "+ref, err)
}
