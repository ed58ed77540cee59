package storage_test

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"slices"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/storage"
	"previewd/storage/storagetest"
)

func TestGenerationIsKeptAndReplaced(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	archive := make([]byte, 3<<20)
	_, _ = rand.Read(archive)
	files := []preview.FileInfo{{Path: "a\x00/ü.js", Size: 3, Mode: 0o755}}
	in := preview.Generation{
		ID: "g1", UserID: "ann", ProjectID: "p", Files: 1, Bytes: 3, Digest: "sha256:aa",
		Framework: "ex\x00press", Runtime: preview.RuntimeNode,
	}

	first, err := s.PutGeneration(ctx, in, archive, files)
	check(t, err)
	want := in
	want.Framework = "ex\ufffdpress"
	want.CreatedAt, want.UpdatedAt = first.CreatedAt, first.UpdatedAt
	same(t, first, want)
	if time.Since(first.CreatedAt) > time.Minute || !first.CreatedAt.Equal(first.UpdatedAt) {
		t.Errorf("times: %v %v", first.CreatedAt, first.UpdatedAt)
	}

	stored, err := s.GenerationArchive(ctx, "g1")
	check(t, err)
	if !bytes.Equal(stored, archive) {
		t.Error("the archive changed")
	}
	list, err := s.GenerationFiles(ctx, "g1")
	check(t, err)
	same(t, list, []preview.FileInfo{{Path: "a\ufffd/ü.js", Size: 3, Mode: 0o755}})

	in.Digest, in.Framework = "sha256:bb", ""
	second, err := s.PutGeneration(ctx, in, nil, nil)
	check(t, err)
	if !second.CreatedAt.Equal(first.CreatedAt) || !second.UpdatedAt.After(first.UpdatedAt) || second.Digest != "sha256:bb" {
		t.Errorf("replaced: %+v", second)
	}
	read, err := s.Generation(ctx, "g1")
	check(t, err)
	same(t, read, second)
	list, err = s.GenerationFiles(ctx, "g1")
	check(t, err)
	same(t, list, []preview.FileInfo{})
}

func TestGenerationOfAnotherUserStays(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	mine := putGeneration(t, s, "g1", "ann")
	_, err := s.PutGeneration(ctx, preview.Generation{ID: "g1", UserID: "bob", ProjectID: "evil"}, []byte("x"), nil)
	wantError(t, err, preview.ErrPermissionDenied)
	read, err := s.Generation(ctx, "g1")
	check(t, err)
	same(t, read, mine)
}

func TestUnknownGeneration(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	_, err := s.Generation(ctx, "g")
	wantError(t, err, preview.ErrGenerationNotFound)
	_, err = s.GenerationArchive(ctx, "g")
	wantError(t, err, preview.ErrGenerationNotFound)
	_, err = s.GenerationFiles(ctx, "g")
	wantError(t, err, preview.ErrGenerationNotFound)
	wantError(t, s.DeleteGeneration(ctx, "g"), preview.ErrGenerationNotFound)
}

func TestGenerationsInPages(t *testing.T) {
	// One time for all, so that the id must break the tie.
	s, err := storage.Open(t.Context(), storagetest.URL(t), storage.Options{Now: func() time.Time { return start0 }})
	check(t, err)
	defer func() { check(t, s.Close()) }()
	for i := range 7 {
		putGeneration(t, s, fmt.Sprintf("g%d", i), []string{"ann", "bob"}[i%2])
	}
	for _, c := range []struct {
		user  string
		limit int
		want  [][]string
	}{
		{"ann", 3, [][]string{{"g6", "g4", "g2"}, {"g0"}}},
		{"bob", 3, [][]string{{"g5", "g3", "g1"}}},
		{"", 4, [][]string{{"g6", "g5", "g4", "g3"}, {"g2", "g1", "g0"}}},
		{"", 0, [][]string{{"g6", "g5", "g4", "g3", "g2", "g1", "g0"}}},
		{"eve", 5, [][]string{{}}},
	} {
		next := ""
		for _, want := range c.want {
			list, after, err := s.Generations(t.Context(), c.user, next, c.limit)
			check(t, err)
			ids := []string{}
			for _, g := range list {
				ids = append(ids, g.ID)
			}
			if !slices.Equal(ids, want) {
				t.Errorf("page of %q: %v, want %v", c.user, ids, want)
			}
			next = after
		}
		if next != "" {
			t.Errorf("more after the last page of %q", c.user)
		}
	}
}

func TestForeignCursors(t *testing.T) {
	s := storagetest.New(t)
	for _, text := range []string{"x", "!!", "MjAyNg", "MjAyNnxn", "MjAyNi0wMy0wMVQxMjowMDowMFp8Jw", "\x00"} {
		_, _, err := s.Generations(t.Context(), "", text, 1)
		wantError(t, err, preview.ErrInvalidCursor)
		_, _, err = s.Previews(t.Context(), "", text, 1)
		wantError(t, err, preview.ErrInvalidCursor)
	}
}

func TestDeleteGenerationTakesItsHistoryAlong(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	p := inStatus(t, s, preview.Stopped)
	other := inStatus(t, s, preview.Stopped)
	for _, id := range []string{p.ID, other.ID} {
		check(t, s.AppendLogs(ctx, []preview.LogLine{{PreviewID: id, Seq: 1, Timestamp: start0, Message: "m"}}))
	}
	check(t, s.DeleteGeneration(ctx, p.GenerationID))
	_, err := s.Preview(ctx, p.ID)
	wantError(t, err, preview.ErrPreviewNotFound)
	lines, err := s.LogLines(ctx, p.ID, 0, 10)
	check(t, err)
	same(t, lines, []preview.LogLine{})

	reload(t, s, other.ID)
	lines, err = s.LogLines(ctx, other.ID, 0, 10)
	check(t, err)
	if len(lines) != 1 {
		t.Error("another generation's log went too")
	}
}

func TestDeleteGenerationWaitsForItsPreview(t *testing.T) {
	s := storagetest.New(t)
	for _, status := range []preview.Status{preview.Starting, preview.Running, preview.Stopping} {
		p := inStatus(t, s, status)
		wantError(t, s.DeleteGeneration(t.Context(), p.GenerationID), preview.ErrGenerationActive)
		same(t, reload(t, s, p.ID), p)
	}
}
