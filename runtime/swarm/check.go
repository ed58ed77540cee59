package swarm

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/docker/docker/api/types/swarm"

	"previewd/runtime/docker"
)

// prepared is the version of the preparation that previewd asks for; scripts/swarm-node writes it.
const prepared = "2"

// NodeCheck is what is wrong with a node.
type NodeCheck struct {
	Node   string
	Faults []string
}

// Check looks at every node that Swarm would place something on: whether its engine can be reached in safety and holds
// instances to their limits, and whether it was prepared for hostile code.
func (b *Backend) Check(ctx context.Context) ([]NodeCheck, error) {
	all, err := b.api.NodeList(ctx, swarm.NodeListOptions{})
	if err != nil {
		return nil, docker.EngineError("list nodes", err)
	}
	var checks []NodeCheck
	for _, found := range all {
		if away(found) || found.Spec.Availability != swarm.NodeAvailabilityActive {
			continue
		}
		checks = append(checks, NodeCheck{Node: nodeName(found), Faults: b.faults(ctx, found)})
	}
	slices.SortFunc(checks, func(x, y NodeCheck) int { return strings.Compare(x.Node, y.Node) })
	return checks, nil
}

func (b *Backend) faults(ctx context.Context, found swarm.Node) []string {
	var faults []string
	if v := found.Spec.Labels[nodePrepared]; v != prepared {
		faults = append(faults, fmt.Sprintf("not prepared (label %s is %q, want %q)", nodePrepared, v, prepared))
	}
	n, err := b.reach(ctx, found)
	if err != nil {
		return append(faults, err.Error())
	}
	if strings.HasPrefix(n.address, "tcp://") && b.o.TLSDir == "" {
		faults = append(faults, "its engine is reached without TLS")
	}
	info, err := n.engine.API().Info(ctx)
	if err != nil {
		return append(faults, "its engine cannot be reached: "+err.Error())
	}
	if info.Swarm.NodeID != found.ID {
		faults = append(faults, "the engine at "+n.address+" is another node's")
	}
	if bridge := found.Spec.Labels[nodeBridge]; bridge != "" {
		if ok, err := fenced(ctx, n.engine, found); err == nil && !ok {
			faults = append(faults, fmt.Sprintf(`its default bridge is not fit for previews: %s, with "icc": false and without IPv6 in its engine's daemon.json`, bridge))
		}
	}
	if !info.MemoryLimit || !info.SwapLimit {
		faults = append(faults, "its kernel does not limit memory and swap")
	}
	if !slices.ContainsFunc(info.SecurityOptions, func(o string) bool { return strings.Contains(o, "name=seccomp") }) {
		faults = append(faults, "its engine has no seccomp profile")
	}
	return faults
}
