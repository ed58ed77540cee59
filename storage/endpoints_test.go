package storage_test

import (
	"testing"

	"previewd/runtime/preview"
	"previewd/storage/storagetest"
)

func TestEndpointsOfAGeneration(t *testing.T) {
	s := storagetest.New(t)
	ctx := t.Context()
	put := func(id, digest, version, found string) {
		t.Helper()
		if err := s.PutEndpoints(ctx, id, digest, version, []byte(found)); err != nil {
			t.Fatal(err)
		}
	}
	want := func(id, digest, version, found string) {
		t.Helper()
		if got, err := s.Endpoints(ctx, id, digest, version); err != nil || string(got) != found {
			t.Errorf("%s %s %s: %q, %v, want %q", id, digest, version, got, err, found)
		}
	}
	put("gone", "d1", "v1", "[]") // as if it had been deleted while it was read
	want("gone", "d1", "v1", "")
	if _, err := s.PutGeneration(ctx, preview.Generation{ID: "g", UserID: "ann", Digest: "d1"}, nil, nil); err != nil {
		t.Fatal(err)
	}
	want("g", "d1", "v1", "")
	put("g", "d1", "v1", "[1]")
	want("g", "d1", "v1", "[1]")
	want("g", "d2", "v1", "")
	want("g", "d1", "v2", "")
	put("g", "d2", "v2", "[2]")
	want("g", "d1", "v1", "")
	want("g", "d2", "v2", "[2]")
	if err := s.DeleteGeneration(ctx, "g"); err != nil {
		t.Fatal(err)
	}
	want("g", "d2", "v2", "")
}

func TestEndpointsCount(t *testing.T) {
	s := storagetest.New(t)
	p := started(t, s, "g", "ann")
	for _, n := range []int{3, 3, 0, 7} {
		if err := s.SetEndpointsCount(t.Context(), p.ID, n); err != nil {
			t.Fatal(err)
		}
		if now, err := s.LatestPreview(t.Context(), p.GenerationID); err != nil || now.EndpointsCount != n {
			t.Errorf("%d, %v, want %d", now.EndpointsCount, err, n)
		}
	}
	if err := s.SetEndpointsCount(t.Context(), "nobody", 1); err != nil {
		t.Error(err)
	}
}
