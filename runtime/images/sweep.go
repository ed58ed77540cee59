package images

import (
	"context"
	"errors"
	"fmt"
	"time"

	"previewd/runtime/preview"
)

// half is the age from which an unnamed image or an unknown install is a leftover and not work in progress.
const half = 10 * time.Minute

// Sweep removes what earlier runs, or failures, left behind: install instances that nobody waits for and images of
// ours that lost their name or never got one.
func (s *Store) Sweep(ctx context.Context) error {
	return errors.Join(s.sweepInstances(ctx), s.sweepImages(ctx))
}

func (s *Store) sweepInstances(ctx context.Context) error {
	list, err := s.o.Engine.List(ctx)
	if err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	var failed []error
	for _, i := range list {
		if i.Kind != preview.KindInstall || s.isWorking(i.ID) || !s.leftover(i.CreatedAt) {
			continue
		}
		if err := s.o.Engine.Remove(ctx, i.ID); err != nil {
			failed = append(failed, fmt.Errorf("sweep: %w", err))
		}
	}
	return errors.Join(failed...)
}

func (s *Store) sweepImages(ctx context.Context) error {
	list, err := s.o.Engine.Images(ctx)
	if err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	var failed []error
	for _, i := range list {
		if named(i) || !s.leftover(i.CreatedAt) {
			continue
		}
		if err := s.o.Engine.RemoveImage(ctx, i.ID); err != nil && !errors.Is(err, preview.ErrImageInUse) {
			failed = append(failed, fmt.Errorf("sweep: %w", err))
		}
	}
	return errors.Join(failed...)
}

func named(i preview.Image) bool {
	for _, tag := range i.Tags {
		if tag != "<none>:<none>" {
			return true
		}
	}
	return false
}

func (s *Store) isWorking(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.installs[id]
}

// leftover tells by its age that nothing of this process is at work on it. The engine counts in seconds.
func (s *Store) leftover(created time.Time) bool {
	return created.Before(s.began.Truncate(time.Second)) || s.o.Now().Sub(created) > half
}
