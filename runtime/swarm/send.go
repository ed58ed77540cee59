package swarm

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"previewd/runtime/docker"
)

// send puts an image of the manager's on a node, once however many wait for it.
func (b *Backend) send(ctx context.Context, ref string, to *node) error {
	leave, err := b.sending.take(ctx, to.id+" "+ref)
	if err != nil {
		return err
	}
	defer leave()
	want, err := b.home.ImageID(ctx, ref)
	if err != nil {
		return err
	}
	if _, err := to.engine.ImageID(ctx, want); err == nil {
		return nil
	}
	began := time.Now()
	if b.o.Registry.Name != "" {
		err = b.throughRegistry(ctx, want, ref, to)
	} else {
		err = b.directly(ctx, ref, to)
	}
	if err != nil {
		return fmt.Errorf("put image %s on node %s: %w", ref, to.name, err)
	}
	if _, err := to.engine.ImageID(ctx, want); err != nil {
		return fmt.Errorf("node %s took image %s for another one than %s: %w", to.name, ref, want, err)
	}
	b.log.WithFields(map[string]any{"image": ref, "node": to.name, "took_ms": time.Since(began).Milliseconds()}).Info("a node got an image")
	return nil
}

// directly copies the image from engine to engine.
func (b *Backend) directly(ctx context.Context, ref string, to *node) error {
	from, err := b.api.ImageSave(ctx, []string{ref})
	if err != nil {
		return docker.EngineError("save", err)
	}
	defer func() { _ = from.Close() }() // read only
	answer, err := to.engine.API().ImageLoad(ctx, from)
	if err != nil {
		return docker.EngineError("load", err)
	}
	defer func() { _ = answer.Body.Close() }()
	_, err = docker.RelayProgress(answer.Body, io.Discard)
	return err
}

// turns lets one at a time do the same thing.
type turns struct {
	mu    sync.Mutex
	taken map[string]chan struct{} // closed when it is over
}

// take returns when nobody else has the key, or ctx ends.
func (t *turns) take(ctx context.Context, key string) (leave func(), err error) {
	for {
		t.mu.Lock()
		other, busy := t.taken[key]
		if !busy {
			break
		}
		t.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	defer t.mu.Unlock()
	if t.taken == nil {
		t.taken = map[string]chan struct{}{}
	}
	over := make(chan struct{})
	t.taken[key] = over
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(t.taken, key)
		close(over)
	}, nil
}
