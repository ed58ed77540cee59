package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"previewd/server/config"
	"previewd/storage/embedded"
)

// toolDatabase is the database for a command beside the service: the configured one or the private one.
type toolDatabase struct {
	url      string
	programs string // of PostgreSQL, in the private server's version; "" is any
	close    func(context.Context) error
}

// A command either needs the database to itself or works beside a previewd that runs. A private server that is started for it
// keeps previewds off; a configured one is guarded by locks, see alone.
const (
	toItself = true
	beside   = false
)

func openTool(ctx context.Context, environ []string, sole bool) (toolDatabase, error) {
	cfg, _, err := config.LoadTool(environ)
	if err != nil {
		return toolDatabase{}, err
	}
	if cfg.DatabaseURL != "" {
		return toolDatabase{url: string(cfg.DatabaseURL), close: func(context.Context) error { return nil }}, nil
	}
	place := embedded.Options{Dir: filepath.Join(cfg.DataDir, "postgres"), Log: NewLog(cfg, os.Stderr)}
	if !sole {
		used, err := embedded.Use(ctx, place)
		return toolDatabase{used.URL, used.Programs, used.Close}, err
	}
	server, err := embedded.Start(ctx, place)
	if err != nil {
		return toolDatabase{}, err
	}
	return toolDatabase{server.URL(), server.Programs(), server.Stop}, nil
}

// using opens the database for work and closes it afterwards.
func using(ctx context.Context, environ []string, sole bool, work func(toolDatabase) error) error {
	db, err := openTool(ctx, environ, sole)
	if err != nil {
		return err
	}
	return errors.Join(work(db), db.close(context.WithoutCancel(ctx)))
}
