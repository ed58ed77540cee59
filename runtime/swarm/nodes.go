package swarm

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"

	"github.com/docker/docker/api/types/swarm"

	"previewd/runtime/docker"
	"previewd/runtime/preview"
)

// node is one machine of the swarm as previewd reaches it.
type node struct {
	id, name string
	host     string // where published ports are reached
	engine   *docker.Backend
	address  string // of the engine, "" for the manager's
}

// nodes are the engines that have been reached, by node id.
type nodes struct {
	mu   sync.Mutex
	home string // id of the manager's own, "" before it is known
	byID map[string]*node
}

func (n *nodes) close() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	var failed []error
	for _, known := range n.byID {
		if known.address != "" {
			failed = append(failed, known.engine.Close())
		}
	}
	return errors.Join(failed...)
}

// node asks the manager about a node and returns it with its engine, which may be away.
func (b *Backend) node(ctx context.Context, id string) (*node, swarm.Node, error) {
	found, _, err := b.api.NodeInspectWithRaw(ctx, id)
	if err != nil {
		return nil, swarm.Node{}, docker.EngineError("node "+id, err)
	}
	n, err := b.reach(ctx, found)
	return n, found, err
}

// reach returns a node's engine; the same one as long as its address stays.
func (b *Backend) reach(ctx context.Context, found swarm.Node) (*node, error) {
	home, err := b.ownNode(ctx)
	if err != nil {
		return nil, err
	}
	address := found.Spec.Labels[nodeEngine]
	if found.ID == home {
		address = ""
	}
	b.nodes.mu.Lock()
	defer b.nodes.mu.Unlock()
	known := b.nodes.byID[found.ID]
	if known == nil || known.address != address {
		if known, err = b.connect(found, address, found.ID == home); err != nil {
			return nil, err
		}
		if b.nodes.byID == nil {
			b.nodes.byID = map[string]*node{}
		}
		b.nodes.byID[found.ID] = known // whoever uses an engine at an old address may still do so
	}
	known.host = hostOf(found)
	return known, nil
}

func (b *Backend) connect(found swarm.Node, address string, home bool) (*node, error) {
	n := &node{id: found.ID, name: nodeName(found), address: address, engine: b.home}
	if home {
		return n, nil
	}
	if address == "" {
		return nil, fmt.Errorf("%w: node %s has no label %s with its engine's address; see docs/scaling.md",
			preview.ErrEngineUnavailable, nodeName(found), nodeEngine)
	}
	o := b.o.Engine
	o.Host, o.TLSDir = address, b.o.TLSDir
	engine, err := docker.New(o)
	if err != nil {
		return nil, fmt.Errorf("engine of node %s: %w", nodeName(found), err)
	}
	n.engine = engine
	return n, nil
}

// ownNode is homeID, asked once: a node keeps its id for as long as it is in the swarm.
func (b *Backend) ownNode(ctx context.Context) (string, error) {
	b.nodes.mu.Lock()
	known := b.nodes.home
	b.nodes.mu.Unlock()
	if known != "" {
		return known, nil
	}
	id, err := b.homeID(ctx)
	if err != nil {
		return "", err
	}
	b.nodes.mu.Lock()
	defer b.nodes.mu.Unlock()
	b.nodes.home = id
	return id, nil
}

// ready lists the nodes that Swarm would place something on, reached; what is wrong with the others is told.
func (b *Backend) ready(ctx context.Context) (reached []*node, failed map[string]error, err error) {
	all, err := b.api.NodeList(ctx, swarm.NodeListOptions{})
	if err != nil {
		return nil, nil, docker.EngineError("list nodes", err)
	}
	failed = map[string]error{}
	for _, found := range all {
		if found.Status.State != swarm.NodeStateReady || found.Spec.Availability != swarm.NodeAvailabilityActive {
			continue
		}
		n, err := b.reach(ctx, found)
		if err != nil {
			failed[nodeName(found)] = err
			continue
		}
		reached = append(reached, n)
	}
	return reached, failed, nil
}

func nodeName(n swarm.Node) string {
	if n.Description.Hostname != "" {
		return n.Description.Hostname
	}
	return n.ID
}

// hostOf is where a node's published ports are reached. A manager may know itself by no address at all.
func hostOf(n swarm.Node) string {
	if named := n.Spec.Labels[nodeAddress]; named != "" {
		return named
	}
	if ip := net.ParseIP(n.Status.Addr); ip != nil && !ip.IsUnspecified() {
		return n.Status.Addr
	}
	if n.ManagerStatus != nil {
		if host, _, err := net.SplitHostPort(n.ManagerStatus.Addr); err == nil {
			return host
		}
	}
	return n.Status.Addr
}

// lost tells why what ran on a node is given up, "" when it is not.
func lost(n swarm.Node) string {
	switch {
	case n.Status.State == swarm.NodeStateDown || n.Status.State == swarm.NodeStateDisconnected:
		return fmt.Sprintf("node %s is down", nodeName(n))
	case n.Spec.Availability == swarm.NodeAvailabilityDrain:
		return fmt.Sprintf("node %s was drained", nodeName(n))
	}
	return ""
}

func away(n swarm.Node) bool { return n.Status.State != swarm.NodeStateReady }
