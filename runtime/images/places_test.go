package images_test

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"

	"previewd/runtime/backendtest/fake"
)

// TestInstallsAtOnce: the store has one place, which the first install holds.
func TestInstallsAtOnce(t *testing.T) {
	proceed := make(chan struct{})
	s, b := fakeStore(t, func(ctx context.Context, _ *fake.Process) int {
		select {
		case <-proceed:
		case <-ctx.Done():
		}
		return 0
	}, nil)
	slow := 0
	first, second := request(), request()
	first.Slow = func() { slow++ }
	second.UserID = "v"
	done := make(chan error, 2)
	go func() { _, err := s.Deps(t.Context(), first, &sink{}); done <- err }()
	until(t, func() bool { return b.Created() == 1 })
	var out sink
	go func() { _, err := s.Deps(t.Context(), second, &out); done <- err }()
	until(t, func() bool { return strings.Contains(out.text(), "waiting for other installs") })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	third := request()
	third.UserID = "w"
	if _, err := s.Deps(ctx, third, &sink{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled wait: %v", err)
	}
	if b.Created() != 1 {
		t.Errorf("%d installs at once", b.Created())
	}
	close(proceed)
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if slow != 1 {
		t.Errorf("told %d times that it takes long", slow)
	}
	if r, err := s.Deps(t.Context(), first, &sink{}); err != nil || !r.Cached || slow != 1 {
		t.Errorf("from the cache: %+v, %v, told %d times", r, err, slow)
	}
}

// TestProjectReadsItsFilesAgain: what is built is what is read when the build begins.
func TestProjectReadsItsFilesAgain(t *testing.T) {
	s, _ := fakeStore(t, succeed, nil)
	gone := errors.New("gone")
	req := project("FROM app:1")
	files, slow := req.Tree, false
	req.Slow = func() { slow = true }
	req.Again = func(context.Context) (fs.FS, error) { return nil, gone }
	if _, err := s.Project(t.Context(), req, &sink{}); !errors.Is(err, gone) || !slow {
		t.Errorf("files that cannot be had again: %v", err)
	}
	req.Again = func(context.Context) (fs.FS, error) { return files, nil }
	if r, err := s.Project(t.Context(), req, &sink{}); err != nil || r.Cached {
		t.Errorf("%+v, %v", r, err)
	}
}
