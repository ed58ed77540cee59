package storage_test

import (
	"testing"

	"previewd/storage/storagetest"
)

func TestTryLock(t *testing.T) {
	address := storagetest.URL(t)
	a, b, ctx := open(t, address), open(t, address), t.Context()

	release, ok, err := a.TryLock(ctx, "reap")
	check(t, err)
	if !ok {
		t.Fatal("a free lock was refused")
	}
	if _, ok, err := b.TryLock(ctx, "reap"); ok || err != nil {
		t.Errorf("two hold one lock: %v", err)
	}
	other, ok, err := b.TryLock(ctx, "migrate images")
	check(t, err)
	if !ok {
		t.Error("another name is another lock")
	}
	other()
	release()
	release, ok, err = b.TryLock(ctx, "reap")
	check(t, err)
	if !ok {
		t.Error("a released lock was refused")
	}
	release()
}

func TestLockEndsWithItsConnection(t *testing.T) {
	address := storagetest.URL(t)
	a, b, db, ctx := open(t, address), open(t, address), connect(t, address), t.Context()
	release, ok, err := a.TryLock(ctx, "reap")
	check(t, err)
	if !ok {
		t.Fatal("a free lock was refused")
	}
	_, err = db.ExecContext(ctx, `select pg_terminate_backend(pid, 5000) from pg_locks where locktype = 'advisory'`)
	check(t, err)
	again, ok, err := b.TryLock(ctx, "reap")
	check(t, err)
	if !ok {
		t.Fatal("the lock outlived its connection")
	}
	release() // of a lost connection: harms nobody
	if _, ok, _ := a.TryLock(ctx, "reap"); ok {
		t.Error("the late release freed another's lock")
	}
	again()
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
		where  locktype = 'advisory'
		limit  2`)
	check(t, err)
	ok, err = b.Lead(ctx, "reap")
	expect("b", ok, err, true)
	ok, err = a.Lead(ctx, "reap")
	expect("a", ok, err, false)

	check(t, b.Close())
	ok, err = a.Lead(ctx, "reap")
	expect("a after b's end", ok, err, true)
}
