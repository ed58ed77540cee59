package app

import (
	"context"
	"net"
	"time"

	"previewd/runtime/upstream"
	"previewd/server/gateway"
	"previewd/server/metrics/proxy"
	"previewd/server/problem"
)

// Bounds of the gateway's connections to one preview.
const (
	doorConns    = 512
	doorPatience = 2 * time.Minute // models that think answer late
)

// makeLinks knows the previews' public addresses.
func (a *App) makeLinks(ctx context.Context) error {
	secret, err := a.store.Secret(ctx)
	if err != nil {
		return err
	}
	a.links = gateway.NewLinks(a.base(), secret)
	return nil
}

func (a *App) base() gateway.Base {
	base := gateway.Base{Scheme: a.Config.BaseScheme, Domain: a.Config.BaseDomain, Port: a.Config.BasePort}
	if addr, ok := a.listener.Addr().(*net.TCPAddr); ok && base.Port == 0 && base.Scheme == "http" {
		base.Port = addr.Port
	}
	return base
}

// openGateway makes what stands before the previews.
func (a *App) openGateway(ctx context.Context) error {
	secret, err := a.store.Secret(ctx)
	if err != nil {
		return err
	}
	near, _ := a.engine.(upstream.Places) // instances on other machines are reached by their ports alone
	a.doors = upstream.New(upstream.Options{
		Host: a.Config.DialHost, Rows: a.store, Nodes: a.onSwarm(), Places: near,
		Lanes: true, MaxConns: doorConns, Patience: doorPatience,
	})
	log := a.component("gateway")
	a.gateway = gateway.New(gateway.Options{
		Base: a.base(), Proxies: a.Config.Proxies(), Secret: secret, Rows: a.store, Uses: a.store, Apps: a.doors,
		Problems: &problem.Renderer{Log: log}, Log: log, Meter: a.counts.proxied.On(proxy.Gateway),
		Traces: a.traces,
	})
	ends, cancelEnds := a.bus.Subscribe("")
	go a.doors.Watch(ends) // until cancelEnds closes ends
	a.stack.Push("connections of the gateway", time.Second, func(context.Context) error {
		cancelEnds()
		a.doors.Close()
		return nil
	})
	changes, cancel := a.bus.Subscribe("")
	a.stack.Go("gateway", loopEnd, func(ctx context.Context) {
		defer cancel()
		a.gateway.Run(ctx, changes)
	})
	return nil
}
