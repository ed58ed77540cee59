package swarm

import (
	"context"

	"github.com/docker/docker/api/types/swarm"

	"previewd/runtime/docker"
	"previewd/runtime/preview"
)

// Info describes the manager's engine, with the processors and the memory of all nodes that are there.
func (b *Backend) Info(ctx context.Context) (preview.EngineInfo, error) {
	info, err := b.home.Info(ctx)
	if err != nil {
		return info, err
	}
	all, err := b.api.NodeList(ctx, swarm.NodeListOptions{})
	if err != nil {
		return info, docker.EngineError("list nodes", err)
	}
	info.Name, info.CPUs, info.MemoryBytes = "swarm", 0, 0
	for _, n := range all {
		if n.Status.State == swarm.NodeStateReady {
			info.CPUs += int(n.Description.Resources.NanoCPUs / 1e9)
			info.MemoryBytes += n.Description.Resources.MemoryBytes
		}
	}
	return info, nil
}
