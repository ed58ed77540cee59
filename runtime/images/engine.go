package images

import (
	"context"
	"io"

	"previewd/runtime/preview"
)

// Builder makes images.
type Builder interface {
	Build(ctx context.Context, spec preview.BuildSpec, out io.Writer) (id string, err error)
	Pull(ctx context.Context, ref string, out io.Writer) error
	Commit(ctx context.Context, instanceID string, spec preview.CommitSpec) (id string, err error)
}

// Library looks images up and takes them away. Images lists previewd's own ones only.
type Library interface {
	ImageID(ctx context.Context, ref string) (string, error)
	ImageConfig(ctx context.Context, ref string) (preview.ImageConfig, error)
	Images(ctx context.Context) ([]preview.Image, error)
	RemoveImage(ctx context.Context, ref string) error
}

// Installer runs the instances that dependencies are installed in.
type Installer interface {
	Create(ctx context.Context, spec preview.Spec) (id string, err error)
	Start(ctx context.Context, id string) error
	Wait(ctx context.Context, id string) (preview.Instance, error)
	Logs(ctx context.Context, id string, o preview.LogsOptions) (preview.LogReader, error)
	Remove(ctx context.Context, id string) error
}

// Watcher sees the instances there are.
type Watcher interface {
	List(ctx context.Context) ([]preview.Instance, error)
	DiskUsage(ctx context.Context, id string) (int64, error)
}

// Engine is what a backend offers for images.
type Engine interface {
	Builder
	Library
	Installer
	Watcher
}

// Sink takes what a preview's user sees of a build or an install.
type Sink interface {
	System(level preview.Level, format string, args ...any)
	// Pump stores everything that r delivers and returns at its end.
	Pump(ctx context.Context, r preview.LogReader, instanceID string) error
}
