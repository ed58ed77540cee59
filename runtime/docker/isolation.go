package docker

import (
	"strconv"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/go-connections/nat"

	"previewd/runtime/preview"
)

const (
	mb = 1 << 20

	// shmBytes bounds /dev/shm: POSIX semaphores and shared memory (Python's multiprocessing) need the folder. What is
	// in it counts as the instance's memory.
	shmBytes = 16 * mb

	// Log files: engine 20.10's following reader skips what it has not read of a file that rotates away, so one file
	// must hold more than a pump can lag behind. Measured with an app that writes 500,000 lines a second: files of
	// 10 MB lose lines after 0.2 s, files of 50 MB after 1 s.
	logMaxSize = "50m"
	logMaxFile = "2"

	// oomScore makes the kernel choose an instance before anything of the host.
	oomScore = 500
)

// closedFolders are world-writable in common images. An empty read-only folder stands in their place, so that an
// instance writes nowhere but in its project, in /tmp and in /dev/shm. Message queues need no folder.
var closedFolders = []string{"/var/tmp", "/run/lock", "/dev/mqueue"}

// hostConfig is the isolation of every instance: generated code is hostile. /tmp stays a part of the writable
// layer: on a sized tmpfs it would count as memory, and files in it would end apps as out of memory.
func (b *Backend) hostConfig(spec preview.Spec, imageVolumes map[string]struct{}) *container.HostConfig {
	off := false
	h := &container.HostConfig{
		NetworkMode:   container.NetworkMode(b.NetworkName(spec.Network)),
		RestartPolicy: container.RestartPolicy{Name: container.RestartPolicyDisabled},
		CapDrop:       []string{"ALL"},
		SecurityOpt:   []string{"no-new-privileges"},
		IpcMode:       container.IPCModePrivate,
		CgroupnsMode:  container.CgroupnsModePrivate,
		OomScoreAdj:   oomScore,
		ShmSize:       shmBytes,
		Init:          &off,
		Runtime:       b.o.DockerRuntime,
		Tmpfs:         tmpfs(imageVolumes),
		Sysctls:       sysctls(),
		Resources:     resources(spec.Limits),
		LogConfig: container.LogConfig{Type: "json-file", Config: map[string]string{
			"max-size": logMaxSize, "max-file": logMaxFile,
		}},
	}
	if spec.Port > 0 {
		h.PortBindings = nat.PortMap{tcpPort(spec.Port): {{HostIP: b.o.BindAddr, HostPort: strconv.Itoa(spec.Port)}}}
	}
	if b.o.Egress == "none" && spec.Network == preview.NetworkPreviews {
		h.DNS = []string{"127.0.0.1"} // refuse at once: queries are a way out, too
	}
	return h
}

func resources(l preview.Limits) container.Resources {
	r := container.Resources{
		Memory:     int64(l.MemoryMB) * mb,
		MemorySwap: int64(l.MemoryMB) * mb,
		NanoCPUs:   int64(l.CPUs * 1e9),
		Ulimits:    ulimits(l),
	}
	if l.PIDs > 0 {
		pids := int64(l.PIDs)
		r.PidsLimit = &pids
	}
	return r
}

func ulimits(l preview.Limits) []*container.Ulimit {
	limits := []*container.Ulimit{{Name: "core"}}
	if l.OpenFile > 0 {
		n := int64(l.OpenFile)
		limits = append(limits, &container.Ulimit{Name: "nofile", Soft: n, Hard: n})
	}
	if l.DiskMB > 0 {
		n := int64(l.DiskMB) * mb
		limits = append(limits, &container.Ulimit{Name: "fsize", Soft: n, Hard: n})
	}
	return limits
}

// tmpfs closes folders, and takes the place of volumes that the image declares: those would lie outside the
// writable layer, which is all that the disk watch sees.
func tmpfs(imageVolumes map[string]struct{}) map[string]string {
	mounts := make(map[string]string)
	for path := range imageVolumes {
		mounts[path] = "rw,nosuid,nodev,mode=1777,size=64m"
	}
	for _, path := range closedFolders {
		mounts[path] = "ro,nosuid,nodev,noexec,mode=555,size=4k"
	}
	return mounts
}
