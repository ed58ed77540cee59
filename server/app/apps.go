package app

import (
	"context"
	"time"

	"previewd/runtime/upstream"
)

// connectApps makes the pool of connections to running previews.
func (a *App) connectApps(context.Context) error {
	a.apps = upstream.New(upstream.Options{Host: a.Config.DialHost, Rows: a.store, Nodes: a.onSwarm()})
	changes, cancel := a.bus.Subscribe("")
	go a.apps.Watch(changes) // until cancel closes changes
	a.stack.Push("connections to previews", time.Second, func(context.Context) error {
		cancel()
		a.apps.Close()
		return nil
	})
	return nil
}
