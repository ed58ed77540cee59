package swarm

import (
	"context"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/filters"
	"github.com/docker/docker/api/types/swarm"

	"previewd/runtime/docker"
)

const (
	// settleLook is how often the manager is asked how a run gets on. That it started is told by its node, where that is
	// listened to: the manager knows a fifth of a second later, and asking both all the time slows the start itself.
	settleLook = 100 * time.Millisecond

	// pendingGrace is how long Swarm may find no node before that is believed: what was just removed holds its port and
	// its memory for a moment.
	pendingGrace = 1500 * time.Millisecond
)

// settle waits until the service's new task runs, or will not: then Status.Err says why. A pending task is not waited out.
func (b *Backend) settle(ctx context.Context, id string, old map[string]bool, started <-chan struct{}) (swarm.Task, error) {
	look := time.NewTicker(settleLook)
	defer look.Stop()
	var pending time.Time
	for {
		t, err := b.latest(ctx, id, old)
		if err != nil {
			return swarm.Task{}, err
		}
		switch {
		case t == nil:
		case ended(t.Status.State):
			if t.Status.Err == "" {
				t.Status.Err = string(t.Status.State) + ": " + t.Status.Message
			}
			return *t, nil
		case t.Status.State == swarm.TaskStatePending && t.Status.Err != "":
			if pending.IsZero() {
				pending = time.Now()
			}
			if time.Since(pending) > pendingGrace {
				return *t, nil
			}
		case t.NodeID != "":
			if t.Status.Err = ""; b.runs(ctx, t) {
				return *t, nil
			}
		}
		select {
		case <-started:
		case <-look.C:
		case <-ctx.Done():
			return swarm.Task{}, docker.EngineError("start "+id, ctx.Err())
		}
	}
}

func (b *Backend) latest(ctx context.Context, id string, old map[string]bool) (*swarm.Task, error) {
	tasks, err := b.tasks(ctx, id)
	if err != nil {
		return nil, err
	}
	return newest(tasks, old), nil
}

// runs asks the node itself, which knows a fifth of a second before the manager does, and fills in the container's id.
func (b *Backend) runs(ctx context.Context, t *swarm.Task) bool {
	n, found, err := b.node(ctx, t.NodeID)
	if err != nil || away(found) {
		return false
	}
	list, err := n.engine.API().ContainerList(ctx, container.ListOptions{
		Filters: filters.NewArgs(filters.Arg("label", labelTask+"="+t.ID), filters.Arg("status", "running")),
	})
	if err != nil || len(list) == 0 {
		return false
	}
	t.Status.ContainerStatus = &swarm.ContainerStatus{ContainerID: list[0].ID}
	return true
}

// ended tells the states in which nothing comes of a task any more.
func ended(s swarm.TaskState) bool {
	switch s {
	case swarm.TaskStateComplete, swarm.TaskStateShutdown, swarm.TaskStateFailed, swarm.TaskStateRejected,
		swarm.TaskStateRemove, swarm.TaskStateOrphaned:
		return true
	}
	return false
}
