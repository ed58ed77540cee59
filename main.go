// Command previewd runs every generated web project in a container of its own and gives back a live preview.
package main

import (
	"context"
	"os"

	"previewd/server/app"
	"previewd/server/built"
	"previewd/server/cli"
)

// Set by the build: what this is, and the commit it was made from.
var (
	version  = "devel"
	revision string
)

func main() {
	ctx, stop := interruptible(func() { os.Exit(cli.ExitInterrupted) })
	code := cli.Run(ctx, cli.Deps{Built: built.From(version, revision), Serve: serve, Migrate: migrate, Backup: app.Backup, Restore: restore}, os.Args[1:])
	stop()
	os.Exit(code)
}

func serve(ctx context.Context, o cli.ServeOptions) error {
	return app.Serve(ctx, o.Environ, built.From(version, revision), o.Ready)
}

func migrate(ctx context.Context, o cli.MigrateOptions) error {
	return app.Migrate(ctx, app.MigrateOptions(o))
}

func restore(ctx context.Context, o cli.RestoreOptions) error {
	return app.Restore(ctx, app.RestoreOptions(o))
}
