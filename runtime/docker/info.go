package docker

import (
	"context"
	"strings"

	"previewd/runtime/preview"
)

// Info describes the engine.
func (b *Backend) Info(ctx context.Context) (preview.EngineInfo, error) {
	i, err := b.api.Info(ctx)
	if err != nil {
		return preview.EngineInfo{}, EngineError("engine info", err)
	}
	return preview.EngineInfo{
		Name:          "docker",
		Version:       i.ServerVersion,
		APIVersion:    b.api.ClientVersion(),
		StorageDriver: i.Driver,
		CgroupVersion: i.CgroupVersion,
		Arch:          i.Architecture,
		CPUs:          i.NCPU,
		MemoryBytes:   i.MemTotal,
		DataDir:       i.DockerRootDir,
		Local:         b.isLocal(),
		DiskQuota:     b.quota.Load() == quotaSupported,
	}, nil
}

// isLocal reports whether the engine is reached over a socket of this host, and so runs on it.
func (b *Backend) isLocal() bool { return strings.HasPrefix(b.api.DaemonHost(), "unix://") }
