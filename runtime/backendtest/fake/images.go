package fake

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"previewd/runtime/preview"
)

// image is one image of the fake.
type image struct {
	preview.Image
	config preview.ImageConfig
	own    bool
}

// addImage registers an image and moves its tag. Images with labels are the backend's own.
func (b *Backend) addImage(tag string, config preview.ImageConfig, labels map[string]string) string {
	sum := sha256.Sum256([]byte(tag + preview.NewID()))
	i := &image{own: labels != nil, config: config}
	i.ID, i.Labels, i.Bytes, i.CreatedAt = fmt.Sprintf("sha256:%x", sum), labels, 1<<20, time.Now()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, other := range b.images {
		other.Tags = slices.DeleteFunc(other.Tags, func(t string) bool { return t == tag })
	}
	if tag != "" {
		i.Tags = []string{tag}
	}
	b.images[i.ID] = i
	return i.ID
}

func (b *Backend) image(ref string) *image {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.lookup(ref)
}

// lookup finds an image by id or tag. The caller holds the lock.
func (b *Backend) lookup(ref string) *image {
	for _, i := range b.images {
		if i.ID == ref || slices.Contains(i.Tags, ref) {
			return i
		}
	}
	return nil
}

func (b *Backend) imageFor(ctx context.Context, verb, ref string) (*image, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.check(ctx, verb); err != nil {
		return nil, err
	}
	i := b.lookup(ref)
	if i == nil {
		return nil, fmt.Errorf("%s: %s: %w", verb, ref, preview.ErrImageNotFound)
	}
	return i, nil
}

// ImageID returns an image's id.
func (b *Backend) ImageID(ctx context.Context, ref string) (string, error) {
	i, err := b.imageFor(ctx, "image id", ref)
	if err != nil {
		return "", err
	}
	return i.ID, nil
}

// ImageConfig returns how an image starts.
func (b *Backend) ImageConfig(ctx context.Context, ref string) (preview.ImageConfig, error) {
	i, err := b.imageFor(ctx, "image config", ref)
	if err != nil {
		return preview.ImageConfig{}, err
	}
	return i.config, nil
}

// Images returns the images that were built or committed.
func (b *Backend) Images(ctx context.Context) ([]preview.Image, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.check(ctx, "images"); err != nil {
		return nil, err
	}
	var list []preview.Image
	for _, i := range b.images {
		if i.own {
			c := i.Image
			c.Tags, c.Labels = slices.Clone(i.Tags), maps.Clone(i.Labels)
			list = append(list, c)
		}
	}
	return list, nil
}

// RemoveImage forgets an image that no instance stands on.
func (b *Backend) RemoveImage(ctx context.Context, ref string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.check(ctx, "remove image"); err != nil {
		return err
	}
	i := b.lookup(ref)
	if i == nil {
		return nil
	}
	for _, used := range b.instances {
		if b.lookup(used.spec.Image) == i {
			return fmt.Errorf("remove image %s: %w", ref, preview.ErrImageInUse)
		}
	}
	delete(b.images, i.ID)
	return nil
}

// Pull knows no registry: images that are not there cannot be had.
func (b *Backend) Pull(ctx context.Context, ref string, _ io.Writer) error {
	_, err := b.imageFor(ctx, "pull", ref)
	return err
}

// Commit makes an image with the configuration of the one that the instance stands on.
func (b *Backend) Commit(ctx context.Context, id string, spec preview.CommitSpec) (string, error) {
	i, err := b.find(ctx, "commit", id)
	if err != nil {
		return "", err
	}
	var config preview.ImageConfig
	if base := b.image(i.spec.Image); base != nil {
		config = base.config
	}
	return b.addImage(spec.Tag, config, labels(spec.Labels)), nil
}

func labels(l map[string]string) map[string]string {
	out := map[string]string{"previewd.owner": "fake"}
	maps.Copy(out, l)
	return out
}
