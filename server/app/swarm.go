package app

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"previewd/runtime/docker"
	"previewd/runtime/swarm"
	"previewd/server/api"
)

func (a *App) onSwarm() bool { return a.Config.Backend == "swarm" }

func (a *App) newSwarm(o docker.Options) (Engine, error) {
	user, password := a.Config.RegistryLogin()
	nodes, err := swarm.New(swarm.Options{
		Engine: o, TLSDir: a.Config.SwarmTLSDir, Constraints: a.Config.Constraints(), Spread: a.Config.Spread(),
		Reserve: a.Config.SwarmReserve, Registry: swarm.Registry{Name: a.Config.ImageRegistry, User: user, Password: password},
	})
	if err != nil {
		return nil, err
	}
	a.nodes = nodes
	return nodes, nil
}

// checkNodes refuses to start on nodes where previews would not be isolated, unless that is wanted.
func (a *App) checkNodes(ctx context.Context) error {
	if !a.onSwarm() {
		return nil
	}
	faults, err := a.nodeFaults(ctx)
	if err != nil || len(faults) == 0 {
		return err
	}
	if a.Config.SwarmUnprepared {
		a.component("swarm").WithField("nodes", strings.Join(faults, "; ")).Warn("previews run on nodes that were NOT prepared for hostile code")
		return nil
	}
	return fmt.Errorf("nodes are not prepared: %s\nPrepare them with scripts/swarm-node, see docs/scaling.md, or set PREVIEW_SWARM_UNPREPARED=1", strings.Join(faults, "; "))
}

func (a *App) nodeFaults(ctx context.Context) ([]string, error) { return faultsOf(a.nodes.Check(ctx)) }

func faultsOf(checks []swarm.NodeCheck, err error) ([]string, error) {
	if err != nil {
		return nil, err
	}
	var faults []string
	for _, c := range checks {
		if len(c.Faults) > 0 {
			faults = append(faults, c.Node+": "+strings.Join(c.Faults, ", "))
		}
	}
	return faults, nil
}

// nodesCheck is what /readyz tells of the nodes, and of the registry by which they get images.
func (a *App) nodesCheck() []api.Check {
	if !a.onSwarm() {
		return nil
	}
	checks := []api.Check{{
		Name: "nodes", Optional: true,
		Hint: "Prepare the nodes with scripts/swarm-node and start their engines, see docs/scaling.md; previews go to the others meanwhile.",
		Run: func(ctx context.Context) (string, error) {
			return told("all prepared and reached", errNodes)(a.nodeFaults(ctx))
		},
	}}
	if a.Config.ImageRegistry != "" {
		checks = append(checks, api.Check{
			Name: "registry", Optional: true,
			Hint: "See to the registry, as docs/scaling.md says; nodes that have a preview's image take it meanwhile.",
			Run: func(ctx context.Context) (string, error) {
				return told("every node is let in", errRegistry)(faultsOf(a.nodes.CheckRegistry(ctx)))
			},
		})
	}
	return checks
}

var (
	errNodes    = errors.New("nodes are not as they should be")
	errRegistry = errors.New("nodes cannot use the registry")
)

// told is a check's outcome: what to say of no faults, and what to call some.
func told(good string, bad error) func([]string, error) (string, error) {
	return func(faults []string, err error) (string, error) {
		switch {
		case err != nil:
			return "cannot be listed", err
		case len(faults) > 0:
			return strings.Join(faults, "; "), bad
		}
		return good, nil
	}
}
