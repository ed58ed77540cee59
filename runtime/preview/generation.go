package preview

import "time"

// Runtime is what a project needs in order to run.
type Runtime string

// Runtimes. RuntimeDockerfile is the project's own Dockerfile.
const (
	RuntimeNode       Runtime = "node"
	RuntimePython     Runtime = "python"
	RuntimeGo         Runtime = "go"
	RuntimeStatic     Runtime = "static"
	RuntimeDockerfile Runtime = "dockerfile"
)

// Generation is a set of project files that belongs to a user. Its archive is kept by storage as one
// canonical gzip-compressed tar (paths relative, slash-separated, sorted; regular files and directories only,
// plus symbolic links that stay inside the tree).
type Generation struct {
	ID        string
	UserID    string
	ProjectID string
	Files     int    // number of files
	Bytes     int64  // unpacked size, bytes
	Digest    string // "sha256:…" over paths, modes and contents; equal files give an equal digest
	Framework string // what detection said at upload, "" when unrecognised
	Runtime   Runtime
	CreatedAt time.Time
	UpdatedAt time.Time
}

// FileInfo describes one file of a generation.
type FileInfo struct {
	Path string `json:"path"`
	Size int64  `json:"size"` // bytes
	Mode uint32 `json:"mode"` // permission bits
}
