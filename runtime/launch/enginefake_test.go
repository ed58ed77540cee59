package launch_test

import (
	"context"
	"sync/atomic"

	"previewd/runtime/backendtest/fake"
	"previewd/runtime/preview"
)

// engineFake is the backend in memory; hooks let a test look at what is there when an instance is removed, and hold up one
// that is to be created.
type engineFake struct {
	*fake.Backend
	removing  func()
	following func(context.Context) // before the engine begins to follow an instance's output
	creating  atomic.Pointer[func(context.Context) error]
}

func (e *engineFake) Create(ctx context.Context, spec preview.Spec) (string, error) {
	if hook := e.creating.Load(); hook != nil {
		if err := (*hook)(ctx); err != nil {
			return "", err
		}
	}
	return e.Backend.Create(ctx, spec)
}

func (e *engineFake) Remove(ctx context.Context, id string) error {
	if e.removing != nil {
		e.removing()
	}
	return e.Backend.Remove(ctx, id)
}

func (e *engineFake) Logs(ctx context.Context, id string, o preview.LogsOptions) (preview.LogReader, error) {
	if o.Follow && e.following != nil {
		e.following(ctx)
	}
	return e.Backend.Logs(ctx, id, o)
}
