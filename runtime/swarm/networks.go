package swarm

import (
	"context"
	"errors"
	"fmt"
	"strings"

	cerrdefs "github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/network"

	"previewd/runtime/docker"
	"previewd/runtime/preview"
)

// Swarm has no icc=false of its own. So every node has a description of the previews' bridge, which makes nothing, and the
// swarm a network that is made by it on each node that a preview comes to.
func (b *Backend) networkName() string { return "previewd-" + b.o.Engine.Owner + "-swarm" }

func (b *Backend) configName() string { return b.networkName() + "-config" }

// Bridge is the nodes' interface of a network.
func (b *Backend) Bridge(n preview.Network) string {
	if n == preview.NetworkPreviews {
		return "pvs" + strings.TrimPrefix(b.home.Bridge(n), "pvp")
	}
	return b.home.Bridge(n)
}

// EnsureNetworks creates what is missing of the owner's networks, on the nodes that can be reached. One that cannot gets
// its part when a preview comes to it.
func (b *Backend) EnsureNetworks(ctx context.Context) error {
	if err := b.home.EnsureNetworks(ctx); err != nil { // installs'
		return err
	}
	reached, failed, err := b.ready(ctx)
	if err != nil {
		return err
	}
	for _, n := range reached {
		if err := b.ensureConfig(ctx, n); err != nil {
			failed[n.name] = err
		}
	}
	if len(failed) > 0 {
		b.log.WithField("nodes", fmt.Sprint(failed)).Debug("nodes without the previews' network")
	}
	return b.ensureSwarmNetwork(ctx)
}

func (b *Backend) ensureConfig(ctx context.Context, n *node) error {
	off := false
	return b.ensureNetwork(ctx, n.engine, b.configName(), network.CreateOptions{
		ConfigOnly: true, EnableIPv6: &off, Labels: map[string]string{docker.LabelOwner: b.o.Engine.Owner},
		Options: map[string]string{
			"com.docker.network.bridge.name":       b.Bridge(preview.NetworkPreviews),
			"com.docker.network.bridge.enable_icc": "false",
		},
	})
}

// ensureSwarmNetwork: one that is made from a description takes no label, so it is known by its name.
func (b *Backend) ensureSwarmNetwork(ctx context.Context) error {
	return b.ensureNetwork(ctx, b.home, b.networkName(), network.CreateOptions{
		Driver: "bridge", Scope: "swarm", ConfigFrom: &network.ConfigReference{Network: b.configName()},
	})
}

func (b *Backend) ensureNetwork(ctx context.Context, on *docker.Backend, name string, o network.CreateOptions) error {
	_, err := on.API().NetworkInspect(ctx, name, network.InspectOptions{})
	if err == nil {
		return nil
	}
	if !cerrdefs.IsNotFound(err) {
		return docker.EngineError("network "+name, err)
	}
	_, err = on.API().NetworkCreate(ctx, name, o)
	if err != nil && strings.Contains(err.Error(), "already exists") {
		return nil // another previewd of this owner was faster
	}
	return docker.EngineError("create network "+name, err)
}

// RemoveNetworks removes the owner's networks; those with instances on them are an error.
func (b *Backend) RemoveNetworks(ctx context.Context) error {
	err := b.api.NetworkRemove(ctx, b.networkName())
	if err != nil && !cerrdefs.IsNotFound(err) {
		return docker.EngineError("remove network "+b.networkName(), err)
	}
	reached, _, err := b.ready(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, n := range reached {
		failed = append(failed, n.engine.RemoveNetworks(ctx))
	}
	return errors.Join(append(failed, b.home.RemoveNetworks(ctx))...)
}
