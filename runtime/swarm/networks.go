package swarm

import (
	"context"
	"fmt"

	cerrdefs "github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/network"
	"github.com/docker/docker/api/types/swarm"

	"previewd/runtime/docker"
	"previewd/runtime/preview"
)

// swarmBridge is the node's network that Swarm puts what it starts on. Networks of a swarm that are made from a node's own
// description would be the place for a closed bridge, but engine 20.10 cannot make one again after a restart: the bridge's
// driver remembers it and nobody else does. So every node has the networks that runtime/docker makes, and an instance is moved
// to its own before its gate opens, together with its port. That takes a quarter of a second, as long as the rest of a start;
// a node whose own bridge is as closed spares it, see fenced.
const swarmBridge = "bridge"

// Options of the engine's bridges.
const (
	bridgeName = "com.docker.network.bridge.name"
	bridgeICC  = "com.docker.network.bridge.enable_icc"
)

// fenced reports whether previews may stay on the bridge that Swarm puts them on: the node's labels say that
// scripts/swarm-node fenced the bridge in, and its engine that instances on it do not see one another and have no IPv6,
// for which there are no rules but closed ones.
func fenced(ctx context.Context, on *docker.Backend, found swarm.Node) (bool, error) {
	name := found.Spec.Labels[nodeBridge]
	if name == "" || found.Spec.Labels[nodePrepared] != prepared {
		return false, nil
	}
	bridge, err := on.API().NetworkInspect(ctx, swarmBridge, network.InspectOptions{})
	if cerrdefs.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, docker.EngineError("inspect Swarm's network", err)
	}
	return bridge.Options[bridgeName] == name && bridge.Options[bridgeICC] == "false" && !bridge.EnableIPv6, nil
}

// Bridge is the nodes' interface of a network, the same on each.
func (b *Backend) Bridge(n preview.Network) string { return b.home.Bridge(n) }

// EnsureNetworks creates what is missing of the owner's networks, on the nodes that can be reached. One that cannot gets
// its own when a preview comes to it.
func (b *Backend) EnsureNetworks(ctx context.Context) error {
	if err := b.home.EnsureNetworks(ctx); err != nil {
		return err
	}
	reached, failed, err := b.ready(ctx)
	if err != nil {
		return err
	}
	for _, n := range reached {
		if err := n.engine.EnsureNetworks(ctx); err != nil {
			failed[n.name] = err
		}
	}
	if len(failed) > 0 {
		b.log.WithField("nodes", fmt.Sprint(failed)).Debug("nodes without the previews' network")
	}
	return nil
}

// RemoveNetworks removes the owner's networks from the nodes that can be reached; those with instances on them are an error.
func (b *Backend) RemoveNetworks(ctx context.Context) error {
	return b.onEach(ctx, func(n *node) error { return n.engine.RemoveNetworks(ctx) })
}

// closeIn moves an instance from Swarm's bridge to the network that its spec asks for, unless that bridge is as closed.
func (b *Backend) closeIn(ctx context.Context, to preview.Network, on *docker.Backend, found swarm.Node, containerID string) error {
	if to == preview.NetworkPreviews {
		if stays, err := fenced(ctx, on, found); stays || err != nil {
			return err
		}
	}
	err := on.API().NetworkDisconnect(ctx, swarmBridge, containerID, false)
	if err != nil && !cerrdefs.IsNotFound(err) {
		return docker.InstanceError("take from Swarm's network", containerID, err)
	}
	if to == preview.NetworkNone {
		return nil
	}
	connect := func() error {
		return on.API().NetworkConnect(ctx, on.NetworkName(to), containerID, &network.EndpointSettings{})
	}
	err = connect()
	if cerrdefs.IsNotFound(err) {
		if err := on.EnsureNetworks(ctx); err != nil {
			return err
		}
		err = connect()
	}
	if err != nil && docker.PortTaken(err.Error()) {
		return fmt.Errorf("connect %s: %w: %w", containerID, preview.ErrPortTaken, err)
	}
	return docker.InstanceError("connect", containerID, err)
}
