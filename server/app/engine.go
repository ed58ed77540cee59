package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"previewd/runtime/docker"
	"previewd/runtime/firewall"
	"previewd/runtime/images"
	"previewd/runtime/launch"
	"previewd/runtime/preview"
	"previewd/runtime/shim"
)

// Engine runs this installation's instances, on one machine or on many.
type Engine interface {
	launch.Engine
	images.Engine
	places

	Ping(ctx context.Context) error
	Info(ctx context.Context) (preview.EngineInfo, error)
	Close() error
}

// places are what instances stand on.
type places interface {
	Bridge(n preview.Network) string
	EnsureNetworks(ctx context.Context) error
	RemoveNetworks(ctx context.Context) error
	shims
}

type shims interface {
	EnsureShim(ctx context.Context) error
	HasShim(ctx context.Context) (bool, error)
	RemoveOldShims(ctx context.Context) error
	RemoveShims(ctx context.Context) error
}

// connectEngine reaches the container engine and makes this installation's networks, secured.
func (a *App) connectEngine(ctx context.Context) (err error) {
	if a.engine, err = a.newEngine(); err != nil {
		return err
	}
	a.stack.Push("engine connections", time.Second, func(context.Context) error { return a.engine.Close() })
	if err := a.engine.Ping(ctx); err != nil {
		return fmt.Errorf("%w\nStart the Docker engine, or run scripts/setup, which installs and starts it", err)
	}
	if err := a.checkNodes(ctx); err != nil {
		return err
	}
	a.firewall = a.newFirewall()
	a.stack.Push("networks", 10*time.Second, a.removeNetworks)
	if err := a.secureNetworks(ctx); err != nil {
		return err
	}
	if err := a.engine.RemoveOldShims(ctx); err != nil {
		a.component("docker").WithError(err).Warn("cannot remove an earlier version's shim")
	}
	return a.engine.EnsureShim(ctx)
}

func (a *App) newEngine() (Engine, error) {
	if a.Engine != nil {
		return a.Engine, nil
	}
	bundle, err := a.caBundle()
	if err != nil {
		return nil, err
	}
	digest, err := shim.Digest()
	if err != nil {
		return nil, err
	}
	o := docker.Options{
		Owner: a.owner, Log: a.Log, BindAddr: a.Config.BindAddr, Egress: a.Config.Egress, DockerRuntime: a.Config.DockerRuntime,
		ShimFiles: shimFiles, ShimDigest: digest, CABundle: bundle, Metrics: a.counts.engine, Traces: a.traces,
	}
	if a.onSwarm() {
		return a.newSwarm(o)
	}
	return docker.New(o)
}

func shimFiles() (io.Reader, error) {
	files, err := shim.Files()
	return bytes.NewReader(files), err
}

func (a *App) caBundle() ([]byte, error) {
	if a.Config.CABundle == "" {
		return nil, nil
	}
	bundle, err := os.ReadFile(a.Config.CABundle)
	if err != nil {
		return nil, fmt.Errorf("read the CA bundle: %w", err)
	}
	return bundle, nil
}

func (a *App) newFirewall() *firewall.Firewall {
	return firewall.New(firewall.Options{Log: a.component("firewall"), Bridges: []firewall.Bridge{
		{Interface: a.engine.Bridge(preview.NetworkPreviews), Egress: firewall.Egress(a.Config.Egress)},
		{Interface: a.engine.Bridge(preview.NetworkInstall), Egress: firewall.Internet},
	}})
}

// keepSecure puts the rules in force again that another program, such as the host's firewall, took away. That the engine
// is away is told elsewhere.
func (a *App) keepSecure(ctx context.Context) error {
	err := a.secureNetworks(ctx)
	if errors.Is(err, preview.ErrEngineUnavailable) {
		return nil
	}
	return err
}

// secureNetworks makes the networks and puts their rules in force. Rules that cannot be set are told when that is found
// and by /readyz, not pretended. On a swarm each node has its own, of which checkNodes tells.
func (a *App) secureNetworks(ctx context.Context) error {
	before := a.firewall.Status()
	if err := a.engine.EnsureNetworks(ctx); err != nil {
		return err
	}
	err := a.firewall.Ensure(ctx)
	var open *firewall.NotEnforcedError
	if errors.As(err, &open) {
		if open.Reason == before.Reason || a.onSwarm() {
			return nil
		}
		a.component("firewall").WithField("err", open.Reason).Warn("previews are NOT kept from private networks and this host's services")
		return nil
	}
	return err
}

// removeNetworks leaves nothing behind, unless another previewd needs it or instances were left running on purpose.
func (a *App) removeNetworks(ctx context.Context) error {
	if !a.replica.Leave(ctx) {
		return nil
	}
	left, err := a.engine.List(ctx)
	if err != nil || len(left) > 0 {
		return err
	}
	return errors.Join(a.firewall.Remove(ctx), a.engine.RemoveNetworks(ctx), a.engine.RemoveShims(ctx))
}
