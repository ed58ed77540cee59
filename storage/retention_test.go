package storage_test

import (
	"fmt"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/storage"
	"previewd/storage/storagetest"
)

// endedAt makes previews with two lines each that ended then.
func endedAt(t *testing.T, url string, when time.Time, n int) []string {
	t.Helper()
	s, err := storage.Open(t.Context(), url, storage.Options{Now: func() time.Time { return when }})
	check(t, err)
	defer func() { check(t, s.Close()) }()
	ids := make([]string, n)
	for i := range ids {
		p := started(t, s, fmt.Sprintf("g-%d-%d", when.Unix(), i), "user")
		check(t, s.AppendLogs(t.Context(), linesFrom(p.ID, 1, 2)))
		check(t, s.Finish(t.Context(), p.ID, preview.Failed, because(preview.AppExited), nil))
		ids[i] = p.ID
	}
	return ids
}

func TestPrune(t *testing.T) {
	url := storagetest.URL(t)
	s, err := storage.Open(t.Context(), url, storage.Options{})
	check(t, err)
	defer func() { check(t, s.Close()) }()
	ctx := t.Context()
	old := endedAt(t, url, start0, 120) // more than one batch
	young := endedAt(t, url, start0.Add(time.Hour), 1)[0]
	active := started(t, s, "g-active", "user").ID
	check(t, s.AppendLogs(ctx, linesFrom(active, 1, 1)))
	before := start0.Add(time.Minute)

	lines, err := s.PruneLogs(ctx, before)
	check(t, err)
	if lines != 240 {
		t.Errorf("%d lines went", lines)
	}
	reload(t, s, old[0]) // its row stays
	lines, err = s.PruneLogs(ctx, before)
	check(t, err)
	if lines != 0 {
		t.Errorf("%d lines went the second time", lines)
	}

	check(t, s.AppendLogs(ctx, linesFrom(old[0], 3, 1)))
	previews, err := s.PrunePreviews(ctx, before)
	check(t, err)
	if previews != 120 {
		t.Errorf("%d previews went", previews)
	}
	_, err = s.Preview(ctx, old[0])
	wantError(t, err, preview.ErrPreviewNotFound)
	for id, want := range map[string]int{old[0]: 0, young: 2, active: 1} {
		left, err := s.LogLines(ctx, id, 0, 10)
		check(t, err)
		if len(left) != want {
			t.Errorf("%d lines left of %s, want %d", len(left), id, want)
		}
	}
	reload(t, s, young)
	reload(t, s, active)
}
