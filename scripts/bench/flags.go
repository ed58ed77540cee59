package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// hostConfig is the part of a container's settings that docker run has to be told.
type hostConfig struct {
	Memory, MemorySwap, NanoCpus, PidsLimit, ShmSize int64
	OomScoreAdj                                      int
	NetworkMode, IpcMode, CgroupnsMode, Runtime      string
	Init                                             *bool
	CapDrop, SecurityOpt, DNS                        []string
	Tmpfs, Sysctls, StorageOpt                       map[string]string
	Ulimits                                          []struct {
		Name       string
		Soft, Hard int64
	}
	LogConfig struct {
		Type   string
		Config map[string]string
	}
	BlkioDeviceWriteBps []struct {
		Path string
		Rate uint64
	}
	Mounts []struct {
		Type, Source, Target string
		ReadOnly             bool
		VolumeOptions        struct {
			NoCopy bool
			Labels map[string]string
		}
	}
}

// flags spells a container's settings for docker run. What they leave out, differences finds.
func flags(c container) ([]string, error) {
	text, err := json.Marshal(c.HostConfig)
	if err != nil {
		return nil, err
	}
	var h hostConfig
	if err := json.Unmarshal(text, &h); err != nil {
		return nil, err
	}
	args := []string{
		"--user", c.Config.User, "--workdir", c.Config.WorkingDir, "--no-healthcheck",
		"--network", h.NetworkMode, "--ipc", h.IpcMode, "--cgroupns", h.CgroupnsMode,
		"--memory", number(h.Memory), "--memory-swap", number(h.MemorySwap), "--pids-limit", number(h.PidsLimit),
		"--cpus", strconv.FormatFloat(float64(h.NanoCpus)/1e9, 'f', 3, 64),
		"--shm-size", number(h.ShmSize), "--oom-score-adj", strconv.Itoa(h.OomScoreAdj), "--log-driver", h.LogConfig.Type,
	}
	if c.Config.OpenStdin {
		args = append(args, "--interactive")
	}
	if h.Init != nil {
		args = append(args, fmt.Sprintf("--init=%v", *h.Init))
	}
	if h.Runtime != "" {
		args = append(args, "--runtime", h.Runtime)
	}
	args = append(args, repeat("--cap-drop", h.CapDrop)...)
	args = append(args, repeat("--security-opt", h.SecurityOpt)...)
	args = append(args, repeat("--dns", h.DNS)...)
	args = append(args, pairs("--tmpfs", ":", h.Tmpfs)...)
	args = append(args, pairs("--sysctl", "=", h.Sysctls)...)
	args = append(args, pairs("--storage-opt", "=", h.StorageOpt)...)
	args = append(args, pairs("--log-opt", "=", h.LogConfig.Config)...)
	return append(args, h.listed()...), nil
}

// listed spells what there may be several of.
func (h hostConfig) listed() []string {
	var args []string
	for _, u := range h.Ulimits {
		args = append(args, "--ulimit", fmt.Sprintf("%s=%d:%d", u.Name, u.Soft, u.Hard))
	}
	for _, d := range h.BlkioDeviceWriteBps {
		args = append(args, "--device-write-bps", fmt.Sprintf("%s:%d", d.Path, d.Rate))
	}
	for _, m := range h.Mounts {
		mount := []string{"type=" + m.Type, "source=" + m.Source, "target=" + m.Target}
		if m.ReadOnly {
			mount = append(mount, "readonly")
		}
		if m.VolumeOptions.NoCopy {
			mount = append(mount, "volume-nocopy")
		}
		for _, name := range slices.Sorted(maps.Keys(m.VolumeOptions.Labels)) {
			mount = append(mount, "volume-label="+name+"="+m.VolumeOptions.Labels[name])
		}
		args = append(args, "--mount", strings.Join(mount, ","))
	}
	return args
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

func repeat(flag string, values []string) []string {
	var args []string
	for _, v := range values {
		args = append(args, flag, v)
	}
	return args
}

func pairs(flag, between string, values map[string]string) []string {
	var args []string
	for _, k := range slices.Sorted(maps.Keys(values)) {
		args = append(args, flag, k+between+values[k])
	}
	return args
}
