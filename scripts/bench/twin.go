package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"previewd/runtime/shim"
)

// twin is a preview as docker run would start it: the same image, limits and flags, and the app's own command.
type twin struct {
	of      container
	image   string
	flags   []string
	command []string
}

// makeTwin copies the running preview of a generation. Its image is the preview's file system, so that docker run
// needs to bring no source along.
func makeTwin(ctx context.Context, generation string) (*twin, error) {
	id, err := find(ctx, "preview", generation)
	if err != nil || id == "" {
		return nil, errors.Join(err, fmt.Errorf("no container of %s", generation))
	}
	t := &twin{image: "previewd-bench-" + generation + ":" + strconv.Itoa(os.Getpid())}
	if t.of, err = inspect(ctx, id); err != nil {
		return nil, err
	}
	if err := t.setCommand(); err != nil {
		return nil, err
	}
	more, err := flags(t.of)
	if err != nil {
		return nil, err
	}
	t.flags = append(t.flags, more...)
	// Without the owner's label the containers made from it are none of previewd's.
	_, err = docker(ctx, "commit", "--change", `LABEL previewd.owner="" previewd.kind=""`, id, t.image)
	return t, err
}

// setCommand takes the app's command out of what the shim was told, and its environment as the shim sets it.
func (t *twin) setCommand() error {
	for _, entry := range t.of.Config.Env {
		name, value, _ := strings.Cut(entry, "=")
		switch name {
		case shim.EnvConfig:
			var config shim.Config
			if err := json.Unmarshal([]byte(value), &config); err != nil {
				return err
			}
			t.command = config.Command
			if config.Dir != "" {
				t.of.Config.WorkingDir = config.Dir
			}
		case "PORT":
		default:
			t.flags = append(t.flags, "--env", entry)
		}
	}
	if len(t.command) == 0 {
		return errors.New("the preview has no command to run with docker")
	}
	t.flags = append(t.flags, "--env", "HOST=0.0.0.0", "--env", "HOME=/tmp", "--env", "PYTHONUNBUFFERED=1",
		"--env", "PYTHONPATH="+shim.Dir+"/python")
	return nil
}

// start runs a command in the twin's place and removes it at its first 2xx, which took the returned milliseconds.
func (t *twin) start(ctx context.Context, image string, command []string, port int, more ...string) (float64, error) {
	p := strconv.Itoa(port)
	name := "previewd-bench-" + p + "-" + strconv.Itoa(os.Getpid())
	args := append([]string{
		"run", "--detach", "--name", name, "--label", label, "--publish", "127.0.0.1:" + p + ":" + p, "--env", "PORT=" + p,
		"--entrypoint", command[0],
	}, t.flags...)
	args = append(append(append(args, more...), image), command[1:]...)
	defer discard(ctx, "rm", "--force", name)
	begin := time.Now()
	if _, err := docker(ctx, args...); err != nil {
		return 0, err
	}
	if _, err := await2xx(ctx, "http://127.0.0.1:"+p); err != nil {
		return 0, err
	}
	took := since(begin)
	made, err := inspect(ctx, name)
	if err != nil || len(more) > 0 {
		return took, err
	}
	return took, differences(t.of, made)
}

// run starts the twin itself.
func (t *twin) run(ctx context.Context, port int) (float64, error) {
	return t.start(ctx, t.image, t.command, port)
}

func (t *twin) remove(ctx context.Context) { discard(ctx, "rmi", "--force", t.image) }
