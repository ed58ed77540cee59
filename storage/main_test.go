package storage_test

import (
	"testing"

	"previewd/storage/storagetest"
)

func TestMain(m *testing.M) { storagetest.Main(m) }

func TestOwnerIsOne(t *testing.T) {
	s := storagetest.New(t)
	a, err := s.Owner(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Log(a)
}
