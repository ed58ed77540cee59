package main

import (
	"context"
	"errors"
	"os"

	"previewd/storage/embedded"
)

// startDatabase returns the address of a PostgreSQL of the benchmark's own. stop ends it and removes its folder.
func startDatabase(ctx context.Context) (url string, stop func() error, err error) {
	dir, err := os.MkdirTemp("", "previewd-bench-database-")
	if err != nil {
		return "", nil, err
	}
	database, err := embedded.Start(ctx, embedded.Options{Dir: dir})
	if err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(dir))
	}
	return database.URL(), func() error {
		return errors.Join(database.Stop(context.WithoutCancel(ctx)), os.RemoveAll(dir))
	}, nil
}
