package app

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sirupsen/logrus"
	logtest "github.com/sirupsen/logrus/hooks/test"

	"previewd/runtime/preview"
	"previewd/server/config"
	"previewd/server/replica"
	"previewd/storage"
	"previewd/storage/storagetest"
)

// onDatabase is one previewd of several, of which nothing runs.
func onDatabase(t *testing.T, address string) *App {
	t.Helper()
	store, err := storage.Open(t.Context(), address, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	log, _ := logtest.NewNullLogger()
	a := New(Options{Config: config.Config{LogMaxLines: 10, LogRetentionDays: 3}, Log: logrus.NewEntry(log)})
	a.store = store
	if a.replica, err = replica.Join(t.Context(), replica.Options{ID: "test", Locks: store, Sessions: store, Log: a.Log}); err != nil {
		t.Fatal(err)
	}
	return a
}

// launched starts a preview that wrote n lines.
func launched(t *testing.T, s *storage.Store, generation string, created time.Time, n int) preview.Preview {
	t.Helper()
	_, err := s.PutGeneration(t.Context(), preview.Generation{ID: generation, UserID: "u", ProjectID: "p"}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := s.StartPreview(t.Context(), preview.Preview{
		ID: preview.NewID(), GenerationID: generation, UserID: "u", ProjectID: "p", CreatedAt: created,
		TokenExpiry: created, LastActiveAt: created, ExpiresAt: created,
	}, preview.StartOptions{PortMin: 3001, PortMax: 3100})
	if err != nil {
		t.Fatal(err)
	}
	lines := make([]preview.LogLine, n)
	for i := range lines {
		lines[i] = preview.LogLine{PreviewID: p.ID, Seq: int64(i + 1), Timestamp: created, Level: preview.Info}
	}
	if err := s.AppendLogs(t.Context(), lines); err != nil {
		t.Fatal(err)
	}
	return p
}

func kept(t *testing.T, s *storage.Store, id string) int {
	t.Helper()
	lines, err := s.LogLines(t.Context(), id, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return len(lines)
}

func TestOneProcessTrimsLogs(t *testing.T) {
	address := storagetest.URL(t)
	first, second := onDatabase(t, address), onDatabase(t, address)
	p := launched(t, first.store, "g", time.Now(), 25)
	if !first.replica.Leads(t.Context()) {
		t.Fatal("nobody leads")
	}
	for _, step := range []struct {
		app  *App
		most int
		left int
	}{{second, 10, 25}, {first, 0, 25}, {first, 10, 10}} {
		step.app.Config.LogMaxLines = step.most
		if err := step.app.trimLogs(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := kept(t, first.store, p.ID); n != step.left {
			t.Errorf("%d lines are left, want %d", n, step.left)
		}
	}
}

func TestOneProcessPrunes(t *testing.T) {
	address := storagetest.URL(t)
	first, second := onDatabase(t, address), onDatabase(t, address)
	old, err := storage.Open(t.Context(), address, storage.Options{Now: func() time.Time { return time.Now().AddDate(0, 0, -4) }})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = old.Close() }()
	gone, recent := launched(t, old, "g1", time.Now().AddDate(0, 0, -5), 5), launched(t, first.store, "g2", time.Now().AddDate(0, 0, -5), 5)
	for _, end := range []struct {
		id string
		s  *storage.Store
	}{{gone.ID, old}, {recent.ID, first.store}} {
		if _, err := end.s.Finish(t.Context(), end.id, preview.Failed, preview.Reason{Code: preview.AppExited}, nil); err != nil {
			t.Fatal(err)
		}
	}
	if !first.replica.Leads(t.Context()) {
		t.Fatal("nobody leads")
	}
	for _, step := range []struct {
		app  *App
		left int
	}{{second, 5}, {first, 0}} {
		if err := step.app.pruneRows(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := kept(t, first.store, gone.ID); n != step.left {
			t.Errorf("%d lines are left, want %d", n, step.left)
		}
	}
	if _, err := first.store.Preview(t.Context(), gone.ID); !errors.Is(err, preview.ErrPreviewNotFound) {
		t.Errorf("the row is left: %v", err)
	}
	if n := kept(t, first.store, recent.ID); n != 5 {
		t.Errorf("%d lines are left of a young log", n)
	}
}

func TestEveryGoesOnAfterAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, hook := logtest.NewNullLogger()
		a := New(Options{Log: logrus.NewEntry(log)})
		ctx, cancel := context.WithCancel(t.Context())
		times := 0
		began := time.Now()
		a.every("test", time.Minute, func(context.Context) error {
			if times++; times == 3 {
				cancel()
			}
			return errors.New("no luck")
		})(ctx)
		if times != 3 || time.Since(began) != 3*time.Minute || len(hook.AllEntries()) != 2 { // the end is no failure
			t.Errorf("%d times in %v, %d warnings", times, time.Since(began), len(hook.AllEntries()))
		}
	})
}
