package swarm

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/docker/docker/api/types/swarm"

	"previewd/runtime/docker"
	"previewd/runtime/preview"
	"previewd/runtime/shim"
)

const (
	// startTries is how often a run may find something missing on its node: the image, the shim.
	startTries = 4

	cleanupTimeout = 15 * time.Second
)

// Start has Swarm place a created instance, and returns once it runs and has its files. A node that lacks the image gets
// it. Errors: preview.ErrPortTaken where no node has the port free, a *preview.NoRoomError where none can take it, with
// Swarm's own words. After an error the instance still exists and can be removed.
func (b *Backend) Start(ctx context.Context, id string) error {
	if isContainer(id) {
		return b.home.Start(ctx, id)
	}
	if i, err := b.Inspect(ctx, id); err != nil || i.State == preview.InstanceRunning {
		return err
	}
	node := ""
	for range startTries {
		t, err := b.run(ctx, id, node)
		if err != nil {
			return err
		}
		node = t.NodeID
		if t.Status.Err == "" {
			return b.handOver(ctx, id, t)
		}
		missing, err := b.provide(ctx, id, t)
		if err != nil || !missing {
			return b.failed(ctx, id, t, err)
		}
	}
	return fmt.Errorf("start %s: node %s still lacks what was put on it", id, node)
}

// run asks Swarm for a run of the service, on one node where it is named, and waits until it is decided.
func (b *Backend) run(ctx context.Context, id, node string) (swarm.Task, error) {
	tasks, err := b.tasks(ctx, id)
	if err != nil {
		return swarm.Task{}, err
	}
	old := map[string]bool{}
	for _, t := range tasks {
		old[t.ID] = true
	}
	b.places.Delete(id)
	b.ends.Delete(id)
	started, forget := b.expect(id)
	defer forget()
	if err := b.update(ctx, id, func(s *swarm.ServiceSpec) {
		one := uint64(1)
		s.Mode.Replicated.Replicas = &one
		s.TaskTemplate.ForceUpdate++
		s.TaskTemplate.Placement.Constraints = b.constraints(node)
	}); err != nil {
		return swarm.Task{}, err
	}
	return b.settle(ctx, id, old, started)
}

func (b *Backend) constraints(node string) []string {
	if node == "" {
		return b.o.Constraints
	}
	return append([]string{"node.id==" + node}, b.o.Constraints...)
}

// update changes a service, again where somebody else did meanwhile: Swarm itself notes its progress there.
func (b *Backend) update(ctx context.Context, id string, change func(*swarm.ServiceSpec)) error {
	for {
		s, err := b.service(ctx, "start", id)
		if err != nil {
			return err
		}
		change(&s.Spec)
		_, err = b.api.ServiceUpdate(ctx, id, s.Version, s.Spec, swarm.ServiceUpdateOptions{})
		if err != nil && strings.Contains(err.Error(), "update out of sequence") {
			continue
		}
		return docker.InstanceError("start", id, err)
	}
}

// withdraw takes a request for a run back, so that Swarm does not fulfil it later.
func (b *Backend) withdraw(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTimeout)
	defer cancel()
	return b.update(ctx, id, func(s *swarm.ServiceSpec) {
		none := uint64(0)
		s.Mode.Replicated.Replicas = &none
	})
}

// failed says why a run did not come about.
func (b *Backend) failed(ctx context.Context, id string, t swarm.Task, cause error) error {
	if err := b.withdraw(ctx, id); err != nil {
		b.log.WithError(err).WithField("service_id", id).Warn("cannot take a request for a run back")
	}
	switch {
	case cause != nil:
		return cause
	case docker.PortTaken(t.Status.Err), strings.Contains(t.Status.Err, "host-mode port already in use"):
		return fmt.Errorf("start %s: %w: %s", id, preview.ErrPortTaken, t.Status.Err)
	case t.Status.State == swarm.TaskStatePending:
		return fmt.Errorf("start %s: %w", id, &preview.NoRoomError{Why: t.Status.Err})
	}
	return fmt.Errorf("start %s: %s: %s", id, t.Status.State, t.Status.Err)
}

// provide puts what a run found missing on its node and reports whether it was such a lack that ended it.
func (b *Backend) provide(ctx context.Context, id string, t swarm.Task) (bool, error) {
	text := t.Status.Err
	if t.NodeID == "" {
		return false, nil
	}
	n, _, err := b.node(ctx, t.NodeID)
	if err != nil {
		return false, err
	}
	switch {
	case strings.Contains(text, "No such image"):
		return true, b.send(ctx, t.Spec.ContainerSpec.Labels[labelImage], n)
	case strings.Contains(text, shim.Binary):
		n.engine.ForgetShim()
		return true, n.engine.EnsureShim(ctx)
	}
	b.log.WithFields(map[string]any{"service_id": id, "node": n.name, "state": t.Status.State}).Debug(text)
	return false, nil
}

// handOver gives a run its files and lets it go on.
func (b *Backend) handOver(ctx context.Context, id string, t swarm.Task) error {
	p := place{nodeID: t.NodeID, containerID: t.Status.ContainerStatus.ContainerID}
	b.places.Store(id, p)
	goods, ok := b.supplies.Load(id)
	if !ok { // of an earlier process: launch makes such an instance anew
		return fmt.Errorf("start %s: its files are gone with the process that had them", id)
	}
	n, found, err := b.node(ctx, p.nodeID)
	if err != nil {
		return err
	}
	return b.hand(ctx, goods.(*supply), n.engine, found, p.containerID) //nolint:forcetypeassert // only Create stores something
}
