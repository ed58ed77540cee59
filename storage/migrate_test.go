package storage_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"

	"previewd/storage"
	"previewd/storage/storagetest"
)

// schema describes every table, column, index and constraint, to compare two schemas.
func schema(t *testing.T, db *sqlx.DB) []string {
	t.Helper()
	var all []string
	check(t, db.Select(&all, `
		select table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '')
		from   information_schema.columns
		where  table_schema = 'public' and table_name <> 'goose_db_version'
		union
		select indexdef from pg_indexes where schemaname = 'public' and tablename <> 'goose_db_version'
		union
		select conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
		where  connamespace = 'public'::regnamespace and conrelid <> 'goose_db_version'::regclass
		order  by 1`))
	return all
}

func applied(t *testing.T, s *storage.Store) (done, pending int) {
	t.Helper()
	list, err := s.MigrationStatus(t.Context())
	check(t, err)
	for _, m := range list {
		if m.AppliedAt != nil {
			done++
		} else {
			pending++
		}
		if m.Version == 0 || !strings.HasSuffix(m.Name, ".sql") {
			t.Errorf("%+v", m)
		}
	}
	return done, pending
}

func TestMigrationsUpDownUp(t *testing.T) {
	address := storagetest.EmptyURL(t)
	s, db, ctx := open(t, address), connect(t, address), t.Context()
	_, all := applied(t, s)
	if all == 0 {
		t.Fatal("no migrations")
	}
	check(t, s.Migrate(ctx))
	check(t, s.Migrate(ctx))
	full := schema(t, db)
	for left := all; left > 0; left-- {
		if done, _ := applied(t, s); done != left {
			t.Fatalf("%d applied, want %d", done, left)
		}
		before := schema(t, db)
		check(t, s.MigrateDown(ctx))
		below := schema(t, db)
		// Each step comes back to exactly where it was, from where it leads.
		check(t, s.Migrate(ctx))
		same(t, schema(t, db), full)
		for range all - left + 1 {
			check(t, s.MigrateDown(ctx))
		}
		same(t, schema(t, db), below)
		if len(below) >= len(before) {
			t.Errorf("step %d took nothing back", left)
		}
	}
	same(t, schema(t, db), []string(nil))
	wantError(t, s.MigrateDown(ctx), storage.ErrNothingToRollBack)
	check(t, s.Migrate(ctx))
	same(t, schema(t, db), full)
}

func TestMigrateAtOnce(t *testing.T) {
	address := storagetest.EmptyURL(t)
	var wg sync.WaitGroup
	for range 4 {
		s := open(t, address)
		wg.Go(func() {
			if err := s.Migrate(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if _, pending := applied(t, open(t, address)); pending > 0 {
		t.Errorf("%d migrations pending", pending)
	}
}

func TestNewerSchemaIsLeftAlone(t *testing.T) {
	address := storagetest.URL(t)
	s, db := open(t, address), connect(t, address)
	_, err := db.Exec(`insert into goose_db_version (version_id, is_applied) values (9999, true)`)
	check(t, err)
	for _, err := range []error{s.Migrate(t.Context()), s.MigrateDown(t.Context())} {
		if !errors.Is(err, storage.ErrSchemaNewer) || !strings.Contains(err.Error(), "version 9999") {
			t.Errorf("error: %v", err)
		}
	}
}

func TestFailedMigrationIsTold(t *testing.T) {
	address := storagetest.EmptyURL(t)
	s, db, ctx := open(t, address), connect(t, address), t.Context()
	_, err := db.Exec(`create table previews (mine text)`)
	check(t, err)
	if err := s.Migrate(ctx); err == nil || !strings.Contains(err.Error(), "previews") {
		t.Errorf("error: %v", err)
	}
	check(t, s.MigrateDown(ctx)) // what was applied before it stands, and can be taken back
	_, err = db.Exec(`drop table previews`)
	check(t, err)
	check(t, s.Migrate(ctx))
}
