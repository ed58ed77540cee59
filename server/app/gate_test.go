package app_test

import (
	"context"
	"sync"
	"testing"

	"previewd/runtime/preview"
)

// gateLock is the advisory lock that a held launch waits for.
const gateLock = 4711

// addGate lets the test hold launches in a phase: the statement that leaves the phase waits in the database. It waits
// before it locks anything, so that nobody else waits for the row.
func (i *installation) addGate() {
	i.t.Helper()
	i.exec(`create table held (generation_id text not null, phase text not null)`)
	i.exec(`create function wait_at_gate() returns trigger language plpgsql as $$
		begin
			if exists (select from previews join held using (generation_id, phase) where status = 'starting') then
				perform pg_advisory_xact_lock_shared(4711);
			end if;
			return null;
		end $$`)
	i.exec(`create trigger gate before update of phase on previews for each statement execute function wait_at_gate()`)
}

// hold keeps the generation's launch in a phase until release, or until the test's end. Only one is held at a time; other
// launches wait for their next phase meanwhile, too.
func (i *installation) hold(t *testing.T, generation string, phase preview.Phase) (release func()) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), atOnce)
	defer cancel()
	conn, err := i.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(ctx, `select pg_advisory_lock($1)`, gateLock); err != nil {
		t.Fatalf("hold %s: %v", phase, err)
	}
	i.exec(`insert into held (generation_id, phase) values ($1, $2)`, generation, string(phase))
	release = sync.OnceFunc(func() {
		i.exec(`delete from held`)
		if _, err := conn.ExecContext(context.Background(), `select pg_advisory_unlock($1)`, gateLock); err != nil {
			t.Error(err)
		}
		_ = conn.Close()
	})
	t.Cleanup(release)
	return release
}

func (i *installation) exec(statement string, args ...any) {
	i.t.Helper()
	if _, err := i.ExecContext(context.Background(), statement, args...); err != nil {
		i.t.Fatal(err)
	}
}
