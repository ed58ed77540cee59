package swarm

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/docker/docker/client"
	"github.com/sirupsen/logrus"

	"previewd/runtime/docker"
)

// Options configure a Backend.
type Options struct {
	Engine docker.Options // of every node's engine; Host and TLSDir are the manager's

	TLSDir      string   // for engines at tcp:// addresses: folder of ca.pem, cert.pem and key.pem
	Constraints []string // such as node.labels.zone==eu: where previews may run
	Spread      []string // node labels, such as node.labels.rack, over whose values previews are spread evenly
	Reserve     int      // percent of a preview's memory limit that Swarm sets aside for it
	Registry    Registry // by which nodes get images; without a name they are sent from the manager
}

// Backend runs previews on a swarm. It is safe for concurrent use.
type Backend struct {
	o    Options
	home *docker.Backend // the manager's engine
	api  *client.Client  // of the manager
	log  *logrus.Entry

	nodes    nodes
	places   sync.Map // service id → place
	supplies sync.Map // service id → *supply
	ends     sync.Map // service id → true: its latest run was seen to have ended
	starting sync.Map // service id → chan struct{}: its node told that it started, of those that are waited for
	sending  turns    // of images to nodes
}

// New returns a backend; it does not talk to the swarm yet.
func New(o Options) (*Backend, error) {
	o.Engine.InstanceLabel = labelService
	home, err := docker.New(o.Engine)
	if err != nil {
		return nil, err
	}
	b := &Backend{o: o, home: home, api: home.API(), log: home.Log().WithField("component", "swarm")}
	return b, nil
}

// Close drops the connections to the engines. Instances go on.
func (b *Backend) Close() error { return errors.Join(b.nodes.close(), b.home.Close()) }

// Ping reaches the manager, which has to be one.
func (b *Backend) Ping(ctx context.Context) error {
	if err := b.home.Ping(ctx); err != nil {
		return err
	}
	_, err := b.homeID(ctx)
	return err
}

// homeID is the id of the manager's own node.
func (b *Backend) homeID(ctx context.Context) (string, error) {
	info, err := b.api.Info(ctx)
	if err != nil {
		return "", docker.EngineError("swarm", err)
	}
	if !info.Swarm.ControlAvailable {
		return "", fmt.Errorf("the engine is no manager of a swarm (its state is %q): docker swarm init, or set DOCKER_HOST to a manager", info.Swarm.LocalNodeState)
	}
	return info.Swarm.NodeID, nil
}
