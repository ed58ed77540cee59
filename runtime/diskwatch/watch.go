// Package diskwatch bounds what previews write where the engine has no quota: it reads the size of their writable
// layers and ends those that are over the limit. Because reading is not free, it looks often only while the host's
// own free space shrinks; that also tells of files that were deleted while still open.
package diskwatch

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	"github.com/sirupsen/logrus"

	"previewd/runtime/preview"
)

// Engine reads what instances wrote.
type Engine interface {
	List(ctx context.Context) ([]preview.Instance, error)
	DiskUsage(ctx context.Context, id string) (int64, error)
}

// Failer ends a preview for a reason.
type Failer interface {
	Fail(previewID string, reason *preview.Reason)
}

// Options wire a Watch. Limits are bytes; zero is unbounded.
type Options struct {
	Engine       Engine
	Failer       Failer
	Limit        int64 // of a preview
	InstallLimit int64 // of an install
	Every        time.Duration
	Full         time.Duration          // look at all of them at least this often
	Free         func() (uint64, error) // free bytes where instances write; nil when that is another host
	Log          *logrus.Entry
}

// Watch looks periodically.
type Watch struct {
	Options
	lastFree uint64
	lastLook time.Time
}

// New returns a Watch.
func New(o Options) *Watch { return &Watch{Options: o} }

// Run watches until ctx ends.
func (w *Watch) Run(ctx context.Context) {
	ticker := time.NewTicker(w.Every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			if !w.due(now) {
				continue
			}
			if err := w.Once(ctx); err != nil && ctx.Err() == nil {
				w.Log.WithError(err).Debug("cannot read the disk usage of every preview")
			}
		}
	}
}

// due reports whether it is time to look: the host lost space since the last look, or that was long ago.
func (w *Watch) due(now time.Time) bool {
	due := now.Sub(w.lastLook) >= w.Full || w.Free == nil
	if w.Free != nil {
		free, err := w.Free()
		due = due || err != nil || free+uint64(w.Limit)/4 < w.lastFree
		if due {
			w.lastFree = free
		}
		w.lastFree = max(w.lastFree, free)
	}
	if due {
		w.lastLook = now
	}
	return due
}

// Once looks at every instance and ends the previews over their limit.
func (w *Watch) Once(ctx context.Context) error {
	instances, err := w.Engine.List(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, i := range instances {
		if i.State != preview.InstanceRunning {
			continue
		}
		used, err := w.Engine.DiskUsage(ctx, i.ID)
		if err != nil {
			if !errors.Is(err, preview.ErrInstanceNotFound) {
				failed = append(failed, err)
			}
			continue
		}
		if limit := w.limit(i.Kind); limit > 0 && used > limit {
			w.Failer.Fail(i.PreviewID, full(i.Kind, used, limit))
		}
	}
	return errors.Join(failed...)
}

func (w *Watch) limit(kind preview.Kind) int64 {
	if kind == preview.KindInstall {
		return w.InstallLimit
	}
	return w.Limit
}

func full(kind preview.Kind, used, limit int64) *preview.Reason {
	who, hint := "The app", "Write less, or delete files that are no longer needed."
	if kind == preview.KindInstall {
		who, hint = "The install of the dependencies", "Use fewer or smaller dependencies."
	}
	return &preview.Reason{
		Code:     preview.DiskFull,
		Message:  fmt.Sprintf("%s wrote %d MB to its disk; %d MB are allowed.", who, used>>20, limit>>20),
		Hint:     hint,
		Evidence: &preview.Evidence{DiskLimit: uint64(limit), DiskUsed: uint64(used)},
	}
}

// FreeBytes returns a function that reads the free space of the file system that holds path.
func FreeBytes(path string) func() (uint64, error) {
	return func() (uint64, error) {
		var s syscall.Statfs_t
		if err := syscall.Statfs(path, &s); err != nil {
			return 0, fmt.Errorf("free space of %s: %w", path, err)
		}
		return s.Bavail * uint64(s.Bsize), nil
	}
}
