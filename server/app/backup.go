package app

import (
	"context"
	"errors"
	"io"

	"previewd/storage"
	"previewd/storage/backup"
)

// Backup writes the database into a file, or into out where the path is "-". A previewd may work on it meanwhile. It returns
// how many bytes that took.
func Backup(ctx context.Context, environ []string, path string, out, passed io.Writer) (size int64, err error) {
	err = using(ctx, environ, beside, func(db toolDatabase) error {
		from := backup.Database{URL: db.url, Programs: db.programs}
		if path == "-" {
			return backup.Dump(ctx, from, io.MultiWriter(out, passed))
		}
		size, err = backup.File(ctx, from, path, passed)
		return err
	})
	return size, err
}

// RestoreOptions name a backup and what becomes of the database.
type RestoreOptions struct {
	Environ []string
	Path    string
	Replace bool // take away what is in the database
	Copy    bool // the original lives on: this is to be another installation
	Passed  io.Writer
}

// Restore brings a backup into the database, which no previewd may work on, and its schema up to date.
func Restore(ctx context.Context, o RestoreOptions) error {
	return using(ctx, o.Environ, toItself, func(db toolDatabase) error {
		store, err := storage.Open(ctx, db.url, storage.Options{})
		if err != nil {
			return err
		}
		err = alone(ctx, store, func() error {
			into := backup.Database{URL: db.url, Programs: db.programs}
			err := backup.Restore(ctx, into, o.Path, backup.RestoreOptions{Replace: o.Replace, Copy: o.Copy, Passed: o.Passed})
			if err != nil {
				return err
			}
			return store.Migrate(ctx)
		})
		return errors.Join(err, store.Close())
	})
}
