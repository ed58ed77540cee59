package storage_test

import (
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"previewd/runtime/preview"
	"previewd/storage/storagetest"
)

// during runs do while another session has executed a statement that it has not committed yet, lets do run into that
// session's locks, commits, and returns do's outcome.
func during(t *testing.T, db *sqlx.DB, statement, id string, do func() error) error {
	t.Helper()
	tx, err := db.BeginTxx(t.Context(), nil)
	check(t, err)
	defer func() { _ = tx.Rollback() }()
	_, err = tx.Exec(statement, id)
	check(t, err)

	outcome := make(chan error, 1)
	go func() { outcome <- do() }()
	awaitLock(t, db, func() bool { return len(outcome) > 0 })
	check(t, tx.Commit())
	return <-outcome
}

// awaitLock returns when a session waits for another's lock.
func awaitLock(t *testing.T, db *sqlx.DB, over func() bool) {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for waiting := 0; waiting == 0; {
		check(t, db.Get(&waiting, `
			select count(*)
			from   pg_stat_activity
			where  datname = current_database()
			  and  wait_event_type = 'Lock'`))
		if over() || time.Now().After(deadline) {
			t.Error("it did not wait for the other session")
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func TestStartWhileTheGenerationIsDeleted(t *testing.T) {
	address := storagetest.URL(t)
	s, db := open(t, address), connect(t, address)
	putGeneration(t, s, "g", "ann")
	err := during(t, db, `delete from generations where id = $1`, "g", func() error {
		_, _, err := s.StartPreview(t.Context(), row("g", "ann"), ports)
		return err
	})
	wantError(t, err, preview.ErrGenerationNotFound)
}

func TestAppendWhileThePreviewIsDeleted(t *testing.T) {
	address := storagetest.URL(t)
	s, db := open(t, address), connect(t, address)
	p := inStatus(t, s, preview.Stopped)
	err := during(t, db, `delete from previews where id = $1`, p.ID, func() error {
		return s.AppendLogs(t.Context(), linesFrom(p.ID, 1, 3))
	})
	check(t, err)
	left, err := s.LogLines(t.Context(), p.ID, 0, 10)
	check(t, err)
	same(t, left, []preview.LogLine{})
}
