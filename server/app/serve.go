package app

import (
	"context"
	"os"

	"previewd/server/built"
	"previewd/server/config"
)

// Serve reads the settings from the environment and runs the service until ctx ends. ready is called once, with the
// API's address, when it answers.
func Serve(ctx context.Context, environ []string, b built.Info, ready func(api string)) error {
	saveMemory()
	cfg, warnings, err := config.Load(environ)
	if err != nil {
		return err
	}
	log := NewLog(cfg, os.Stderr)
	for _, w := range warnings {
		log.WithField("component", "config").Warn(w)
	}
	a := New(Options{Config: cfg, Built: b, Log: log})
	return a.run(ctx, func() {
		if ready != nil {
			ready("http://" + a.Addr().String())
		}
	})
}
