package storage_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"previewd/runtime/preview"
	"previewd/storage"
	"previewd/storage/storagetest"
)

func TestMain(m *testing.M) { storagetest.Main(m) }

// start0 is a time with the microseconds that PostgreSQL keeps.
var start0 = time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC)

var ports = preview.StartOptions{PortMin: 3001, PortMax: 3100}

func finish(t *testing.T, s *storage.Store, id string, status preview.Status, why preview.Reason, took preview.Timings) {
	t.Helper()
	_, err := s.Finish(t.Context(), id, status, why, took)
	check(t, err)
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func putGeneration(t *testing.T, s *storage.Store, id, user string) preview.Generation {
	t.Helper()
	g, err := s.PutGeneration(t.Context(), preview.Generation{
		ID: id, UserID: user, ProjectID: "project", Files: 1, Bytes: 5, Digest: "sha256:00", Runtime: preview.RuntimeNode,
	}, []byte("archive of "+id), []preview.FileInfo{{Path: "index.js", Size: 5, Mode: 0o644}})
	check(t, err)
	return g
}

func row(generation, user string) preview.Preview {
	return preview.Preview{
		ID: preview.NewID(), GenerationID: generation, UserID: user, ProjectID: "project",
		SessionTokenHash: []byte{0, 1, 0xff}, TokenExpiry: start0.Add(time.Hour),
		CreatedAt: start0, LastActiveAt: start0, ExpiresAt: start0.Add(time.Hour),
	}
}

// started puts a generation of its own and starts a preview of it.
func started(t *testing.T, s *storage.Store, generation, user string) preview.Preview {
	t.Helper()
	putGeneration(t, s, generation, user)
	p, _, err := s.StartPreview(t.Context(), row(generation, user), ports)
	check(t, err)
	return p
}

// inStatus starts a preview and brings it into the state.
func inStatus(t *testing.T, s *storage.Store, status preview.Status) preview.Preview {
	t.Helper()
	p := started(t, s, "g-"+preview.NewID(), "user")
	ctx := t.Context()
	switch status {
	case preview.Running:
		check(t, s.BecomeRunning(ctx, p.ID, start0, nil))
	case preview.Stopping:
		stopping(t, s, p.ID, preview.User)
	case preview.Stopped:
		stopping(t, s, p.ID, preview.User)
		finish(t, s, p.ID, preview.Stopped, because(preview.User), nil)
	case preview.Failed:
		finish(t, s, p.ID, preview.Failed, because(preview.AppExited), nil)
	}
	return reload(t, s, p.ID)
}

func stopping(t *testing.T, s *storage.Store, id string, code preview.Code) preview.Preview {
	t.Helper()
	p, err := s.BeginStopping(t.Context(), id, because(code))
	check(t, err)
	return p
}

func because(code preview.Code) preview.Reason {
	return preview.Reason{Code: code, Message: fmt.Sprintf("It was %s.", code)}
}

func reload(t *testing.T, s *storage.Store, id string) preview.Preview {
	t.Helper()
	p, err := s.Preview(t.Context(), id)
	check(t, err)
	return p
}

func wantError(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("error is %v, want %v", err, want)
	}
}

func wantTransition(t *testing.T, err error, from, to preview.Status) {
	t.Helper()
	lost, ok := errors.AsType[*preview.TransitionError](err)
	if !ok {
		t.Fatalf("error is %v, want a transition error from %s", err, from)
	}
	if lost.From != from || lost.To != to {
		t.Errorf("transition %s to %s, want %s to %s", lost.From, lost.To, from, to)
	}
}
