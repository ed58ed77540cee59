package docker

import (
	"context"
	"errors"
	"time"

	"github.com/docker/docker/api/types/container"

	"previewd/runtime/preview"
)

// List returns the owner's instances in any state. Of those that run it leaves StartedAt zero; of those that have
// ended by themselves it tells as much as Inspect.
func (b *Backend) List(ctx context.Context) ([]preview.Instance, error) {
	found, err := b.containers(ctx)
	if err != nil {
		return nil, EngineError("list instances", err)
	}
	list := make([]preview.Instance, 0, len(found))
	for _, c := range found {
		i, err := b.summary(ctx, c)
		if errors.Is(err, preview.ErrInstanceNotFound) {
			continue // removed since it was listed
		}
		if err != nil {
			return nil, err
		}
		list = append(list, i)
	}
	return list, nil
}

func (b *Backend) containers(ctx context.Context) ([]container.Summary, error) {
	ctx, cancel := b.asking(ctx)
	defer cancel()
	return b.api.ContainerList(ctx, container.ListOptions{All: true, Filters: b.ownFilter()})
}

func (b *Backend) summary(ctx context.Context, c container.Summary) (preview.Instance, error) {
	state := instanceState(c.State)
	if state == preview.InstanceExited {
		return b.Inspect(ctx, c.ID)
	}
	i := labelled(c.ID, c.Labels)
	i.Image, i.State, i.CreatedAt = c.Image, state, time.Unix(c.Created, 0)
	return i, nil
}
