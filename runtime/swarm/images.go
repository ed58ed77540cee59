package swarm

import (
	"context"
	"errors"
	"io"
	"slices"

	"previewd/runtime/preview"
)

// ImageID returns the content id of an image that the manager has.
func (b *Backend) ImageID(ctx context.Context, ref string) (string, error) {
	return b.home.ImageID(ctx, ref)
}

// ImageConfig tells how an image of the manager's starts by itself.
func (b *Backend) ImageConfig(ctx context.Context, ref string) (preview.ImageConfig, error) {
	return b.home.ImageConfig(ctx, ref)
}

// Images returns the owner's images on the manager, without the names that they have while they are pushed.
func (b *Backend) Images(ctx context.Context) ([]preview.Image, error) {
	list, err := b.home.Images(ctx)
	for i := range list {
		list[i].Tags = slices.DeleteFunc(list[i].Tags, func(tag string) bool {
			return b.o.Registry.Name != "" && tag == b.o.Registry.image(list[i].ID)
		})
	}
	return list, err
}

// Build builds an image on the manager.
func (b *Backend) Build(ctx context.Context, spec preview.BuildSpec, out io.Writer) (string, error) {
	return b.home.Build(ctx, spec, out)
}

// Pull fetches an image to the manager.
func (b *Backend) Pull(ctx context.Context, ref string, out io.Writer) error {
	return b.home.Pull(ctx, ref, out)
}

// Commit turns an install's file system into an image of the manager's. A preview's stays on its node.
func (b *Backend) Commit(ctx context.Context, id string, spec preview.CommitSpec) (string, error) {
	engine, container, err := b.on(ctx, "commit", id)
	if err != nil {
		return "", err
	}
	return engine.Commit(ctx, container, spec)
}

// RemoveImage removes an image from the nodes that can be reached, and last from the manager: while an instance stands on
// it anywhere, it is preview.ErrImageInUse.
func (b *Backend) RemoveImage(ctx context.Context, ref string) error {
	reached, _, err := b.ready(ctx)
	if err != nil {
		return err
	}
	for _, n := range reached {
		if n.engine == b.home {
			continue
		}
		err := n.engine.RemoveImage(ctx, ref)
		if errors.Is(err, preview.ErrImageInUse) {
			return err
		}
		if err != nil && ctx.Err() == nil {
			b.log.WithError(err).WithField("node", n.name).Debug("an image stays on a node")
		}
	}
	return b.home.RemoveImage(ctx, ref)
}
