package replica_test

import (
	"context"
	"errors"
	"testing"

	"github.com/sirupsen/logrus"
	"github.com/sirupsen/logrus/hooks/test"

	"previewd/runtime/preview"
	"previewd/server/replica"
	"previewd/storage"
	"previewd/storage/storagetest"
)

func entry() *logrus.Entry {
	logger, _ := test.NewNullLogger()
	return logrus.NewEntry(logger)
}

func join(t *testing.T, store *storage.Store) *replica.Replica {
	t.Helper()
	r, err := replica.Join(t.Context(), replica.Options{ID: preview.NewID(), Locks: store, Sessions: store, Log: entry()})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTheDeadAreKnownAndTheLeadPassesOn(t *testing.T) {
	url := storagetest.URL(t)
	first, second := open(t, url), open(t, url)
	a, b := join(t, first), join(t, second)

	if !a.Leads(t.Context()) || b.Leads(t.Context()) {
		t.Fatal("exactly the first to ask must lead")
	}
	if !a.Alive(t.Context(), b.Self()) || !b.Alive(t.Context(), a.Self()) || !a.Alive(t.Context(), a.Self()) {
		t.Error("both processes live")
	}
	if a.Alive(t.Context(), "never-was") {
		t.Error("a process that never was is alive")
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if b.Alive(t.Context(), a.Self()) {
		t.Error("the first is still alive after its end")
	}
	if !b.Leads(t.Context()) {
		t.Error("the second does not lead after the first's end")
	}
}

func TestTheLastToLeaveKnowsIt(t *testing.T) {
	url := storagetest.URL(t)
	a, b := join(t, open(t, url)), join(t, open(t, url))
	if a.Leave(t.Context()) || !b.Leave(t.Context()) {
		t.Error("exactly the second to leave must be the last")
	}
}

func open(t *testing.T, url string) *storage.Store {
	t.Helper()
	s, err := storage.Open(t.Context(), url, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

type brokenLocks struct{}

var errAway = errors.New("database away")

func (brokenLocks) Share(context.Context, string) error           { return errAway }
func (brokenLocks) Unshare(context.Context, string) (bool, error) { return true, errAway }
func (brokenLocks) Lead(context.Context, string) (bool, error)    { return false, errAway }

func (brokenLocks) Locked(context.Context, string) (bool, error) { return false, errAway }
func (brokenLocks) Sharers(context.Context, string) (int, error) { return 0, errAway }

func TestWithoutADatabaseNothingIsTakenOver(t *testing.T) {
	if _, err := replica.Join(t.Context(), replica.Options{ID: "me", Locks: brokenLocks{}, Log: entry()}); !errors.Is(err, errAway) {
		t.Errorf("Join = %v", err)
	}
	url := storagetest.URL(t)
	store := open(t, url)
	r := join(t, store)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if r.Leads(t.Context()) {
		t.Error("leads without a database")
	}
	if r.Leave(t.Context()) {
		t.Error("the last of all without a database")
	}
	if !r.Alive(t.Context(), "somebody") {
		t.Error("somebody was declared dead without a database")
	}
}
