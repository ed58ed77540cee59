package storage_test

import (
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"previewd/storage/storagetest"
)

// A session that asks nothing for a while is ended by the server, and its locks with it: so it goes with a process that is stopped.
func TestASilentHolderLosesItsLocks(t *testing.T) {
	address := storagetest.URL(t)
	a, b, ctx := open(t, address), open(t, address), t.Context()
	ok, err := a.Lead(ctx, "reap")
	check(t, err)
	if !ok {
		t.Fatal("a free lead was refused")
	}
	check(t, a.Share(ctx, "replicas"))
	if held, err := b.Locked(ctx, "reap"); err != nil || !held {
		t.Fatalf("the lead is not to be seen: %v", err)
	}
	for end := time.Now().Add(20 * time.Second); ; <-time.After(50 * time.Millisecond) {
		held, err := b.Locked(ctx, "reap")
		check(t, err)
		if !held {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the silent one keeps its lead")
		}
	}
	ok, err = b.Lead(ctx, "reap")
	check(t, err)
	if !ok {
		t.Error("the lead of a silent one is not to be had")
	}
	if n, err := b.Sharers(ctx, "replicas"); err != nil || n != 0 {
		t.Errorf("%d share, %v", n, err)
	}
	if ok, err := a.Lead(ctx, "reap"); err != nil || ok {
		t.Errorf("the silent one takes itself for the leader: %v, %v", ok, err)
	}
	check(t, a.Share(ctx, "replicas")) // it has a session again
	if n, err := b.Sharers(ctx, "replicas"); err != nil || n != 1 {
		t.Errorf("%d share, %v", n, err)
	}
}

func TestLead(t *testing.T) {
	address := storagetest.URL(t)
	a, b, db, ctx := open(t, address), open(t, address), connect(t, address), t.Context()
	expect := func(who string, got bool, err error, want bool) {
		t.Helper()
		check(t, err)
		if got != want {
			t.Fatalf("%s leads: %v, want %v", who, got, want)
		}
	}
	for range 3 { // asking again changes nothing
		ok, err := a.Lead(ctx, "reap")
		expect("a", ok, err, true)
		ok, err = b.Lead(ctx, "reap")
		expect("b", ok, err, false)
	}
	ok, err := b.Lead(ctx, "images")
	expect("b in images", ok, err, true)

	// a's connection is lost and b is faster: a learns it.
	_, err = db.ExecContext(ctx, `
		select pg_terminate_backend(pid, 5000)
		from   pg_locks
		where  locktype = 'advisory'`)
	check(t, err)
	ok, err = b.Lead(ctx, "reap")
	expect("b", ok, err, true)
	ok, err = a.Lead(ctx, "reap")
	expect("a", ok, err, false)

	check(t, b.Close())
	ok, err = a.Lead(ctx, "reap")
	expect("a after b's end", ok, err, true)
}

func TestShare(t *testing.T) {
	address := storagetest.URL(t)
	a, b, c, db, ctx := open(t, address), open(t, address), open(t, address), connect(t, address), t.Context()
	for range 2 { // asking again changes nothing
		check(t, a.Share(ctx, "replicas"))
		check(t, b.Share(ctx, "replicas"))
	}
	last, err := a.Unshare(ctx, "replicas")
	check(t, err)
	if last {
		t.Error("the first of two to leave is not the last")
	}

	// b's connection is lost: it learns it and shares anew.
	_, err = db.ExecContext(ctx, `select pg_terminate_backend(pid, 5000) from pg_locks where locktype = 'advisory'`)
	check(t, err)
	check(t, b.Share(ctx, "replicas"))
	awaitSessions(t, db, `pid in (select pid from pg_locks where locktype = 'advisory')`, 1)

	last, err = b.Unshare(ctx, "replicas")
	check(t, err)
	if !last {
		t.Fatal("nobody shares any more, and yet it is not the last")
	}
	joined := make(chan error)
	go func() { joined <- c.Share(ctx, "replicas") }()
	awaitSessions(t, db, `wait_event = 'advisory'`, 1) // it waits while b has the lock to itself
	check(t, b.Close())
	check(t, <-joined)
	check(t, c.Close())
	awaitSessions(t, db, `pid in (select pid from pg_locks where locktype = 'advisory')`, 0)
}

// TestUnshareAfterTheSessionsEnd: the server ends sessions that were silent for too long, as at a shutdown that takes its time.
func TestUnshareAfterTheSessionsEnd(t *testing.T) {
	address := storagetest.URL(t)
	a, db, ctx := open(t, address), connect(t, address), t.Context()
	check(t, a.Share(ctx, "replicas"))
	_, err := db.ExecContext(ctx, `select pg_terminate_backend(pid, 5000) from pg_locks where locktype = 'advisory'`)
	check(t, err)
	last, err := a.Unshare(ctx, "replicas")
	check(t, err)
	if !last {
		t.Error("the only one to share is not the last")
	}
}

// awaitSessions waits until as many sessions on the database meet a condition.
func awaitSessions(t *testing.T, db *sqlx.DB, condition string, want int) {
	t.Helper()
	var found int
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); {
		check(t, db.GetContext(t.Context(), &found, `select count(*) from pg_stat_activity where datname = current_database() and `+condition))
		if found == want {
			return
		}
	}
	t.Fatalf("%d sessions where %s, want %d", found, condition, want)
}

func TestALockForAPieceOfWork(t *testing.T) {
	url := storagetest.URL(t)
	s, other := open(t, url), open(t, url)
	ctx := t.Context()
	check(t, other.Share(ctx, "matter"))
	release, ok, err := s.TryLock(ctx, "matter")
	if ok || err != nil {
		t.Fatalf("beside a share: %v, %v", ok, err)
	}
	release()
	if _, err := other.Unshare(ctx, "matter"); err != nil {
		t.Fatal(err)
	}
	check(t, other.Close())
	release, ok, err = s.TryLock(ctx, "matter")
	if !ok || err != nil {
		t.Fatalf("alone: %v, %v", ok, err)
	}
	if led, err := open(t, url).Lead(ctx, "matter"); led || err != nil {
		t.Errorf("another leads meanwhile: %v, %v", led, err)
	}
	release()
	if led, err := s.Lead(ctx, "matter"); !led || err != nil {
		t.Errorf("after the release: %v, %v", led, err)
	}
	check(t, s.Close())
	if _, _, err := s.TryLock(ctx, "matter"); err == nil {
		t.Error("a lock of a closed store")
	}
}
