package swarm

import (
	"context"
	"errors"

	"github.com/docker/docker/api/types/swarm"

	"previewd/runtime/docker"
	"previewd/runtime/preview"
)

// List returns the owner's instances in any state, by two questions to the manager, and one to the node of each that does
// not run any more. Of those that run it leaves StartedAt zero.
func (b *Backend) List(ctx context.Context) ([]preview.Instance, error) {
	services, err := b.api.ServiceList(ctx, swarm.ServiceListOptions{Filters: b.ownFilter()})
	if err != nil {
		return nil, docker.EngineError("list instances", err)
	}
	tasks, err := b.api.TaskList(ctx, swarm.TaskListOptions{Filters: b.ownFilter()})
	if err != nil {
		return nil, docker.EngineError("list instances", err)
	}
	list, err := b.installs(ctx)
	if err != nil {
		return nil, err
	}
	running := runningServices(tasks)
	for _, s := range services {
		i := instance(s)
		_, seen := b.ends.Load(s.ID) // the manager hears of it later
		if i.State == preview.InstanceRunning && (seen || !running[s.ID]) {
			i, err = b.Inspect(ctx, s.ID)
		}
		switch {
		case errors.Is(err, preview.ErrInstanceNotFound):
			err = nil // removed since it was listed
			continue
		case errors.Is(err, preview.ErrEngineUnavailable):
			i, err = instance(s), nil // its node is away, which is no reason to be silent about the others
		case err != nil:
			return nil, err
		}
		list = append(list, i)
	}
	return list, nil
}

// runningServices are those of which the manager knows a task that runs and shall go on.
func runningServices(tasks []swarm.Task) map[string]bool {
	running := map[string]bool{}
	for _, t := range tasks {
		if t.Status.State == swarm.TaskStateRunning && t.DesiredState == swarm.TaskStateRunning {
			running[t.ServiceID] = true
		}
	}
	return running
}

// installs are the manager's own containers, which are no tasks.
func (b *Backend) installs(ctx context.Context) ([]preview.Instance, error) {
	found, err := b.home.List(ctx)
	if err != nil {
		return nil, err
	}
	var list []preview.Instance
	for _, i := range found {
		if i.Kind == preview.KindInstall {
			list = append(list, i)
		}
	}
	return list, nil
}
