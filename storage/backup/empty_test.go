package backup

import (
	"slices"
	"testing"

	"previewd/storage/migrations"
	"previewd/storage/storagetest"
)

// A table that is not known could not be replaced.
func TestEveryTableIsKnown(t *testing.T) {
	there, err := tables(t.Context(), storagetest.URL(t))
	if known := migrations.Tables(); err != nil || !slices.Equal(there, known) {
		t.Errorf("a database has %v, %v; known are %v", there, err, known)
	}
}
