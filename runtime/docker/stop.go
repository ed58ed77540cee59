package docker

import (
	"context"
	"fmt"
	"time"

	cerrdefs "github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"

	"previewd/runtime/preview"
)

// Stop sends the stop signal and kills what is left after grace (whole seconds, rounded up; 0 kills at once). It
// returns when the instance has ended; one that has already ended, or is gone, is not an error. Another owner's is not
// touched and preview.ErrInstanceNotFound: a row may name it where the database is a copy of that owner's.
func (b *Backend) Stop(ctx context.Context, id string, grace time.Duration) error {
	switch c, err := b.api.ContainerInspect(ctx, id); {
	case cerrdefs.IsNotFound(err):
		return nil
	case err != nil:
		return InstanceError("stop", id, err)
	case !b.own(c.Config.Labels):
		return fmt.Errorf("stop %s: %w", short(id), preview.ErrInstanceNotFound)
	}
	seconds := int((grace + time.Second - 1) / time.Second)
	err := b.api.ContainerStop(ctx, id, container.StopOptions{Timeout: &seconds})
	if cerrdefs.IsNotFound(err) {
		return nil
	}
	return InstanceError("stop", id, err)
}
