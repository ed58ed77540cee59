package app_test

import (
	"context"
	"database/sql"
	"testing"

	"previewd/runtime/docker/dockertest"
	"previewd/storage"
	"previewd/storage/storagetest"
)

// installation is a database outside of previewd, and what the previewd on it may leave on the engine.
type installation struct {
	engineAPI
	*sql.DB
	url   string
	owner string // what it makes on the engine bears this label
}

// newInstallation gives the test an empty one. All that is left of it on the engine is removed after the test.
func newInstallation(t testing.TB, engine engineAPI) *installation {
	t.Helper()
	return installationIn(t, engine, storagetest.URL(t))
}

func installationIn(t testing.TB, engine engineAPI, url string) *installation {
	t.Helper()
	i := (&installation{engineAPI: engine}).at(url)
	store, err := storage.Open(t.Context(), i.url, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	if err := store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if i.owner, err = store.Owner(t.Context()); err != nil {
		t.Fatal(err)
	}
	dockertest.Note(t, i.owner)
	t.Cleanup(func() { i.sweep(i.owner) })
	return i
}

// at is the same installation in another database.
func (i *installation) at(url string) *installation {
	i.t.Helper()
	other := &installation{engineAPI: i.engineAPI, url: url, owner: i.owner}
	var err error
	if other.DB, err = sql.Open("postgres", url); err != nil { // the driver comes with storage
		i.t.Fatal(err)
	}
	i.t.Cleanup(func() { _ = other.Close() })
	return other
}

// settings are those of a previewd on this database.
func (i *installation) settings(ports int, more ...string) []string {
	i.t.Helper()
	return settings(i.t, ports, append([]string{"PREVIEW_DATABASE_URL=" + i.url}, more...)...)
}

// count is the one number that a query gives.
func (i *installation) count(query string, args ...any) int {
	i.t.Helper()
	var n int
	if err := i.QueryRowContext(i.t.Context(), query, args...).Scan(&n); err != nil {
		i.t.Fatal(err)
	}
	return n
}

// tellSessions tells of a failed test what its database was doing.
func (i *installation) tellSessions() {
	if !i.t.Failed() {
		return
	}
	var sessions string
	err := i.QueryRowContext(context.Background(), `
		select string_agg(format('%s %s %s/%s for %s: %s', pid, state, wait_event_type, wait_event, clock_timestamp() - state_change, left(query, 200)), E'\n')
		from   pg_stat_activity
		where  datname = current_database()
		  and  pid <> pg_backend_pid()`).Scan(&sessions)
	i.t.Logf("sessions (%v):\n%s", err, sessions)
}

// noLeases checks that no preview is active, and so that no port is leased.
func (i *installation) noLeases() {
	i.t.Helper()
	if n := i.count(`select count(*) from previews where status in ('starting', 'running', 'stopping')`); n > 0 {
		i.t.Errorf("%d previews are still active", n)
	}
}
