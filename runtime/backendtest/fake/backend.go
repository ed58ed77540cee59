package fake

import (
	"context"
	"fmt"
	"sync"
	"time"

	"previewd/runtime/preview"
)

// Program is what an instance runs. It returns the exit code, and soon after ctx is done, which is the stop signal.
type Program func(ctx context.Context, p *Process) int

// Options configure a Backend.
type Options struct {
	// Programs by the first word of an instance's command line, or by its image; "" is the program of all others.
	// Without any match an instance waits for its stop signal.
	Programs map[string]Program
	Images   map[string]preview.ImageConfig // images there are from the start
	Nodes    []string                       // machines, which instances are put on in turn; none is one without a name
	// Name names an instance, such as one that a database speaks of already; nil is a name by chance.
	Name func(preview.Spec) string
}

// Backend runs instances as goroutines of this process. It is safe for concurrent use.
type Backend struct {
	o      Options
	events *feed[preview.InstanceEvent]

	mu        sync.Mutex
	instances map[string]*instance
	images    map[string]*image // by id
	failures  map[string]error
	down      bool
	created   int
}

// New returns a backend without instances.
func New(o Options) *Backend {
	if o.Name == nil {
		o.Name = func(preview.Spec) string { return preview.NewID() }
	}
	b := &Backend{
		o:         o,
		events:    newFeed[preview.InstanceEvent](),
		instances: make(map[string]*instance),
		images:    make(map[string]*image),
		failures:  make(map[string]error),
	}
	for tag, config := range o.Images {
		b.addImage(tag, config, nil)
	}
	return b
}

// Close ends every instance.
func (b *Backend) Close() error {
	list, err := b.List(context.Background())
	if err != nil {
		return err
	}
	for _, i := range list {
		if err := b.Remove(context.Background(), i.ID); err != nil {
			return err
		}
	}
	return nil
}

// Fail makes every later call of a verb ("create", "start", "logs", …) fail with err; nil ends that.
func (b *Backend) Fail(verb string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failures[verb] = err
}

// SetDown makes every verb fail with preview.ErrEngineUnavailable, as while an engine restarts. Instances go on.
func (b *Backend) SetDown(down bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.down = down
}

// Created counts the instances made so far.
func (b *Backend) Created() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.created
}

// check returns what a verb must fail with. The caller holds the lock.
func (b *Backend) check(ctx context.Context, verb string) error {
	switch {
	case b.down:
		return fmt.Errorf("%s: %w", verb, preview.ErrEngineUnavailable)
	case b.failures[verb] != nil:
		return fmt.Errorf("%s: %w", verb, b.failures[verb])
	case ctx.Err() != nil:
		return fmt.Errorf("%s: %w", verb, ctx.Err())
	}
	return nil
}

// find returns an instance for a verb.
func (b *Backend) find(ctx context.Context, verb, id string) (*instance, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.check(ctx, verb); err != nil {
		return nil, err
	}
	i, ok := b.instances[id]
	if !ok {
		return nil, fmt.Errorf("%s %s: %w", verb, id, preview.ErrInstanceNotFound)
	}
	return i, nil
}

func (b *Backend) tell(i *instance, kind preview.EventKind, code int) {
	b.events.add(preview.InstanceEvent{
		InstanceID: i.id, PreviewID: i.spec.PreviewID, Kind: kind, ExitCode: code, At: time.Now(),
	})
}
