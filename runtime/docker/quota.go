package docker

import (
	"context"
	"fmt"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/network"
)

// What is known of the storage driver's quotas.
const (
	quotaUnknown int32 = iota
	quotaSupported
	quotaMissing
)

func storageOpt(diskMB int) map[string]string {
	return map[string]string{"size": fmt.Sprintf("%dm", diskMB)}
}

// quotaWorks finds out, once, whether the storage driver can bound a writable layer: no call tells, so a container
// that is never started asks. Few can (overlay2 only on xfs with project quotas). It is no instance, because the
// engine would announce the removal of the refused one.
func (b *Backend) quotaWorks(ctx context.Context, image string) bool {
	if known := b.quota.Load(); known != quotaUnknown {
		return known == quotaSupported
	}
	config := &container.Config{Image: image, Cmd: []string{"never-started"}, Labels: b.ownLabels(nil)}
	host := &container.HostConfig{NetworkMode: "none", StorageOpt: storageOpt(16 << 10)}
	made, err := b.api.ContainerCreate(ctx, config, host, &network.NetworkingConfig{}, nil, "previewd-quota-"+randomHex())
	if err != nil {
		if ctx.Err() == nil && !connectionLost(err) {
			b.quota.Store(quotaMissing)
		}
		return false
	}
	if err := b.undoCreate(ctx, made.ID); err != nil {
		b.log.WithError(err).WithField("container_id", short(made.ID)).Warn("quota probe left behind")
	}
	b.quota.Store(quotaSupported)
	return true
}
