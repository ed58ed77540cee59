package app_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"testing"

	"previewd/runtime/docker/dockertest"
	"previewd/runtime/endpoints/worker"
	"previewd/server/app"
	"previewd/server/built"
	"previewd/server/cli"
	"previewd/storage/storagetest"
)

// servesEnv turns the test binary into a previewd, so that a test can kill a real process; commandEnv into its command line.
const (
	servesEnv  = "PREVIEWD_TEST_SERVES"
	commandEnv = "PREVIEWD_TEST_COMMAND"
)

func TestMain(m *testing.M) {
	switch {
	case len(os.Args) == 3 && os.Args[1] == app.WorkerCommand:
		work()
		return
	case os.Getenv(commandEnv) != "":
		os.Exit(command())
	case os.Getenv(servesEnv) == "":
		dockertest.Sweep()
		storagetest.Main(m)
		return
	}
	if err := serveUntilTold(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// work is a worker's process as the command line runs it.
func work() {
	if err := worker.Main(context.Background(), os.Args[2], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// command is the command line as main has it, without the service.
func command() int {
	return cli.Run(context.Background(), cli.Deps{
		Built: built.From("test", ""), Backup: app.Backup,
		Migrate: func(ctx context.Context, o cli.MigrateOptions) error { return app.Migrate(ctx, app.MigrateOptions(o)) },
		Restore: func(ctx context.Context, o cli.RestoreOptions) error { return app.Restore(ctx, app.RestoreOptions(o)) },
	}, os.Args[1:])
}

// serveUntilTold is previewd as main runs it. It prints the API's address when it is ready, and ends at SIGTERM or
// when the test process ends, which closes stdin.
func serveUntilTold() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	ctx, orphaned := context.WithCancel(ctx)
	defer orphaned()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		orphaned()
	}()
	return app.Serve(ctx, os.Environ(), built.From("test", ""), func(api string) { fmt.Println(api) })
}
