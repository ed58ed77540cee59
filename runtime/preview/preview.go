package preview

import "time"

// Preview is one run of a generation in one instance, as storage keeps it.
type Preview struct {
	ID           string
	GenerationID string
	UserID       string
	ProjectID    string
	Host         string // first label of the name under which browsers reach it, the same for all previews of its generation

	Status Status
	Phase  Phase // meaningful while Status is Starting
	Health Health
	Reason *Reason // set when the preview ends (and while it stops)

	Port       int    // leased host port, 0 after the lease ended
	Node       string // machine that the instance is on, "" where there is only one
	NodeHost   string // where the port is reached there, "" is previewd's configured host
	InstanceID string // the backend's id, "" before it was created
	Runtime    Runtime
	Framework  string
	Command    string // the command that starts the app
	Cached     bool   // dependencies came from the cache

	MemoryLimitMB int // in force; a launch or the project may ask for less than previewd's own

	EndpointsCount int // 0 until they are known

	Request Request
	Timings Timings

	SessionTokenHash []byte // SHA-256 of the session token
	TokenExpiry      time.Time
	// MoreSessionHashes are of session tokens that were made beside it. They end with it.
	MoreSessionHashes [][]byte

	ShareRound   int // how often its links were taken back
	CreatedAt    time.Time
	StartedAt    *time.Time // the app process was started
	RunningAt    *time.Time // first HTTP answer
	EndedAt      *time.Time
	LastActiveAt time.Time // last time somebody used it; feeds the idle timeout
	ExpiresAt    time.Time // maximum uptime ends
}

// Request is what the caller asked of a launch, kept so that the preview can be explained and relaunched.
type Request struct {
	StartupTimeoutSeconds int               `json:"timeout"`
	Env                   map[string]string `json:"env,omitempty"`
	MemoryMB              int               `json:"memory_mb"`
	Command               string            `json:"command,omitempty"`

	// SecretEnv is kept apart from the rest, and only until the preview ends.
	SecretEnv SecretEnv `json:"-"`

	// Nonce authenticates the shim's reports; it stays inside previewd.
	Nonce string `json:"nonce,omitempty"`
	// Launcher is the previewd process that runs the launch; its liveness decides who may take over.
	Launcher string `json:"launcher,omitempty"`
}

// Timings holds how long each stage of a launch took, in milliseconds, by phase name, and "total".
type Timings map[string]int64
