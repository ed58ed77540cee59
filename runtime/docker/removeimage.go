package docker

import (
	"context"
	"errors"
	"fmt"
	"strings"

	cerrdefs "github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/image"

	"previewd/runtime/preview"
)

var errNotOurs = errors.New("it carries another owner's label, or none")

// RemoveImage removes an image and the untagged ones it alone stood on; one that is gone already is not an error,
// one that something stands on is preview.ErrImageInUse. By its id only an image without a name is removed, by its
// name only one with the owner's label.
func (b *Backend) RemoveImage(ctx context.Context, ref string) error {
	found, err := b.api.ImageInspect(ctx, ref)
	switch {
	case cerrdefs.IsNotFound(err):
		return nil
	case err != nil:
		return EngineError("remove image "+ref, err)
	}
	if err := b.removable(ref, found); err != nil {
		return fmt.Errorf("remove image %s: %w", ref, err)
	}
	_, err = b.api.ImageRemove(ctx, ref, image.RemoveOptions{PruneChildren: true})
	switch {
	case err == nil || cerrdefs.IsNotFound(err):
		return nil
	case cerrdefs.IsConflict(err):
		return fmt.Errorf("remove image %s: %w: %w", ref, preview.ErrImageInUse, err)
	}
	return EngineError("remove image "+ref, err)
}

// removable lets go what carries our label, and the unnamed and unlabelled stages that builds leave behind.
func (b *Backend) removable(ref string, found image.InspectResponse) error {
	byID := strings.HasPrefix(strings.TrimPrefix(found.ID, "sha256:"), strings.TrimPrefix(ref, "sha256:"))
	switch {
	case byID && len(found.RepoTags) > 0:
		return fmt.Errorf("%w: it has the name %s", preview.ErrImageInUse, found.RepoTags[0])
	case !byID && (found.Config == nil || !b.own(found.Config.Labels)):
		return errNotOurs
	}
	return nil
}
