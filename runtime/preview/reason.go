package preview

import "slices"

// Code is a stable name for why a preview ended. Clients may switch on it.
type Code string

// Ends that somebody wanted.
const (
	User     Code = "USER"     // its owner stopped it
	Replaced Code = "REPLACED" // the same generation was launched again
	Expired  Code = "EXPIRED"  // it reached its maximum uptime
	Idle     Code = "IDLE"     // nobody used it for the idle timeout
	Shutdown Code = "SHUTDOWN" // previewd itself was stopped
)

// Ends that nobody wanted.
const (
	UnrecognisedProject Code = "UNRECOGNISED_PROJECT"
	InstallFailed       Code = "INSTALL_FAILED"
	InstallTimeout      Code = "INSTALL_TIMEOUT"
	NoStartCommand      Code = "NO_START_COMMAND"
	AppExited           Code = "APP_EXITED"
	OutOfMemory         Code = "OUT_OF_MEMORY" // from the engine's OOM flag or event, never from exit 137 alone
	StartupTimeout      Code = "STARTUP_TIMEOUT"
	DiskFull            Code = "DISK_FULL"
	MissingEnv          Code = "MISSING_ENV"
	EngineUnavailable   Code = "ENGINE_UNAVAILABLE"
	InstanceLost        Code = "INSTANCE_LOST"
	NoPorts             Code = "NO_PORTS_AVAILABLE"
	InternalError       Code = "INTERNAL_ERROR"
)

// WantedCodes are those of an intended end (status stopped).
func WantedCodes() []Code { return []Code{User, Replaced, Expired, Idle, Shutdown} }

// Wanted reports whether the code is an intended end and not a failure.
func (c Code) Wanted() bool { return slices.Contains(WantedCodes(), c) }

// Reason tells why a preview ended in words that a person or a coding agent can act on.
// As an error it ends the launch pipeline with itself as the preview's reason.
type Reason struct {
	Code     Code      `json:"code"`
	Message  string    `json:"message"`        // one sentence: what happened
	Hint     string    `json:"hint,omitempty"` // what to do next
	ExitCode *int      `json:"exit_code,omitempty"`
	Evidence *Evidence `json:"evidence,omitempty"`
}

// Evidence is what was seen when the preview ended. Sizes are bytes.
type Evidence struct {
	MemoryLimit uint64   `json:"memory_limit,omitempty"`
	MemoryPeak  uint64   `json:"memory_peak,omitempty"`
	DiskLimit   uint64   `json:"disk_limit,omitempty"`
	DiskUsed    uint64   `json:"disk_used,omitempty"`
	Listening   []string `json:"listening,omitempty"`  // addresses the app listens on
	LastLines   []string `json:"last_lines,omitempty"` // the last log lines, oldest first
}

func (r *Reason) Error() string { return string(r.Code) + ": " + r.Message }
