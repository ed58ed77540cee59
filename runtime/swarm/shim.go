package swarm

import (
	"context"
	"errors"
)

// EnsureShim puts the shim on the manager and on every node that can be reached; another gets it when a preview comes to it.
func (b *Backend) EnsureShim(ctx context.Context) error {
	if err := b.home.EnsureShim(ctx); err != nil {
		return err
	}
	reached, _, err := b.ready(ctx)
	if err != nil {
		return err
	}
	for _, n := range reached {
		if err := n.engine.EnsureShim(ctx); err != nil && ctx.Err() == nil {
			b.log.WithError(err).WithField("node", n.name).Warn("cannot put the shim on a node yet")
		}
	}
	return ctx.Err()
}

// HasShim looks on the nodes that can be reached.
func (b *Backend) HasShim(ctx context.Context) (bool, error) {
	reached, _, err := b.ready(ctx)
	if err != nil {
		return false, err
	}
	for _, n := range reached {
		if there, err := n.engine.HasShim(ctx); err != nil || !there {
			return false, err
		}
	}
	return true, nil
}

// RemoveOldShims removes what earlier versions of the shim left behind on nodes that can be reached.
func (b *Backend) RemoveOldShims(ctx context.Context) error {
	return b.onEach(ctx, func(n *node) error { return n.engine.RemoveOldShims(ctx) })
}

// RemoveShims removes the owner's shims from nodes that can be reached.
func (b *Backend) RemoveShims(ctx context.Context) error {
	return b.onEach(ctx, func(n *node) error { return n.engine.RemoveShims(ctx) })
}

func (b *Backend) onEach(ctx context.Context, do func(*node) error) error {
	reached, _, err := b.ready(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, n := range reached {
		failed = append(failed, do(n))
	}
	return errors.Join(failed...)
}
