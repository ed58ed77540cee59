package images_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"previewd/runtime/backendtest/fake"
	"previewd/runtime/images"
	"previewd/runtime/preview"
)

func TestSweep(t *testing.T) {
	proceed := make(chan struct{})
	s, b := fakeStore(t, func(context.Context, *fake.Process) int { <-proceed; return 0 }, nil)
	done := make(chan error, 1)
	go func() { _, err := s.Deps(t.Context(), request(), &sink{}); done <- err }()
	until(t, func() bool { return b.Created() == 1 })
	other, err := b.Create(t.Context(), preview.Spec{Kind: preview.KindPreview, Image: "rt"})
	if err != nil {
		t.Fatal(err)
	}
	orphan, err := b.Create(t.Context(), preview.Spec{Kind: preview.KindInstall, Image: "rt"})
	if err != nil {
		t.Fatal(err)
	}
	unnamed, err := b.Commit(t.Context(), other, preview.CommitSpec{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Inspect(t.Context(), orphan); err != nil {
		t.Error("what is young may be another process's work")
	}
	later := images.New(images.Options{Engine: b, Log: quiet(), Now: func() time.Time { return time.Now().Add(time.Hour) }})
	close(proceed)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if err := later.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Inspect(t.Context(), orphan); !errors.Is(err, preview.ErrInstanceNotFound) {
		t.Errorf("orphan: %v", err)
	}
	if _, err := b.Inspect(t.Context(), other); err != nil {
		t.Errorf("a preview: %v", err)
	}
	if _, err := b.ImageID(t.Context(), unnamed); !errors.Is(err, preview.ErrImageNotFound) {
		t.Errorf("unnamed image: %v", err)
	}
	if len(depsTags(t, b)) != 1 {
		t.Errorf("images %v", depsTags(t, b))
	}
}
