package swarm

import (
	"context"
	"errors"

	"github.com/docker/docker/api/types/swarm"

	"previewd/runtime/docker"
	"previewd/runtime/preview"
)

// Create makes an instance that does not run yet: a service without a replica, or, of an install, a container on the
// manager. The files wait in memory, or unread where process 1 takes them, until Start. Errors as in runtime/docker.
func (b *Backend) Create(ctx context.Context, spec preview.Spec) (string, error) {
	if spec.Kind == preview.KindInstall {
		return b.home.Create(ctx, spec)
	}
	goods, err := newSupply(spec)
	if err != nil {
		return "", err
	}
	id, err := b.create(ctx, spec)
	if err != nil {
		goods.close()
		return "", err
	}
	b.supplies.Store(id, goods)
	return id, nil
}

func (b *Backend) create(ctx context.Context, spec preview.Spec) (string, error) {
	if len(spec.Entrypoint) == 0 {
		return "", errors.New("create: an instance in a swarm needs an entry point, to stand behind the gate")
	}
	spec.Shim = true // which is the gate, too
	d, err := b.home.Describe(ctx, spec)
	if err != nil {
		return "", err
	}
	made, err := b.api.ServiceCreate(ctx, b.describe(spec, d), swarm.ServiceCreateOptions{})
	if err != nil {
		return "", docker.EngineError("create instance", err)
	}
	b.log.WithFields(map[string]any{"service_id": made.ID, "preview_id": spec.PreviewID}).Debug("instance created")
	return made.ID, nil
}
