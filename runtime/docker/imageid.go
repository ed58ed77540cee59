package docker

import "context"

// ImageID returns the content id of an image, or preview.ErrImageNotFound.
func (b *Backend) ImageID(ctx context.Context, ref string) (string, error) {
	image, err := b.api.ImageInspect(ctx, ref)
	if err != nil {
		return "", imageError("image", ref, err)
	}
	return image.ID, nil
}
