package docker

import (
	"context"
	"errors"
	"strings"
	"time"

	cerrdefs "github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"

	"previewd/runtime/preview"
)

// removeRetry is how long Remove waits before it asks again about a removal that is going on.
const removeRetry = 50 * time.Millisecond

// Remove ends an instance by force and deletes it with its anonymous volumes. It returns when the instance is gone;
// one that was gone already, or is not this owner's, is not an error.
func (b *Backend) Remove(ctx context.Context, id string) error {
	b.endFeed(id)
	for {
		done, err := b.tryRemove(ctx, id)
		if done || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return EngineError("remove "+short(id), ctx.Err())
		case <-time.After(removeRetry):
		}
	}
}

// tryRemove reports done when nothing is left to remove, and neither when another removal is at work.
func (b *Backend) tryRemove(ctx context.Context, id string) (done bool, err error) {
	if _, err := b.Inspect(ctx, id); errors.Is(err, preview.ErrInstanceNotFound) {
		return true, nil
	}
	err = b.api.ContainerRemove(ctx, id, container.RemoveOptions{Force: true, RemoveVolumes: true})
	switch {
	case err == nil || cerrdefs.IsNotFound(err):
		b.readings.Delete(id)
		return true, nil
	case strings.Contains(err.Error(), "is already in progress"):
		return false, nil
	}
	return false, EngineError("remove "+short(id), err)
}
