package docker

import (
	"context"
	"io"

	"github.com/docker/docker/api/types/image"
)

// Pull fetches an image from its registry and writes progress lines to out. Errors: preview.ErrImageNotFound where
// the registry does not have it.
func (b *Backend) Pull(ctx context.Context, ref string, out io.Writer) error {
	body, err := b.api.ImagePull(ctx, ref, image.PullOptions{})
	if err != nil {
		return imageError("pull", ref, err)
	}
	defer func() { _ = body.Close() }() // read only
	if _, err := RelayProgress(body, out); err != nil {
		return EngineError("pull "+ref, err)
	}
	return nil
}
