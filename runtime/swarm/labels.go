package swarm

import (
	"maps"

	"github.com/docker/docker/api/types/filters"

	"previewd/runtime/docker"
)

// Labels that Swarm puts on its tasks' containers.
const (
	labelService = "com.docker.swarm.service.id"
	labelTask    = "com.docker.swarm.task.id"
)

// Labels of nodes.
const (
	nodeEngine   = "previewd.engine"   // address of the node's engine
	nodeAddress  = "previewd.address"  // where its published ports are reached, where that is not its address in the swarm
	nodeBridge   = "previewd.bridge"   // its engine's default bridge, where scripts/swarm-node fenced that in
	nodePrepared = "previewd.prepared" // version of the preparation that scripts/swarm-node made
)

// labelImage keeps the name of a service's image, which the service itself knows by its id.
const labelImage = "previewd.image"

func (b *Backend) own(labels map[string]string) bool {
	return labels[docker.LabelOwner] == b.o.Engine.Owner
}

func (b *Backend) ownFilter() filters.Args {
	return filters.NewArgs(filters.Arg("label", docker.LabelOwner+"="+b.o.Engine.Owner))
}

func with(labels map[string]string, name, value string) map[string]string {
	all := maps.Clone(labels)
	all[name] = value
	return all
}
