package app

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"previewd/server/built"
	"previewd/server/config"
	"previewd/storage"
	"previewd/storage/embedded"
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
		log.Warn(w)
	}
	a := New(Options{Config: cfg, Built: b, Log: log})
	return a.run(ctx, func() {
		if ready != nil {
			ready("http://" + a.Addr().String())
		}
	})
}

// Migrate changes or shows the schema of the configured database, or of the private one, which is started for it.
func Migrate(ctx context.Context, environ []string, action string, out io.Writer) error {
	cfg, _, err := config.LoadTool(environ)
	if err != nil {
		return err
	}
	url := string(cfg.DatabaseURL)
	if url == "" {
		server, err := embedded.Start(ctx, embedded.Options{Dir: filepath.Join(cfg.DataDir, "postgres"), Log: NewLog(cfg, os.Stderr)})
		if err != nil {
			return err
		}
		defer func() { _ = server.Stop(context.WithoutCancel(ctx)) }()
		url = server.URL()
	}
	store, err := storage.Open(ctx, url, storage.Options{})
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	if err := migrate(ctx, store, action); err != nil {
		return err
	}
	return printMigrations(ctx, store, out)
}

func migrate(ctx context.Context, store *storage.Store, action string) error {
	switch action {
	case "up":
		return store.Migrate(ctx)
	case "down":
		return store.MigrateDown(ctx)
	case "status":
		return nil
	}
	return fmt.Errorf("unknown action %q: want up, down or status", action)
}

func printMigrations(ctx context.Context, store *storage.Store, out io.Writer) error {
	migrations, err := store.MigrationStatus(ctx)
	if err != nil {
		return err
	}
	for _, m := range migrations {
		state := "pending"
		if m.AppliedAt != nil {
			state = "applied " + m.AppliedAt.UTC().Format("2006-01-02 15:04:05Z")
		}
		if _, err := fmt.Fprintf(out, "%05d  %-30s  %s\n", m.Version, m.Name, state); err != nil {
			return err
		}
	}
	return nil
}
