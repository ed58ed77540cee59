package cli

import (
	"context"
	"io"
	"os"
	"time"

	"previewd/server/built"
)

// ServeOptions tell the service how it is run.
type ServeOptions struct {
	Environ []string         // settings, as os.Environ gives them
	Ready   func(api string) // called once when the API answers, with its address such as http://127.0.0.1:8080; may be nil
}

// MigrateOptions name one act on the database's schema.
type MigrateOptions struct {
	Environ  []string
	Action   string // up, down or status
	LoseData bool   // take back also what loses data
	Out      io.Writer
}

// RestoreOptions name a backup and what becomes of the database.
type RestoreOptions struct {
	Environ []string
	Path    string
	Replace bool // take away what is in the database
	Copy    bool // the original lives on: this is to be another installation
	Passed  io.Writer
}

// Deps is what the commands need of the rest of the program. The zero value serves the client commands.
type Deps struct {
	Serve   func(context.Context, ServeOptions) error // runs until ctx ends, then stops everything
	Migrate func(context.Context, MigrateOptions) error
	// Backup writes the database into the file at path, or out where that is "-", and tells passed of it.
	Backup  func(ctx context.Context, environ []string, path string, out, passed io.Writer) (size int64, err error)
	Restore func(context.Context, RestoreOptions) error
	Built   built.Info
	Environ []string  // nil is os.Environ
	Stdout  io.Writer // nil is os.Stdout
	Stderr  io.Writer // nil is os.Stderr

	Poll     time.Duration // between two looks at a preview's status; 0 is 250 ms
	Patience time.Duration // for what must still be done after an interrupt; 0 is 10 s
}

func (d Deps) withDefaults() Deps {
	if d.Environ == nil {
		d.Environ = os.Environ()
	}
	if d.Stdout == nil {
		d.Stdout = os.Stdout
	}
	if d.Stderr == nil {
		d.Stderr = os.Stderr
	}
	if d.Poll == 0 {
		d.Poll = 250 * time.Millisecond
	}
	if d.Patience == 0 {
		d.Patience = 10 * time.Second
	}
	return d
}
