package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"previewd/runtime/shim"
)

// twin is what docker run needs to do the same as a preview: an image that holds its dependencies and source, and the
// flags of its container.
type twin struct {
	image string
	args  []string // of docker run, between the port and the image
	cmd   []string
	env   []string
}

// inspected is the part of docker inspect's answer that makes the flags.
type inspected struct {
	ID     string `json:"Id"`
	Config struct {
		User, WorkingDir string
		Env              []string
	}
	HostConfig struct {
		Memory, MemorySwap, NanoCpus, PidsLimit, ShmSize int64
		OomScoreAdj                                      int
		NetworkMode                                      string
		CapDrop, SecurityOpt                             []string
		Ulimits                                          []struct {
			Name       string
			Soft, Hard int64
		}
		LogConfig struct {
			Type   string
			Config map[string]string
		}
	}
}

// makeTwin copies the running container of a generation.
func makeTwin(ctx context.Context, generation string) (*twin, error) {
	id, err := docker(ctx, "ps", "-q", "--filter", "label=previewd.generation="+generation)
	if err != nil || id == "" {
		return nil, errors.Join(err, fmt.Errorf("no container of %s", generation))
	}
	text, err := docker(ctx, "inspect", id)
	if err != nil {
		return nil, err
	}
	var list []inspected
	if err := json.Unmarshal([]byte(text), &list); err != nil || len(list) != 1 {
		return nil, errors.Join(err, fmt.Errorf("inspect says %d containers", len(list)))
	}
	t := &twin{image: "previewd-bench-twin:" + strconv.Itoa(os.Getpid())}
	if _, err := docker(ctx, "commit", id, t.image); err != nil {
		return nil, err
	}
	return t, t.flags(list[0])
}

func (t *twin) flags(c inspected) error {
	h := c.HostConfig
	t.args = []string{
		"--user", c.Config.User, "--workdir", c.Config.WorkingDir, "--network", h.NetworkMode,
		"--memory", strconv.FormatInt(h.Memory, 10), "--memory-swap", strconv.FormatInt(h.MemorySwap, 10),
		"--cpus", strconv.FormatFloat(float64(h.NanoCpus)/1e9, 'f', 3, 64), "--pids-limit", strconv.FormatInt(h.PidsLimit, 10),
		"--shm-size", strconv.FormatInt(h.ShmSize, 10), "--oom-score-adj", strconv.Itoa(h.OomScoreAdj), "--log-driver", h.LogConfig.Type,
	}
	for _, v := range h.CapDrop {
		t.args = append(t.args, "--cap-drop", v)
	}
	for _, v := range h.SecurityOpt {
		t.args = append(t.args, "--security-opt", v)
	}
	for _, u := range h.Ulimits {
		t.args = append(t.args, "--ulimit", fmt.Sprintf("%s=%d:%d", u.Name, u.Soft, u.Hard))
	}
	for k, v := range h.LogConfig.Config {
		t.args = append(t.args, "--log-opt", k+"="+v)
	}
	return t.command(c.Config.Env)
}

func (t *twin) command(env []string) error {
	for _, entry := range env {
		name, value, _ := strings.Cut(entry, "=")
		switch name {
		case shim.EnvConfig:
			var config shim.Config
			if err := json.Unmarshal([]byte(value), &config); err != nil {
				return err
			}
			t.cmd = config.Command
		case "PORT":
		default:
			t.env = append(t.env, "--env", entry)
		}
	}
	if len(t.cmd) == 0 {
		return errors.New("the preview has no command to run with docker")
	}
	return nil
}

// timedRun runs the twin on a port until its first 2xx, in milliseconds, and removes it.
func (t *twin) timedRun(ctx context.Context, port int) (float64, error) {
	p := strconv.Itoa(port)
	args := append([]string{
		"run", "--detach", "--label", "previewd.bench=twin", "--publish", "127.0.0.1:" + p + ":" + p,
		"--env", "PORT=" + p, "--env", "HOST=0.0.0.0", "--env", "HOME=/tmp", "--entrypoint", t.cmd[0],
	}, t.args...)
	args = append(append(args, t.env...), t.image)
	args = append(args, t.cmd[1:]...)
	begin := time.Now()
	id, err := docker(ctx, args...)
	if err != nil {
		return 0, err
	}
	err = await2xx(ctx, "http://127.0.0.1:"+p)
	took := float64(time.Since(begin).Microseconds()) / 1000
	_, removed := docker(context.WithoutCancel(ctx), "rm", "-f", id)
	return took, errors.Join(err, removed)
}

func (t *twin) remove() {
	if _, err := docker(context.Background(), "rmi", "-f", t.image); err != nil {
		progress("%v", err)
	}
}

func docker(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "docker", args...)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("docker %s: %w: %s", args[0], err, strings.TrimSpace(said.String()))
	}
	return strings.TrimSpace(out.String()), nil
}

func progress(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
