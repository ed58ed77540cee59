package docker

import (
	"context"
	"strconv"
	"time"

	"github.com/docker/docker/api/types/events"
	"github.com/docker/docker/api/types/filters"

	"previewd/runtime/preview"
)

// eventKinds are the engine's actions that are told of.
var eventKinds = map[events.Action]preview.EventKind{
	events.ActionStart:   preview.EventStarted,
	events.ActionDie:     preview.EventDied,
	events.ActionOOM:     preview.EventOOM,
	events.ActionDestroy: preview.EventRemoved,
}

// Events tells what happens to the owner's instances from now on: it returns after the engine has subscribed us.
// One error ends the stream, which the caller opens again; both channels belong to the backend, and neither is
// closed. A caller that stops reading cancels ctx.
func (b *Backend) Events(ctx context.Context) (<-chan preview.InstanceEvent, <-chan error) {
	filter := b.ownFilter()
	filter.Add("type", string(events.ContainerEventType))
	for action := range eventKinds {
		filter.Add("event", string(action))
	}
	ctx, cancel := context.WithCancel(ctx)
	messages, failed := b.api.Events(ctx, events.ListOptions{Filters: filters.Args(filter)})
	out, errs := make(chan preview.InstanceEvent), make(chan error, 1)
	go func() {
		defer cancel()
		errs <- b.forward(ctx, messages, failed, out)
	}()
	return out, errs
}

func (b *Backend) forward(ctx context.Context, in <-chan events.Message, failed <-chan error, out chan<- preview.InstanceEvent) error {
	for {
		select {
		case m := <-in:
			if m.Actor.Attributes[LabelKind] == "" {
				continue // a helper of this package, not an instance
			}
			select {
			case out <- b.instanceEvent(m):
			case <-ctx.Done():
				return ctx.Err()
			}
		case err := <-failed:
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return EngineError("events", err)
		}
	}
}

func (b *Backend) instanceEvent(m events.Message) preview.InstanceEvent {
	id := m.Actor.ID
	if named := m.Actor.Attributes[b.o.InstanceLabel]; named != "" {
		id = named
	}
	code, _ := strconv.Atoi(m.Actor.Attributes["exitCode"]) // only "die" has one
	return preview.InstanceEvent{
		InstanceID: id,
		PreviewID:  m.Actor.Attributes[LabelPreview],
		Kind:       eventKinds[m.Action],
		ExitCode:   code,
		At:         time.Unix(0, m.TimeNano),
	}
}
