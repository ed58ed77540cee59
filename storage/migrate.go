package storage

import (
	"context"
	"errors"
	"fmt"
	"path"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"previewd/storage/migrations"
)

// Migration is one step of the schema's history.
type Migration struct {
	Version   int64
	Name      string
	AppliedAt *time.Time // nil while pending
	Unknown   bool       // a later version of the program made it, so there is no name
	Loses     string     // what is gone for good when it is taken back, if anything
}

// ErrNothingToRollBack says that no migration is applied.
var ErrNothingToRollBack = errors.New("no migration to roll back")

// Migrate applies all pending migrations, one process at a time (advisory lock; others wait a minute at most).
// A schema that a later version of the program made is left alone: ErrSchemaNewer.
func (s *Store) Migrate(ctx context.Context) error {
	provider, err := s.migrator()
	if err != nil {
		return err
	}
	if err := checkKnown(ctx, provider); err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return checkKnown(ctx, provider) // a later version may have had the lock first
}

// MigrateDown takes the newest applied migration back, with the data it held. Without one: ErrNothingToRollBack.
func (s *Store) MigrateDown(ctx context.Context) error {
	provider, err := s.migrator()
	if err != nil {
		return err
	}
	if err := checkKnown(ctx, provider); err != nil {
		return err
	}
	if _, err := provider.Down(ctx); err != nil {
		if errors.Is(err, goose.ErrNoNextVersion) {
			return ErrNothingToRollBack
		}
		return fmt.Errorf("migrate down: %w", err)
	}
	return nil
}

// MigrationStatus lists every migration that the program knows or the database has, oldest first.
func (s *Store) MigrationStatus(ctx context.Context) ([]Migration, error) {
	provider, err := s.migrator()
	if err != nil {
		return nil, err
	}
	found, err := provider.Status(ctx)
	if err != nil {
		return nil, fmt.Errorf("migration status: %w", err)
	}
	list := make([]Migration, 0, len(found))
	for _, m := range found {
		one := Migration{Version: m.Source.Version, Name: path.Base(m.Source.Path), Loses: migrations.Loses(m.Source.Version)}
		if m.State == goose.StateApplied {
			one.AppliedAt = &m.AppliedAt
		}
		list = append(list, one)
	}
	later, err := s.laterMigrations(ctx)
	return append(list, later...), err
}

func (s *Store) laterMigrations(ctx context.Context) ([]Migration, error) {
	var found []struct {
		Version int64     `db:"version_id"`
		At      time.Time `db:"tstamp"`
	}
	err := s.db.SelectContext(ctx, &found, `
		select   version_id, tstamp
		from     goose_db_version
		where    version_id > $1 and is_applied
		order by version_id`, migrations.Newest())
	if err != nil {
		return nil, fmt.Errorf("later migrations: %w", err)
	}
	var list []Migration
	for _, m := range found {
		list = append(list, Migration{Version: m.Version, AppliedAt: &m.At, Unknown: true})
	}
	return list, nil
}

// migrator is made anew for each use: it holds nothing, and must not close the pool.
func (s *Store) migrator() (*goose.Provider, error) {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60))
	if err != nil {
		return nil, fmt.Errorf("migration lock: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, s.db.DB, migrations.FS,
		goose.WithSessionLocker(locker), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	return provider, nil
}

func checkKnown(ctx context.Context, provider *goose.Provider) error {
	current, newest, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("schema version: %w", err)
	}
	if current > newest {
		return fmt.Errorf("%w: it has version %d, this program knows up to %d; run the release that migrated it, or, to go on with this one, "+
			"first run that release's `previewd migrate down` until its `previewd migrate status` shows %05d as the last one applied",
			ErrSchemaNewer, current, newest, newest)
	}
	return nil
}
