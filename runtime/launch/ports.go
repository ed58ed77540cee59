package launch

import (
	"context"
	"time"

	"previewd/runtime/images"
	"previewd/runtime/logs"
	"previewd/runtime/preview"
	"previewd/runtime/redact"
)

// Rows changes a preview's row from one state to the next. Each change is a compare-and-set: a lost race is a
// *preview.TransitionError.
type Rows interface {
	StartPreview(ctx context.Context, p preview.Preview, o preview.StartOptions) (started preview.Preview, replaced *preview.Preview, err error)
	MovePort(ctx context.Context, previewID string, portMin, portMax int, avoid []int) (int, error)
	BecomeRunning(ctx context.Context, previewID string, at time.Time, timings preview.Timings) error
	BeginStopping(ctx context.Context, previewID string, reason preview.Reason) (preview.Preview, error)
}

// Ends ends previews that this process is responsible for. That another one is, is preview.ErrTakenOver.
type Ends interface {
	BeginEnd(ctx context.Context, previewID string, reason preview.Reason) (preview.Preview, error)
	Finish(ctx context.Context, previewID string, status preview.Status, reason preview.Reason, timings preview.Timings) (preview.Preview, error)
}

// Progress notes what a preview is busy with, beside its state.
type Progress interface {
	SetPhase(ctx context.Context, previewID string, phase preview.Phase) error
	SetPlan(ctx context.Context, previewID string, info preview.PlanInfo) error
	SetInstance(ctx context.Context, previewID, instanceID string) error
	SetNode(ctx context.Context, previewID, node, host string) error
	SetStarted(ctx context.Context, previewID string, at time.Time) error
}

// Moves notes that a running preview starts again on another machine.
type Moves interface {
	BeginMove(ctx context.Context, previewID string, why preview.Reason) error
}

// Pulse notes what a running preview's shim reports.
type Pulse interface {
	SetHealth(ctx context.Context, previewID string, health preview.Health) error
	Touch(ctx context.Context, previewID string, at time.Time) error
}

// Reads are the look-ups a launch needs.
type Reads interface {
	Preview(ctx context.Context, previewID string) (preview.Preview, error)
	LatestPreview(ctx context.Context, generationID string) (preview.Preview, error)
	GenerationArchive(ctx context.Context, generationID string) ([]byte, error)
	// PreviewsOf lists the active previews that a process is responsible for.
	PreviewsOf(ctx context.Context, launcher string) ([]string, error)
	// Holds reports whether no other process is responsible for the preview.
	Holds(ctx context.Context, previewID string) (bool, error)
}

// Store is all that a launch keeps.
type Store interface {
	Rows
	Ends
	Moves
	Progress
	Pulse
	Reads
}

// Lifecycle starts and ends instances.
type Lifecycle interface {
	Create(ctx context.Context, spec preview.Spec) (id string, err error)
	Start(ctx context.Context, id string) error
	Stop(ctx context.Context, id string, grace time.Duration) error
	Remove(ctx context.Context, id string) error
}

// Observer watches instances.
type Observer interface {
	Inspect(ctx context.Context, id string) (preview.Instance, error)
	Logs(ctx context.Context, id string, o preview.LogsOptions) (preview.LogReader, error)
	Stats(ctx context.Context, id string) (preview.Stats, error)
	Events(ctx context.Context) (<-chan preview.InstanceEvent, <-chan error)
}

// Engine runs instances.
type Engine interface {
	Lifecycle
	Observer
}

// Images provides what instances run on.
type Images interface {
	Runtime(ctx context.Context, rt preview.Runtime, progress func(line string)) (image string, err error)
	Deps(ctx context.Context, req images.DepsRequest, sink images.Sink) (images.DepsResult, error)
	Project(ctx context.Context, req images.ProjectRequest, sink images.Sink) (images.ProjectResult, error)
}

// Journals opens the log of a preview, which is kept free of the secrets.
type Journals interface {
	Open(ctx context.Context, previewID string, secrets *redact.Redactor) (*logs.Journal, error)
}

// Publisher is told of every change of a preview's state.
type Publisher interface {
	Publish(p preview.Preview)
}
