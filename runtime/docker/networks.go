package docker

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	cerrdefs "github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/network"

	"previewd/runtime/preview"
)

// How long, and how often, EnsureNetworks looks for a network that somebody else is creating.
const (
	networkTries = 50
	networkRetry = 100 * time.Millisecond
)

// Bridge is the host's interface of a network, at most 15 characters long, and "" for networks without one. It
// follows from the owner alone.
func (b *Backend) Bridge(n preview.Network) string {
	switch n {
	case preview.NetworkPreviews:
		return "pvp" + b.ownerHash()
	case preview.NetworkInstall:
		return "pvi" + b.ownerHash()
	}
	return ""
}

// EnsureNetworks creates the owner's networks where they are missing.
func (b *Backend) EnsureNetworks(ctx context.Context) error {
	for _, n := range []preview.Network{preview.NetworkPreviews, preview.NetworkInstall} {
		if err := b.ensureNetwork(ctx, n); err != nil {
			return err
		}
		b.hastenNeighbours(b.Bridge(n))
	}
	return nil
}

func (b *Backend) ensureNetwork(ctx context.Context, n preview.Network) error {
	name := b.NetworkName(n)
	if ok, err := b.haveNetwork(ctx, name); ok || err != nil {
		return err
	}
	off := false
	_, err := b.api.NetworkCreate(ctx, name, network.CreateOptions{
		Driver:     "bridge",
		EnableIPv6: &off,
		Labels:     b.ownLabels(nil),
		Options: map[string]string{
			"com.docker.network.bridge.name":       b.Bridge(n),
			"com.docker.network.bridge.enable_icc": "false", // instances don't see one another
		},
	})
	if err == nil {
		return nil
	}
	if b.networkAppears(ctx, name, err) {
		return nil
	}
	return EngineError("create network "+name, err)
}

// networkAppears waits for the network after a conflict: somebody of this owner is creating it, and the engine
// refuses its name and bridge before it shows it.
func (b *Backend) networkAppears(ctx context.Context, name string, conflict error) bool {
	text := conflict.Error()
	if !strings.Contains(text, "already exists") && !strings.Contains(text, "same bridge name") {
		return false
	}
	for range networkTries {
		if ok, err := b.haveNetwork(ctx, name); ok || err != nil {
			return ok
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(networkRetry):
		}
	}
	return false
}

func (b *Backend) haveNetwork(ctx context.Context, name string) (bool, error) {
	n, err := b.api.NetworkInspect(ctx, name, network.InspectOptions{})
	switch {
	case cerrdefs.IsNotFound(err):
		return false, nil
	case err != nil:
		return false, EngineError("network "+name, err)
	case !b.own(n.Labels):
		return false, fmt.Errorf("network %s exists and is not ours", name)
	}
	return true, nil
}

// RemoveNetworks removes the owner's networks; those with instances on them are an error.
func (b *Backend) RemoveNetworks(ctx context.Context) error {
	found, err := b.api.NetworkList(ctx, network.ListOptions{Filters: b.ownFilter()})
	if err != nil {
		return EngineError("list networks", err)
	}
	var failed []error
	for _, n := range found {
		if err := b.api.NetworkRemove(ctx, n.ID); err != nil && !cerrdefs.IsNotFound(err) {
			failed = append(failed, EngineError("remove network "+n.Name, err))
		}
	}
	return errors.Join(failed...)
}
