package images

import (
	"context"
	"errors"
	"fmt"

	"previewd/runtime/preview"
)

// MissingBase names the base image when the engine lacks it, which only a launch of a runtime that has no image yet would notice.
func (s *Store) MissingBase(ctx context.Context) (string, error) {
	_, err := s.o.Engine.ImageID(ctx, s.o.Base)
	if errors.Is(err, preview.ErrImageNotFound) {
		return s.o.Base, nil
	}
	return "", err
}

// ensureBase returns the id of the base image, which is pulled where the engine lacks it. On machines that reach no
// image registry scripts/setup makes it.
func (s *Store) ensureBase(ctx context.Context, progress func(string)) (string, error) {
	id, err := s.o.Engine.ImageID(ctx, s.o.Base)
	if !errors.Is(err, preview.ErrImageNotFound) {
		return id, err
	}
	progress("pulling " + s.o.Base)
	out := &lineWriter{emit: func(string) {}}
	if err := s.o.Engine.Pull(ctx, s.o.Base, out); err != nil {
		if ctx.Err() != nil || errors.Is(err, preview.ErrEngineUnavailable) {
			return "", err
		}
		s.log.WithError(err).WithField("image", s.o.Base).Warn("base image cannot be pulled")
		return "", &preview.Reason{
			Code:    preview.InternalError,
			Message: fmt.Sprintf("The base image %s is not on this machine and cannot be pulled.", s.o.Base),
			Hint:    "Run scripts/setup: where no image registry can be reached it makes the base image from the distribution's packages.",
		}
	}
	return s.o.Engine.ImageID(ctx, s.o.Base)
}
