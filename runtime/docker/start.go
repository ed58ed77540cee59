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
	for range repairs {
		repair := b.repairFor(err)
		if repair == nil {
			break
		}
		if err := repair(ctx); err != nil {
			return err
		}
		err = b.api.ContainerStart(ctx, id, container.StartOptions{})
	}
	switch {
	case err == nil:
		return nil
	case PortTaken(err.Error()):
		return fmt.Errorf("start %s: %w: %w", short(id), preview.ErrPortTaken, err)
	}
	return InstanceError("start", id, err)
}

// repairs is how many things a start may find gone, one after the other.
const repairs = 2

// repairFor makes again what was pruned while no instance used it: the networks, or the shim's volume, which the engine
// replaced by an empty one.
func (b *Backend) repairFor(err error) func(context.Context) error {
	switch {
	case err == nil:
		return nil
	case missingNetwork(err):
		return b.EnsureNetworks
	case strings.Contains(err.Error(), shim.Binary):
		b.shim.forget()
		return b.EnsureShim
	}
	return nil
}

// PortTaken knows both ways in which engines 20.10 to 28 say it: their own list of ports, and the kernel's answer
// to the proxy's listen.
func PortTaken(text string) bool {
	return strings.Contains(text, "port is already allocated") || strings.Contains(text, "address already in use")
}

func missingNetwork(err error) bool {
	text := err.Error()
	return strings.Contains(text, "network previewd-") && strings.Contains(text, "not found")
}
