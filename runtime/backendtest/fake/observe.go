package fake

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"previewd/runtime/preview"
)

// Inspect returns one instance.
func (b *Backend) Inspect(ctx context.Context, id string) (preview.Instance, error) {
	i, err := b.find(ctx, "inspect", id)
	if err != nil {
		return preview.Instance{}, err
	}
	return i.snapshot(), nil
}

// List returns all instances, oldest first.
func (b *Backend) List(ctx context.Context) ([]preview.Instance, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.check(ctx, "list"); err != nil {
		return nil, err
	}
	list := make([]preview.Instance, 0, len(b.instances))
	for _, i := range b.instances {
		list = append(list, i.snapshot())
	}
	slices.SortFunc(list, func(x, y preview.Instance) int {
		return cmp.Or(x.CreatedAt.Compare(y.CreatedAt), cmp.Compare(x.ID, y.ID))
	})
	return list, nil
}

// Wait returns an instance once it has exited.
func (b *Backend) Wait(ctx context.Context, id string) (preview.Instance, error) {
	for {
		i, err := b.find(ctx, "wait", id)
		if err != nil {
			return preview.Instance{}, err
		}
		i.mu.Lock()
		state, exited := i.state, i.exited
		i.mu.Unlock()
		switch state.State {
		case preview.InstanceExited:
			return state, nil
		case preview.InstanceRemoving:
			return preview.Instance{}, fmt.Errorf("wait %s: %w", id, preview.ErrInstanceNotFound)
		}
		select {
		case <-exited:
		case <-ctx.Done():
			return preview.Instance{}, fmt.Errorf("wait %s: %w", id, ctx.Err())
		}
	}
}

func (i *instance) wakeWaiters() {
	i.mu.Lock()
	defer i.mu.Unlock()
	close(i.exited)
	i.exited = make(chan struct{})
}

// Stats returns what the program said last.
func (b *Backend) Stats(ctx context.Context, id string) (preview.Stats, error) {
	i, err := b.find(ctx, "stats", id)
	if err != nil {
		return preview.Stats{}, err
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	s := i.stats
	s.At = time.Now()
	if i.state.State == preview.InstanceRunning {
		s.MemoryLimit = cmp.Or(s.MemoryLimit, uint64(i.spec.Limits.MemoryMB)<<20)
		s.MemoryBytes, s.PIDs = cmp.Or(s.MemoryBytes, 1<<20), cmp.Or(s.PIDs, 1)
	}
	return s, nil
}

// DiskUsage returns what the program said last, in bytes.
func (b *Backend) DiskUsage(ctx context.Context, id string) (int64, error) {
	i, err := b.find(ctx, "disk usage", id)
	if err != nil {
		return 0, err
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.disk, nil
}

// Events tells what happens from now on. SetDown ends nothing here: Fail("events", …) does, for new streams.
func (b *Backend) Events(ctx context.Context) (<-chan preview.InstanceEvent, <-chan error) {
	out, errs := make(chan preview.InstanceEvent), make(chan error, 1)
	if err := b.checked(ctx, "events"); err != nil {
		errs <- err
		return out, errs
	}
	next := b.events.len()
	go func() {
		for ; ; next++ {
			e, _, err := b.events.at(ctx, next, true)
			if err != nil {
				errs <- err
				return
			}
			select {
			case out <- e:
			case <-ctx.Done():
				errs <- ctx.Err()
				return
			}
		}
	}()
	return out, errs
}

// Ping fails while the backend is down.
func (b *Backend) Ping(ctx context.Context) error { return b.checked(ctx, "ping") }

// Info names the backend.
func (b *Backend) Info(ctx context.Context) (preview.EngineInfo, error) {
	return preview.EngineInfo{Name: "fake", Version: "1", APIVersion: "1", CPUs: 1, Local: true}, b.checked(ctx, "info")
}

// Bridge names an interface that no host has.
func (b *Backend) Bridge(n preview.Network) string { return "fake-" + string(n) }

// EnsureNetworks does nothing: ports are on the loopback address.
func (b *Backend) EnsureNetworks(ctx context.Context) error { return b.checked(ctx, "networks") }

// RemoveNetworks does nothing.
func (b *Backend) RemoveNetworks(ctx context.Context) error { return b.checked(ctx, "networks") }

// EnsureShim does nothing.
func (b *Backend) EnsureShim(ctx context.Context) error { return b.checked(ctx, "shim") }

// HasShim says that it is there, as far as anything is.
func (b *Backend) HasShim(ctx context.Context) (bool, error) { return true, b.checked(ctx, "shim") }

// RemoveOldShims does nothing.
func (b *Backend) RemoveOldShims(ctx context.Context) error { return b.checked(ctx, "shim") }

// RemoveShims does nothing.
func (b *Backend) RemoveShims(ctx context.Context) error { return b.checked(ctx, "shim") }
