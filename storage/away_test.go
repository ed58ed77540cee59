package storage_test

import (
	"context"
	"database/sql"
	"fmt"
	"testing"

	"previewd/runtime/preview"
	"previewd/storage"
	"previewd/storage/embedded"
	"previewd/storage/storagetest"
)

// TestAwayTellsADatabaseThatMayComeBack looks at the errors of a server that is stopped, and at others.
func TestAwayTellsADatabaseThatMayComeBack(t *testing.T) {
	ctx := t.Context()
	server, err := embedded.Start(ctx, embedded.Options{Dir: t.TempDir()})
	check(t, err)
	t.Cleanup(func() { _ = server.Stop(context.Background()) })
	db, err := sql.Open("postgres", server.URL())
	check(t, err)
	defer func() { _ = db.Close() }()
	asked := make(chan error)
	go func() {
		_, err := db.ExecContext(ctx, `select pg_sleep(600)`)
		asked <- err
	}()
	conn, err := db.Conn(ctx)
	check(t, err)
	for asleep := false; !asleep; {
		check(t, conn.QueryRowContext(ctx, `select exists (select from pg_stat_activity where wait_event = 'PgSleep')`).Scan(&asleep))
	}

	check(t, server.Stop(ctx))
	for what, err := range map[string]error{
		"a question that is cut off":     <-asked,
		"a question on a cut connection": conn.PingContext(ctx),
		"a new connection":               db.PingContext(ctx),
		"wrapped":                        fmt.Errorf("set phase: %w", db.PingContext(ctx)),
	} {
		if !storage.Away(err) {
			t.Errorf("%s: %v is not taken for a database that is away", what, err)
		}
	}
	done, cancel := context.WithCancel(ctx)
	cancel()
	s := storagetest.New(t)
	for what, err := range map[string]error{
		"nothing":            nil,
		"an unknown preview": s.SetPhase(ctx, "unknown", preview.Booting),
		"a caller who left":  s.SetPhase(done, "unknown", preview.Booting),
		"a lost race":        &preview.TransitionError{},
	} {
		if storage.Away(err) {
			t.Errorf("%s: %v is taken for a database that is away", what, err)
		}
	}
}
