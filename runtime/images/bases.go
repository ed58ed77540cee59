package images

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"previewd/runtime/preview"
)

// ensureBases pulls the images that a project's Dockerfile stands on where the engine lacks them, and refuses those
// that would bring instructions of their own into the build, which nobody has checked.
func (s *Store) ensureBases(ctx context.Context, refs []string, sink Sink) error {
	for _, ref := range slices.Compact(slices.Sorted(slices.Values(refs))) {
		if err := s.ensureForeign(ctx, ref, sink); err != nil {
			return err
		}
		config, err := s.o.Engine.ImageConfig(ctx, ref)
		if err != nil {
			return fmt.Errorf("base image: %w", err)
		}
		if len(config.OnBuild) > 0 {
			return &preview.Reason{
				Code:    preview.InstallFailed,
				Message: fmt.Sprintf("The image %s brings ONBUILD instructions, which are not supported.", ref),
				Hint:    "Choose a base image without them in the Dockerfile's FROM.",
			}
		}
	}
	return nil
}

func (s *Store) ensureForeign(ctx context.Context, ref string, sink Sink) error {
	if ok, err := s.have(ctx, ref); ok || err != nil {
		return err
	}
	sink.System(preview.Info, "pulling %s", ref)
	out := &lineWriter{emit: func(string) {}}
	err := s.o.Engine.Pull(ctx, ref, out)
	if err == nil || ctx.Err() != nil || errors.Is(err, preview.ErrEngineUnavailable) {
		return err
	}
	s.log.WithError(err).WithField("image", ref).Info("a project's base image cannot be pulled")
	return &preview.Reason{
		Code:    preview.InstallFailed,
		Message: fmt.Sprintf("The image %s that the project's Dockerfile builds on is not on this machine and cannot be pulled.", ref),
		Hint: "Check its name and tag. Where no image registry can be reached, remove the Dockerfile: Node, Python, Go and " +
			"static projects run without one.",
	}
}
