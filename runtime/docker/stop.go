package docker

import (
	"context"
	"time"

	cerrdefs "github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
)

// Stop sends the stop signal and kills what is left after grace (whole seconds, rounded up; 0 kills at once). It
// returns when the instance has ended; one that has already ended, or is gone, is not an error.
func (b *Backend) Stop(ctx context.Context, id string, grace time.Duration) error {
	seconds := int((grace + time.Second - 1) / time.Second)
	err := b.api.ContainerStop(ctx, id, container.StopOptions{Timeout: &seconds})
	if cerrdefs.IsNotFound(err) {
		return nil
	}
	return InstanceError("stop", id, err)
}
