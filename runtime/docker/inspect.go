package docker

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/docker/docker/api/types/container"

	"previewd/runtime/preview"
)

// Inspect tells what the engine knows of one instance. Another owner's is preview.ErrInstanceNotFound, too.
func (b *Backend) Inspect(ctx context.Context, id string) (preview.Instance, error) {
	ctx, cancel := b.asking(ctx)
	defer cancel()
	c, err := b.api.ContainerInspect(ctx, id)
	if err != nil {
		return preview.Instance{}, InstanceError("inspect", id, err)
	}
	if !b.own(c.Config.Labels) {
		return preview.Instance{}, fmt.Errorf("inspect %s: %w", short(id), preview.ErrInstanceNotFound)
	}
	return instance(c), nil
}

func instance(c container.InspectResponse) preview.Instance {
	i := labelled(c.ID, c.Config.Labels)
	i.Image = c.Config.Image
	i.State = instanceState(c.State.Status)
	i.CreatedAt = engineTime(c.Created)
	i.StartedAt = engineTime(c.State.StartedAt)
	i.ExitCode = c.State.ExitCode
	if i.State == preview.InstanceExited {
		i.OOMKilled = c.State.OOMKilled
		i.FinishedAt = engineTime(c.State.FinishedAt)
	}
	return i
}

// labelled fills in what an instance's labels tell.
func labelled(id string, labels map[string]string) preview.Instance {
	port, _ := strconv.Atoi(labels[LabelPort]) // written by Create
	return preview.Instance{
		ID: id, Kind: preview.Kind(labels[LabelKind]), PreviewID: labels[LabelPreview], Port: port,
	}
}

func instanceState(s container.ContainerState) preview.InstanceState {
	switch s {
	case container.StateCreated:
		return preview.InstanceCreated
	case container.StateRunning, container.StatePaused, container.StateRestarting:
		return preview.InstanceRunning
	case container.StateRemoving, container.StateDead:
		return preview.InstanceRemoving
	}
	return preview.InstanceExited
}

// engineTime reads the engine's RFC 3339 timestamps, whose year 1 means never.
func engineTime(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil || t.Year() <= 1 {
		return time.Time{}
	}
	return t
}
