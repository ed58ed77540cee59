package preview

import (
	"errors"
	"fmt"
)

// ErrImageInUse says that an image cannot be removed because an instance or another image stands on it.
var ErrImageInUse = errors.New("image in use")

// ImageConfig is how an image starts by itself.
type ImageConfig struct {
	User       string
	WorkDir    string
	Entrypoint []string
	Command    []string
	Env        map[string]string
	Ports      []int    // TCP ports it exposes, ascending
	OnBuild    []string // instructions it adds to builds on top of it
}

// EngineInfo describes the engine behind a backend.
type EngineInfo struct {
	Name          string // "docker"
	Version       string // of the engine
	APIVersion    string // negotiated
	StorageDriver string
	CgroupVersion string // "1" or "2"
	Arch          string
	CPUs          int
	MemoryBytes   int64
	DataDir       string // where the engine keeps its data, on the engine's host
	Local         bool   // the engine is reached over a local socket
	DiskQuota     bool   // writable layers can be bounded by the engine; known after the first Create
}

// BuildError says that an image's own build failed: a step of its Dockerfile, not the engine.
type BuildError struct {
	Message string   // what the engine said
	Lines   []string // the last lines of the build's output, oldest first
}

func (e *BuildError) Error() string { return fmt.Sprintf("image build failed: %s", e.Message) }
