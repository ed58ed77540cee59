package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/sirupsen/logrus"

	"previewd/server/replica"
	"previewd/storage"
)

// othersEnd is how long a start that has to change the schema waits for previewds of the release before to end.
const othersEnd = 30 * time.Second

var errOthersWork = errors.New("another previewd works on this database: stop all of them first")

// bringUp brings the schema up to date. A release is made for one schema, so that nothing is changed under a previewd that
// works on the older one: it is waited for, and then told as an error.
func bringUp(ctx context.Context, store *storage.Store, log *logrus.Entry, wait time.Duration) error {
	limit := time.NewTimer(wait)
	defer limit.Stop()
	again := time.NewTicker(200 * time.Millisecond)
	defer again.Stop()
	for told := false; ; told = true {
		err := upAlone(ctx, store)
		if !errors.Is(err, errOthersWork) {
			return err
		}
		if !told && wait > 0 {
			log.Warn("the database's schema has to be changed; waiting until the previewd that works on the older one has ended")
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-limit.C:
			return fmt.Errorf("the schema is older than this program and has to be changed: %w", err)
		case <-again.C:
		}
	}
}

// upAlone applies what is pending where no other previewd works.
func upAlone(ctx context.Context, store *storage.Store) error {
	list, err := store.MigrationStatus(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(list, func(m storage.Migration) bool { return m.AppliedAt == nil }) {
		return store.Migrate(ctx) // which tells of a schema that is too new
	}
	return alone(ctx, store, func() error { return store.Migrate(ctx) })
}

// alone works while no previewd is on the database and none can join.
func alone(ctx context.Context, store *storage.Store, work func() error) error {
	release, ok, err := replica.Alone(ctx, store)
	if err != nil {
		return err
	}
	defer release()
	if !ok {
		return errOthersWork
	}
	return work()
}

// MigrateOptions name one act on the schema.
type MigrateOptions struct {
	Environ  []string
	Action   string // up, down or status
	LoseData bool   // take back also what loses data
	Out      io.Writer
}

// Migrate changes or shows the schema of the configured database, or of the private one, which is started for it.
func Migrate(ctx context.Context, o MigrateOptions) error {
	return using(ctx, o.Environ, o.Action != "status", func(db toolDatabase) error {
		store, err := storage.Open(ctx, db.url, storage.Options{})
		if err != nil {
			return err
		}
		return errors.Join(migrate(ctx, store, o), store.Close())
	})
}

func migrate(ctx context.Context, store *storage.Store, o MigrateOptions) error {
	var err error
	switch o.Action {
	case "up":
		err = upAlone(ctx, store)
	case "down":
		err = alone(ctx, store, func() error { return takeBack(ctx, store, o.LoseData) })
	case "status":
	default:
		err = fmt.Errorf("unknown action %q: want up, down or status", o.Action)
	}
	if err != nil {
		return err
	}
	return printMigrations(ctx, store, o.Out)
}

// takeBack takes the newest migration back. Where that loses something, somebody has to have said that it may.
func takeBack(ctx context.Context, store *storage.Store, loseData bool) error {
	list, err := store.MigrationStatus(ctx)
	if err != nil {
		return err
	}
	for _, m := range slices.Backward(list) {
		if m.AppliedAt == nil {
			continue
		}
		if m.Loses != "" && !loseData {
			return &LosesDataError{m}
		}
		break
	}
	return store.MigrateDown(ctx)
}

// LosesDataError says what a step back would lose.
type LosesDataError struct{ Migration storage.Migration }

func (e *LosesDataError) Error() string {
	return fmt.Sprintf("taking back %s loses %s", e.Migration.Name, e.Migration.Loses)
}

// LosesData marks the error for the command line.
func (*LosesDataError) LosesData() {}

func printMigrations(ctx context.Context, store *storage.Store, out io.Writer) error {
	migrations, err := store.MigrationStatus(ctx)
	if err != nil {
		return err
	}
	for _, m := range migrations {
		if m.Unknown {
			m.Name = "(of a later release)"
		}
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
