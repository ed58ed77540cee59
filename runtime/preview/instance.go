package preview

import (
	"io"
	"time"
)

// Kind tells what an instance is for.
type Kind string

// Kinds of instances.
const (
	KindPreview Kind = "preview" // runs the app, has a published port
	KindInstall Kind = "install" // installs dependencies, then is turned into an image
)

// Network is the policy an instance is attached to; a backend maps it to a network of its own.
type Network string

// Networks. Neither reaches other instances, the host's services or link-local addresses.
const (
	NetworkPreviews Network = "previews" // egress by configuration
	NetworkInstall  Network = "install"  // egress to the internet, always
	NetworkNone     Network = "none"
)

// Spec is all a backend needs to create an instance. The backend adds isolation by itself:
// no capabilities, no-new-privileges, bounded logs, its own labels.
type Spec struct {
	Kind         Kind
	PreviewID    string
	GenerationID string
	UserID       string

	Image      string
	Entrypoint []string // replaces the image's; nil keeps it
	Command    []string
	Env        map[string]string
	WorkDir    string
	User       string // "uid:gid"
	StopSignal string // "" is SIGTERM

	Port    int // published on the host and the same number inside; 0 publishes none
	Network Network
	Limits  Limits
	Files   []Upload // laid out before the start
	Shim    bool     // mount the shim's files read-only at shim.Dir

	// FilesByStdin lets a backend give Files to process 1 instead, as one tar of paths below the root by its standard
	// input, which ends when that breaks off. Laying files out takes engines longer.
	FilesByStdin bool
}

// Limits bound an instance. Zero means unbounded, which only tests use.
type Limits struct {
	MemoryMB int     // equals memory plus swap
	CPUs     float64 // 1.5 is one and a half cores
	PIDs     int
	DiskMB   int // largest single file (ulimit) and, where the engine has quotas, the writable layer
	OpenFile int // nofile ulimit
}

// Upload is a tar stream unpacked into Dir before the instance starts, owned by UID:GID.
type Upload struct {
	Dir      string
	UID, GID int
	Tar      io.Reader // uncompressed tar; headers' owners are replaced by UID and GID. An io.Closer is closed in the end
}

// InstanceState is the state of an instance as the engine tells it.
type InstanceState string

// Instance states.
const (
	InstanceCreated InstanceState = "created"
	InstanceRunning InstanceState = "running"
	InstanceExited  InstanceState = "exited"

	// InstanceRemoving is an instance that somebody is removing, or half removed. How it ended says nothing of the
	// app any more: a removal kills it.
	InstanceRemoving InstanceState = "removing"
)

// Instance is what a backend knows of one of its instances.
type Instance struct {
	ID         string
	Kind       Kind
	PreviewID  string
	Image      string
	State      InstanceState
	ExitCode   int
	OOMKilled  bool
	Port       int
	CreatedAt  time.Time
	StartedAt  time.Time
	FinishedAt time.Time
	DiskBytes  int64 // size of the writable layer; filled by DiskUsage only

	Node string // name of the machine that it is on, "" where there is only one
	Host string // where its published port is reached, "" is previewd's configured host
	Lost string // why the engine gave it up with its machine, in words; "" is not. Such an instance has exited
}

// Place is where an instance itself is dialled. Two that are equal are of one run of one instance.
type Place struct {
	InstanceID string
	Address    string // an IP address, "" where only the published port leads to the instance
	Since      string // when the run began, as the backend spells it
}

// Stats is one reading of an instance's use of the machine.
type Stats struct {
	At          time.Time
	MemoryBytes uint64  // without page cache that can be dropped
	MemoryPeak  uint64  // 0 where the engine does not tell
	MemoryLimit uint64  // bytes
	CPUPercent  float64 // of one core since the previous reading; 100 is one core busy
	CPUSeconds  float64 // since the start
	PIDs        uint64
}

// EventKind names what happened to an instance.
type EventKind string

// Event kinds.
const (
	EventStarted EventKind = "started"
	EventDied    EventKind = "died"
	EventOOM     EventKind = "oom" // a process inside was killed for memory; the instance may live on
	EventRemoved EventKind = "removed"
)

// InstanceEvent is one change of one of the backend's own instances.
type InstanceEvent struct {
	InstanceID string
	PreviewID  string
	Kind       EventKind
	ExitCode   int // for EventDied
	At         time.Time
}

// LogEntry is one piece of output as the engine delivers it: a line without its newline, or a part of a
// long line (Partial: more follows without a newline between).
type LogEntry struct {
	Stream    Stream
	Timestamp time.Time
	Text      []byte // valid until the next read
	Partial   bool   // also on a last line that the instance did not end: nothing follows it
}

// LogReader delivers entries in the engine's order. Next returns io.EOF after the last one of an instance
// that has ended. The caller closes it; Close unblocks Next.
type LogReader interface {
	Next() (LogEntry, error)
	Close() error
}

// LogsOptions select from an instance's output.
type LogsOptions struct {
	Since  time.Time // zero is from the start; entries at Since itself are included
	Follow bool
}

// Image is what a backend knows of one of previewd's own images.
type Image struct {
	ID        string
	Tags      []string
	Labels    map[string]string
	Bytes     int64
	CreatedAt time.Time
}

// BuildSpec describes an image build. Its context is an uncompressed tar stream.
type BuildSpec struct {
	Tag        string
	Dockerfile string // path inside Context
	Context    io.Reader
	Target     string
	Args       map[string]string
	Labels     map[string]string
	Network    Network
	Limits     Limits
}

// CommitSpec names the image that an instance's present file system becomes.
type CommitSpec struct {
	Tag    string
	Labels map[string]string
}
