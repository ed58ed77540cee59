package docker

import (
	"context"
	"errors"
	"fmt"

	"github.com/docker/docker/api/types/container"

	"previewd/runtime/preview"
)

// Wait returns an instance once it has exited; one that was not started yet is waited for through its run. An
// instance that is removed meanwhile is preview.ErrInstanceNotFound.
func (b *Backend) Wait(ctx context.Context, id string) (preview.Instance, error) {
	ctx, cancel := context.WithCancel(ctx) // ends the engine's answer when we leave early
	defer cancel()
	if err := b.waitFor(ctx, id, container.WaitConditionNotRunning); err != nil {
		return preview.Instance{}, err
	}
	i, err := b.Inspect(ctx, id)
	if err != nil || i.State == preview.InstanceExited {
		return i, err
	}
	if i.State == preview.InstanceRemoving {
		return preview.Instance{}, fmt.Errorf("wait %s: %w", short(id), preview.ErrInstanceNotFound)
	}
	// Not started yet. It may start and exit before the engine notes our next question, so look once more after.
	exited, failed := b.api.ContainerWait(ctx, id, container.WaitConditionNextExit)
	if i, err = b.Inspect(ctx, id); err != nil || i.State == preview.InstanceExited {
		return i, err
	}
	if err := b.waited(ctx, id, exited, failed); err != nil {
		return preview.Instance{}, err
	}
	return b.Inspect(ctx, id)
}

func (b *Backend) waitFor(ctx context.Context, id string, until container.WaitCondition) error {
	exited, failed := b.api.ContainerWait(ctx, id, until)
	return b.waited(ctx, id, exited, failed)
}

func (b *Backend) waited(ctx context.Context, id string, exited <-chan container.WaitResponse, failed <-chan error) error {
	select {
	case r := <-exited:
		if r.Error != nil && r.Error.Message != "" {
			return InstanceError("wait", id, errors.New(r.Error.Message))
		}
		return nil
	case err := <-failed:
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return InstanceError("wait", id, err)
	}
}
