package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"time"

	"previewd/server/routes"
)

const besideEnd = time.Second

// serveBeside serves what is not for users at an address of its own.
func (a *App) serveBeside(ctx context.Context, name, addr string, h http.Handler) (net.Addr, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", addr, err)
	}
	server, said := routes.NewServer(context.WithoutCancel(ctx), h, a.component(name))
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			a.fail(fmt.Errorf("serve %s: %w", name, err))
		}
	}()
	a.stack.Push(name, besideEnd, func(context.Context) error {
		defer func() { _ = said.Close() }()
		return server.Close()
	})
	a.component(name).WithField("addr", listener.Addr().String()).Info("serving " + name)
	return listener.Addr(), nil
}

// serveDebug shows what the process is busy with, at an address of its own and only where one is configured: profiles
// tell of everybody's secrets, and taking one costs.
func (a *App) serveDebug(ctx context.Context) (err error) {
	if a.Config.DebugAddr == "" {
		return nil
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	a.debugAddr, err = a.serveBeside(ctx, "debug", a.Config.DebugAddr, mux)
	return err
}

// MetricsAddr is where metrics are served apart from the API, nil where they are not.
func (a *App) MetricsAddr() net.Addr { return a.metricsAddr }

// DebugAddr is where profiles are served, nil where they are not.
func (a *App) DebugAddr() net.Addr { return a.debugAddr }
