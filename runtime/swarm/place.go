package swarm

import (
	"context"
	"errors"
	"fmt"

	"github.com/docker/docker/api/types/filters"
	"github.com/docker/docker/api/types/swarm"

	"previewd/runtime/docker"
	"previewd/runtime/preview"
)

// place is where a service's latest run is.
type place struct{ nodeID, containerID string }

// errNotPlaced says that a service has not been started, or not got far.
var errNotPlaced = errors.New("not placed yet")

// place returns where a service runs or last ran. Only Start brings a service to another place.
func (b *Backend) place(ctx context.Context, id string) (place, error) {
	if known, ok := b.places.Load(id); ok {
		return known.(place), nil //nolint:forcetypeassert // only Start and this store something
	}
	tasks, err := b.tasks(ctx, id)
	if err != nil {
		return place{}, err
	}
	latest := newest(tasks, nil)
	if latest == nil || latest.Status.ContainerStatus == nil || latest.Status.ContainerStatus.ContainerID == "" {
		return place{}, errNotPlaced
	}
	p := place{nodeID: latest.NodeID, containerID: latest.Status.ContainerStatus.ContainerID}
	b.places.Store(id, p)
	return p, nil
}

// everyPlace returns where a service has containers: beside the latest run's there are those of runs that found something
// missing on their node.
func (b *Backend) everyPlace(ctx context.Context, id string) ([]place, error) {
	if _, err := b.service(ctx, "places of", id); err != nil {
		return nil, err
	}
	tasks, err := b.tasks(ctx, id)
	if err != nil {
		return nil, err
	}
	var all []place
	for _, t := range tasks {
		if c := t.Status.ContainerStatus; c != nil && c.ContainerID != "" {
			all = append(all, place{nodeID: t.NodeID, containerID: c.ContainerID})
		}
	}
	return all, nil
}

func (b *Backend) tasks(ctx context.Context, serviceID string) ([]swarm.Task, error) {
	tasks, err := b.api.TaskList(ctx, swarm.TaskListOptions{Filters: filters.NewArgs(filters.Arg("service", serviceID))})
	if err != nil {
		return nil, docker.InstanceError("tasks of", serviceID, err)
	}
	return tasks, nil
}

// newest returns the task that was made last, of those that are not among the old ones.
func newest(tasks []swarm.Task, old map[string]bool) *swarm.Task {
	var latest *swarm.Task
	for i, t := range tasks {
		if !old[t.ID] && (latest == nil || t.CreatedAt.After(latest.CreatedAt)) {
			latest = &tasks[i]
		}
	}
	return latest
}

// service reads one of the owner's services.
func (b *Backend) service(ctx context.Context, op, id string) (swarm.Service, error) {
	s, _, err := b.api.ServiceInspectWithRaw(ctx, id, swarm.ServiceInspectOptions{})
	if err != nil {
		return s, docker.InstanceError(op, id, err)
	}
	if !b.own(s.Spec.Labels) {
		return s, fmt.Errorf("%s %s: %w", op, id, preview.ErrInstanceNotFound)
	}
	return s, nil
}

// on finds the engine and the container of an instance: of an install the manager's, of a service its node's. A service
// that was not started has none, which is errNotPlaced.
func (b *Backend) on(ctx context.Context, op, id string) (*docker.Backend, string, error) {
	if isContainer(id) {
		return b.home, id, nil
	}
	if _, err := b.service(ctx, op, id); err != nil {
		return nil, "", err
	}
	p, err := b.place(ctx, id)
	if err != nil {
		return nil, "", err
	}
	n, found, err := b.node(ctx, p.nodeID)
	if err != nil {
		return nil, "", err
	}
	if away(found) {
		return nil, "", fmt.Errorf("%s %s: %w: node %s is %s", op, id, preview.ErrEngineUnavailable, nodeName(found), found.Status.State)
	}
	return n.engine, p.containerID, nil
}

// isContainer tells an engine's own ids, which installs have, from Swarm's.
func isContainer(id string) bool { return len(id) == 64 }
