package app

import (
	"context"
	"path/filepath"

	"previewd/runtime/images"
)

// prepareImages makes the store of runtime images and cached dependencies; images are built on first need.
func (a *App) prepareImages(context.Context) error {
	bundle, err := a.caBundle()
	if err != nil {
		return err
	}
	scope := a.CacheScope
	if scope == "" {
		scope = a.owner
	}
	a.images = images.New(images.Options{
		Engine: a.engine, Log: a.component("images"), CABundle: bundle, Scope: scope, Concurrency: a.Config.LaunchConcurrency,
		Budget:    int64(a.Config.DepsCacheGB * (1 << 30)),
		StateFile: filepath.Join(a.Config.DataDir, "images.json"), BuildLimits: a.installLimits(),
		Metrics: a.counts.images,
	})
	return nil
}
