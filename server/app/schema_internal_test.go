package app

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/sirupsen/logrus/hooks/test"

	"previewd/runtime/preview"
	"previewd/server/replica"
	"previewd/storage"
	"previewd/storage/storagetest"
)

func openStore(t *testing.T, url string) *storage.Store {
	t.Helper()
	s, err := storage.Open(t.Context(), url, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// older is a database whose schema is one step behind, on which a previewd of the release before works until stop is called.
func older(t *testing.T) (url string, stop func()) {
	t.Helper()
	url = storagetest.URL(t)
	if err := openStore(t, url).MigrateDown(t.Context()); err != nil {
		t.Fatal(err)
	}
	works := openStore(t, url)
	quiet, _ := test.NewNullLogger()
	ctx, cancel := context.WithCancel(t.Context())
	joined(ctx, t, works, logrus.NewEntry(quiet))
	return url, func() { cancel(); _ = works.Close() }
}

// joined counts a store among the previewds on the database until ctx ends.
func joined(ctx context.Context, t *testing.T, s *storage.Store, log *logrus.Entry) {
	t.Helper()
	r, err := replica.Join(ctx, replica.Options{ID: preview.NewID(), Locks: s, Sessions: s, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	go r.Run(ctx, func(context.Context) error { return nil })
}

func pending(t *testing.T, s *storage.Store) (n int) {
	t.Helper()
	list, err := s.MigrationStatus(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range list {
		if m.AppliedAt == nil {
			n++
		}
	}
	return n
}

func TestTheSchemaIsNotChangedUnderAPreviewd(t *testing.T) {
	url, stop := older(t)
	s := openStore(t, url)
	quiet, said := test.NewNullLogger()
	if err := bringUp(t.Context(), s, logrus.NewEntry(quiet), 0); !errors.Is(err, errOthersWork) || pending(t, s) != 1 {
		t.Errorf("beside an older previewd: %v", err)
	}
	for _, action := range []string{"up", "down"} {
		err := Migrate(t.Context(), MigrateOptions{Environ: []string{"PREVIEW_DATABASE_URL=" + url}, Action: action, LoseData: true})
		if !errors.Is(err, errOthersWork) || pending(t, s) != 1 {
			t.Errorf("migrate %s beside an older previewd: %v", action, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := bringUp(ctx, s, logrus.NewEntry(quiet), time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("a start that is called off: %v", err)
	}

	done := make(chan error, 2)
	for range 2 { // two new ones at once
		store := openStore(t, url)
		go func() { done <- bringUp(t.Context(), store, logrus.NewEntry(quiet), time.Minute) }()
	}
	for len(said.AllEntries()) < 2 { // both wait
		select {
		case err := <-done:
			t.Fatalf("it did not wait: %v", err)
		case <-time.After(time.Millisecond):
		}
	}
	stop()
	if err := errors.Join(<-done, <-done); err != nil || pending(t, s) != 0 {
		t.Errorf("after the older one's end: %v", err)
	}
}

func TestOfOneReleaseSeveralStart(t *testing.T) {
	url := storagetest.URL(t)
	quiet, _ := test.NewNullLogger()
	for range 3 {
		s := openStore(t, url)
		if err := bringUp(t.Context(), s, logrus.NewEntry(quiet), 0); err != nil {
			t.Error(err)
		}
		joined(t.Context(), t, s, logrus.NewEntry(quiet))
	}
}

// TestTheWayBackSaysWhatItLoses goes it to its end, step by step, only as far as somebody said it may.
func TestTheWayBackSaysWhatItLoses(t *testing.T) {
	url := storagetest.URL(t)
	s := openStore(t, url)
	all, err := s.MigrationStatus(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	back := func(loseData bool) (string, error) {
		var out bytes.Buffer
		err := Migrate(t.Context(), MigrateOptions{Environ: []string{"PREVIEW_DATABASE_URL=" + url}, Action: "down", LoseData: loseData, Out: &out})
		return out.String(), err
	}
	for left := len(all); left > 0; left-- {
		step := all[left-1]
		if step.Loses != "" {
			var loses *LosesDataError
			if _, err := back(false); !errors.As(err, &loses) || !strings.Contains(err.Error(), step.Loses) || pending(t, s) != len(all)-left {
				t.Errorf("%s: %v", step.Name, err)
			}
		}
		out, err := back(step.Loses != "")
		if err != nil || strings.Count(out, "pending") != len(all)-left+1 {
			t.Errorf("%s: %v\n%s", step.Name, err, out)
		}
	}
	if _, err := back(true); !errors.Is(err, storage.ErrNothingToRollBack) {
		t.Errorf("at the end of it: %v", err)
	}
	if err := Migrate(t.Context(), MigrateOptions{Environ: []string{"PREVIEW_DATABASE_URL=" + url}, Action: "up", Out: new(bytes.Buffer)}); err != nil || pending(t, s) != 0 {
		t.Error(err)
	}
	if err := Migrate(t.Context(), MigrateOptions{Environ: []string{"PREVIEW_DATABASE_URL=" + url}, Action: "sideways"}); err == nil {
		t.Error("an action that there is not")
	}
}

func TestAnOlderReleaseSaysWhatToDo(t *testing.T) {
	url := storagetest.URL(t)
	s := openStore(t, url)
	db, err := sql.Open("postgres", url) // the driver comes with storage
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(t.Context(), `insert into goose_db_version (version_id, is_applied) values (9999, true)`); err != nil {
		t.Fatal(err)
	}
	quiet, _ := test.NewNullLogger()
	err = bringUp(t.Context(), s, logrus.NewEntry(quiet), time.Minute)
	if !errors.Is(err, storage.ErrSchemaNewer) || !strings.Contains(err.Error(), "`previewd migrate down`") {
		t.Errorf("error: %v", err)
	}
	var out bytes.Buffer
	if err := Migrate(t.Context(), MigrateOptions{Environ: []string{"PREVIEW_DATABASE_URL=" + url}, Action: "status", Out: &out}); err != nil || !strings.Contains(out.String(), "09999  (of a later release)") {
		t.Errorf("status: %v\n%s", err, out.String())
	}
}
