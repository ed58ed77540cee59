package swarm

import (
	"context"
	"errors"
	"strconv"

	"github.com/docker/docker/api/types/swarm"

	"previewd/runtime/docker"
	"previewd/runtime/preview"
)

// Inspect tells what is known of one instance: what it is by its service, how it is by its node's engine. What was on a
// node that is down or drained has exited and says so in Lost.
func (b *Backend) Inspect(ctx context.Context, id string) (preview.Instance, error) {
	if isContainer(id) {
		return b.home.Inspect(ctx, id)
	}
	s, err := b.service(ctx, "inspect", id)
	if err != nil {
		return preview.Instance{}, err
	}
	i := instance(s)
	if i.State != preview.InstanceRunning {
		return i, nil
	}
	p, err := b.place(ctx, id)
	if errors.Is(err, errNotPlaced) {
		i.State = preview.InstanceCreated
		return i, nil
	}
	if err != nil {
		return preview.Instance{}, err
	}
	n, found, err := b.node(ctx, p.nodeID)
	if err != nil && found.ID == "" {
		return preview.Instance{}, err
	}
	i.Node, i.Host = nodeName(found), hostOf(found)
	if away(found) {
		i.State, i.Lost = preview.InstanceExited, lost(found)
		if i.Lost == "" {
			return preview.Instance{}, docker.Unavailable("inspect "+id, "node "+i.Node+" is "+string(found.Status.State))
		}
		return i, nil
	}
	if err != nil {
		return preview.Instance{}, err
	}
	return b.asSeen(ctx, i, n, found, p.containerID)
}

// asSeen completes an instance by what its node's engine knows.
func (b *Backend) asSeen(ctx context.Context, i preview.Instance, n *node, found swarm.Node, container string) (preview.Instance, error) {
	c, err := n.engine.Inspect(ctx, container)
	if err != nil {
		return preview.Instance{}, err
	}
	i.State, i.ExitCode, i.OOMKilled = c.State, c.ExitCode, c.OOMKilled
	i.StartedAt, i.FinishedAt = c.StartedAt, c.FinishedAt
	if i.State == preview.InstanceExited {
		b.ends.Store(i.ID, true)
		i.Lost = lost(found)
	}
	return i, nil
}

// instance is what a service tells of itself. One that was asked to run may have ended by now.
func instance(s swarm.Service) preview.Instance {
	labels := s.Spec.Labels
	port, _ := strconv.Atoi(labels[docker.LabelPort]) // written by Create
	i := preview.Instance{
		ID: s.ID, Kind: preview.Kind(labels[docker.LabelKind]), PreviewID: labels[docker.LabelPreview], Port: port,
		Image: labels[labelImage], State: preview.InstanceCreated, CreatedAt: s.CreatedAt,
	}
	if r := s.Spec.Mode.Replicated; r != nil && r.Replicas != nil && *r.Replicas > 0 {
		i.State = preview.InstanceRunning
	}
	return i
}
