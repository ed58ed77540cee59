package images

import (
	"context"
	"fmt"
	"io/fs"
	"time"

	"previewd/runtime/detect"
	"previewd/runtime/preview"
)

// DepsRequest asks for an image that holds a project's installed dependencies.
type DepsRequest struct {
	PreviewID    string
	GenerationID string
	UserID       string
	RuntimeImage string          // as Runtime returns it
	Root         string          // folder of the project inside the tree, "." or "backend"
	Install      *detect.Install // nil: nothing to install
	Env          map[string]string
	Tree         fs.FS // the generation's files
	Limits       preview.Limits
	Timeout      time.Duration // of the install command, 0 is unbounded
	Slow         func()        // nil, or called before a wait for others and before an install
}

// DepsResult is an image to run the project on.
type DepsResult struct {
	Image  string
	Cached bool  // nothing had to be installed
	Bytes  int64 // what the dependencies take, 0 when cached
}

// Deps returns an image with the project's dependencies under /app/<Root>, owned by uid 10001, and installs them
// first where no earlier launch of the same user has. What the install prints goes to sink. Errors are a
// *preview.Reason (INSTALL_FAILED, INSTALL_TIMEOUT, OUT_OF_MEMORY) when the install itself failed.
func (s *Store) Deps(ctx context.Context, req DepsRequest, sink Sink) (DepsResult, error) {
	if req.Install == nil {
		return DepsResult{Image: req.RuntimeImage, Cached: true}, nil
	}
	inputs, err := readInputs(req.Tree, req.Root, req.Install.Inputs)
	if err != nil {
		return DepsResult{}, err
	}
	req.Tree = nil // an install takes long, and needs no more of it
	runtimeID, err := s.o.Engine.ImageID(ctx, req.RuntimeImage)
	if err != nil {
		return DepsResult{}, fmt.Errorf("runtime image: %w", err)
	}
	tag := depsRepo + ":" + depsKey(s.o.Scope, runtimeID, req, inputs)
	if ok, err := s.cached(ctx, tag); ok || err != nil {
		return DepsResult{Image: tag, Cached: true}, err
	}
	if req.Slow != nil {
		req.Slow()
	}
	release, err := s.turns.take(ctx, tag, func() {
		sink.System(preview.Info, "another launch installs the same dependencies; waiting for it")
	})
	if err != nil {
		return DepsResult{}, err
	}
	defer release()
	if ok, err := s.cached(ctx, tag); ok || err != nil {
		return DepsResult{Image: tag, Cached: true}, err
	}
	s.o.Metrics.looked(imageDeps, false)
	leave, err := s.enter(ctx, sink)
	if err != nil {
		return DepsResult{}, err
	}
	defer leave()
	return s.install(ctx, req, inputs, tag, sink)
}

// enter waits for a place among the installs and builds that are at work.
func (s *Store) enter(ctx context.Context, sink Sink) (leave func(), err error) {
	if !s.places.TryAcquire(1) {
		sink.System(preview.Info, "waiting for other installs to end")
		if err := s.places.Acquire(ctx, 1); err != nil {
			return nil, err
		}
	}
	return func() { s.places.Release(1) }, nil
}

// cached reports whether the engine has an image of ours, and notes its use.
func (s *Store) cached(ctx context.Context, tag string) (bool, error) {
	ok, err := s.have(ctx, tag)
	if ok {
		s.usage.touch(tag, s.o.Now())
		s.o.Metrics.looked(kindOf(tag), true)
	}
	return ok, err
}
