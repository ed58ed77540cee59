package swarm

import (
	"context"
	"time"

	"previewd/runtime/preview"
)

const (
	nodesLook   = 3 * time.Second // how often Events looks for nodes that came
	eventsQueue = 64
)

// Events tells what happens to the owner's instances on all nodes from now on. A node that goes away ends nothing: it is
// listened to again when it is back, and one that joins soon after it has. Both channels belong to the backend.
func (b *Backend) Events(ctx context.Context) (<-chan preview.InstanceEvent, <-chan error) {
	out, errs := make(chan preview.InstanceEvent, eventsQueue), make(chan error, 1)
	listened := map[string]<-chan struct{}{}
	first := b.listen(ctx, listened, out)
	go func() {
		if first != nil {
			errs <- first
			return
		}
		look := time.NewTicker(nodesLook)
		defer look.Stop()
		for {
			select {
			case <-look.C:
				if err := b.listen(ctx, listened, out); err != nil && ctx.Err() == nil {
					b.log.WithError(err).Debug("cannot look for new nodes")
				}
			case <-ctx.Done():
				errs <- ctx.Err()
				return
			}
		}
	}()
	return out, errs
}

// listen subscribes to the nodes that nobody listens to.
func (b *Backend) listen(ctx context.Context, listened map[string]<-chan struct{}, out chan<- preview.InstanceEvent) error {
	reached, _, err := b.ready(ctx)
	if err != nil {
		return err
	}
	for _, n := range reached {
		if ended, known := listened[n.id]; known {
			select {
			case <-ended:
			default:
				continue
			}
		}
		listened[n.id] = b.follow(ctx, n, out)
	}
	return nil
}

// follow passes a node's events on until they break off, which closes the channel that it returns.
func (b *Backend) follow(ctx context.Context, n *node, out chan<- preview.InstanceEvent) <-chan struct{} {
	ctx, cancel := context.WithCancel(ctx)
	events, broken := n.engine.Events(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer cancel()
		for {
			select {
			case e := <-events:
				b.wake(e)
				select {
				case out <- e:
				case <-ctx.Done():
					return
				}
			case err := <-broken:
				if ctx.Err() == nil {
					b.log.WithError(err).WithField("node", n.name).Debug("a node's events broke off")
				}
				return
			}
		}
	}()
	return done
}

// wake tells who waits for a start that it happened.
func (b *Backend) wake(e preview.InstanceEvent) {
	if e.Kind != preview.EventStarted {
		return
	}
	if waits, ok := b.starting.Load(e.InstanceID); ok {
		select {
		case waits.(chan struct{}) <- struct{}{}: //nolint:forcetypeassert // only expect stores something
		default:
		}
	}
}

// expect returns what gets a value when a node tells that the service started on it, until forget is called.
func (b *Backend) expect(id string) (started <-chan struct{}, forget func()) {
	waits := make(chan struct{}, 1)
	b.starting.Store(id, waits)
	return waits, func() { b.starting.CompareAndDelete(id, waits) }
}
