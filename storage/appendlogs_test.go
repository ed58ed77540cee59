package storage_test

import (
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/storage/storagetest"
)

// TestTheSessionEndsDuringAnAppend, as in a failover, or when another process takes this one's previews over. The next append has a
// session of its own.
func TestTheSessionEndsDuringAnAppend(t *testing.T) {
	address := storagetest.URL(t)
	s, db := open(t, address), connect(t, address)
	p := inStatus(t, s, preview.Running)
	for _, statement := range []string{
		`create function end_session() returns trigger language plpgsql as $$
			begin
				perform pg_terminate_backend(pg_backend_pid());
				return null;
			end $$`,
		`create trigger ends before insert on preview_logs for each statement execute function end_session()`,
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	appended := func(lines []preview.LogLine) error {
		outcome := make(chan error, 1)
		go func() { outcome <- s.AppendLogs(t.Context(), lines) }()
		select {
		case err := <-outcome:
			return err
		case <-time.After(time.Minute):
			t.Fatal("the append does not come back")
			return nil
		}
	}
	if err := appended(linesFrom(p.ID, 1, 50_000)); err == nil { // more than fits on the way
		t.Error("an append whose session ended is said to have succeeded")
	}
	if _, err := db.Exec(`drop trigger ends on preview_logs`); err != nil {
		t.Fatal(err)
	}
	check(t, appended(linesFrom(p.ID, 1, 1000)))
	got, err := s.LogLines(t.Context(), p.ID, 0, 2000)
	check(t, err)
	same(t, got, linesFrom(p.ID, 1, 1000))
}
