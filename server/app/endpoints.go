package app

import (
	"context"
	"fmt"
	"os"

	"previewd/runtime/endpoints/catalog"
	"previewd/runtime/endpoints/worker"
	"previewd/runtime/preview"
)

// WorkerCommand is the command of previewd that is a worker's process.
const WorkerCommand = "read-endpoints"

// startCatalog lists the endpoints of previews as they begin to run.
func (a *App) startCatalog(context.Context) error {
	command := a.Worker
	if len(command) == 0 {
		self, err := os.Executable()
		if err != nil {
			return fmt.Errorf("find this program: %w", err)
		}
		command = []string{self, WorkerCommand}
	}
	a.catalog = catalog.New(catalog.Options{
		Mine:  func(p preview.Preview) bool { return p.Request.Launcher == a.replica.Self() },
		Store: a.store, Reader: worker.NewPool(command...), Apps: a.apps, Version: a.Built.Version, Log: a.component("endpoints"),
	})
	changes, unsubscribe := a.bus.Subscribe("")
	a.stack.Go("endpoints", loopEnd, func(ctx context.Context) {
		defer unsubscribe()
		a.catalog.Watch(ctx, changes)
	})
	return nil
}
