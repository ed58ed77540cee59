package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
)

// label marks what the benchmark makes by hand.
const label = "previewd.bench=1"

// docker runs docker's command line, the yardstick's own, and returns what it printed.
func docker(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "docker", args...)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("docker %s: %w: %s", args[0], err, strings.TrimSpace(said.String()))
	}
	return strings.TrimSpace(out.String()), nil
}

// discard removes what was made by hand, also after a Ctrl-C.
func discard(ctx context.Context, args ...string) {
	if _, err := docker(context.WithoutCancel(ctx), args...); err != nil {
		progress("%v", err)
	}
}

// container is what docker inspect says of one.
type container struct {
	ID     string `json:"Id"`
	Image  string // its id
	Config struct {
		Image, User, WorkingDir string
		Env, Entrypoint, Cmd    []string
		OpenStdin               bool
	}
	HostConfig map[string]any
}

func inspect(ctx context.Context, id string) (container, error) {
	text, err := docker(ctx, "inspect", "--type", "container", id)
	if err != nil {
		return container{}, err
	}
	var list []container
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return container{}, err
	}
	if len(list) != 1 {
		return container{}, fmt.Errorf("docker inspect %s tells of %d containers", id, len(list))
	}
	return list[0], nil
}

// find returns the container of a generation, of kind preview or install, or "" when there is none.
func find(ctx context.Context, kind, generation string) (string, error) {
	return docker(ctx, "ps", "--quiet", "--no-trunc",
		"--filter", "label=previewd.kind="+kind, "--filter", "label=previewd.generation="+generation)
}
