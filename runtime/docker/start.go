package docker

import (
	"context"
	"fmt"
	"strings"

	"github.com/docker/docker/api/types/container"

	"previewd/runtime/preview"
	"previewd/runtime/shim"
)

// Start runs a created instance. After preview.ErrPortTaken (the host port is held, by an instance or by another
// program) or any other error the instance still exists and can be removed.
func (b *Backend) Start(ctx context.Context, id string) error {
	err := b.api.ContainerStart(ctx, id, container.StartOptions{})
	if err != nil && missingNetwork(err) {
		if err := b.EnsureNetworks(ctx); err != nil {
			return err
		}
		err = b.api.ContainerStart(ctx, id, container.StartOptions{})
	}
	switch {
	case err == nil:
		return nil
	case portTaken(err):
		return fmt.Errorf("start %s: %w: %w", short(id), preview.ErrPortTaken, err)
	case strings.Contains(err.Error(), shim.Binary):
		b.shim.forget() // the volume was pruned while nobody used it: fill it again for the next instance
	}
	return instanceError("start", id, err)
}

// portTaken knows both ways in which engines 20.10 to 28 say it: their own list of ports, and the kernel's answer
// to the proxy's listen.
func portTaken(err error) bool {
	text := err.Error()
	return strings.Contains(text, "port is already allocated") || strings.Contains(text, "address already in use")
}

func missingNetwork(err error) bool {
	text := err.Error()
	return strings.Contains(text, "network previewd-") && strings.Contains(text, "not found")
}
