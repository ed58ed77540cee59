package docker

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/docker/docker/api/types/container"

	"previewd/runtime/preview"
)

// Commit turns an instance's file system into an image that starts like the one the instance was made from: none
// of the instance's own command, environment, user and folder stays in it.
func (b *Backend) Commit(ctx context.Context, id string, spec preview.CommitSpec) (string, error) {
	c, err := b.api.ContainerInspect(ctx, id)
	if err != nil {
		return "", InstanceError("commit", id, err)
	}
	if !b.own(c.Config.Labels) {
		return "", fmt.Errorf("commit %s: %w", short(id), preview.ErrInstanceNotFound)
	}
	base, err := b.ImageConfig(ctx, c.Image)
	if err != nil && !errors.Is(err, preview.ErrImageNotFound) {
		return "", err
	}
	made, err := b.api.ContainerCommit(ctx, id, container.CommitOptions{
		Reference: spec.Tag,
		Pause:     c.State.Running,
		Config:    b.committedConfig(base, c.Config, spec.Labels),
	})
	if err != nil {
		return "", InstanceError("commit", id, err)
	}
	return made.ID, nil
}

// committedConfig gives every field a value of its own, because the engine fills empty ones from the instance.
func (b *Backend) committedConfig(base preview.ImageConfig, of *container.Config, labels map[string]string) *container.Config {
	c := &container.Config{
		User: base.User, WorkingDir: base.WorkDir, Entrypoint: base.Entrypoint, Cmd: base.Command,
		Env: envList(base.Env), Labels: b.ownLabels(labels),
	}
	if c.User == "" {
		c.User = "0"
	}
	if c.WorkingDir == "" {
		c.WorkingDir = "/"
	}
	if c.Entrypoint == nil {
		c.Entrypoint = []string{}
	}
	if len(c.Cmd) == 0 {
		c.Cmd = []string{"/bin/sh"}
	}
	for _, pair := range of.Env {
		name, _, _ := strings.Cut(pair, "=")
		if _, known := base.Env[name]; !known {
			c.Env = append(c.Env, name) // without a value: the engine takes it for "unset"
		}
	}
	for name := range of.Labels {
		if _, set := c.Labels[name]; !set {
			c.Labels[name] = ""
		}
	}
	return c
}
