package docker

import (
	"context"
	"time"

	"github.com/docker/docker/api/types/image"

	"previewd/runtime/preview"
)

// Images returns the images that carry the owner's label.
func (b *Backend) Images(ctx context.Context) ([]preview.Image, error) {
	found, err := b.api.ImageList(ctx, image.ListOptions{Filters: b.ownFilter()})
	if err != nil {
		return nil, EngineError("list images", err)
	}
	list := make([]preview.Image, 0, len(found))
	for _, i := range found {
		list = append(list, preview.Image{
			ID: i.ID, Tags: i.RepoTags, Labels: i.Labels, Bytes: i.Size, CreatedAt: time.Unix(i.Created, 0),
		})
	}
	return list, nil
}
