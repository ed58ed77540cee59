package storage_test

import (
	"errors"
	"testing"

	"previewd/runtime/preview"
	"previewd/storage/storagetest"
)

func TestOnlyOneProcessTakesOver(t *testing.T) {
	s := storagetest.New(t)
	p := preview.Preview{
		ID: preview.NewID(), GenerationID: "g", UserID: "u", ProjectID: "p", Status: preview.Starting, Phase: preview.Queued,
		Health: preview.HealthUnknown, Request: preview.Request{Launcher: "dead", Command: "kept"},
	}
	if _, err := s.PutGeneration(t.Context(), preview.Generation{ID: "g", UserID: "u", ProjectID: "p", Digest: "sha256:0"}, []byte("x"), nil); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.StartPreview(t.Context(), p, preview.StartOptions{PortMin: 3001, PortMax: 3001}); err != nil {
		t.Fatal(err)
	}
	if err := s.TakeOver(t.Context(), p.ID, "dead", "first"); err != nil {
		t.Fatal(err)
	}
	var lost *preview.TransitionError
	if err := s.TakeOver(t.Context(), p.ID, "dead", "second"); !errors.As(err, &lost) {
		t.Errorf("a second TakeOver = %v, want a lost race", err)
	}
	got, err := s.Preview(t.Context(), p.ID)
	if err != nil || got.Request.Launcher != "first" || got.Request.Command != "kept" {
		t.Errorf("launcher %q, command %q, %v", got.Request.Launcher, got.Request.Command, err)
	}
}
