package storage_test

import (
	"testing"

	"previewd/runtime/preview"
	"previewd/storage/storagetest"
)

func TestClaims(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	var want []preview.Claim
	for _, status := range allStatuses {
		if p := inStatus(t, s, status); status.Active() {
			want = append(want, preview.Claim{ID: p.ID, Status: status, InstanceID: p.InstanceID, Launcher: p.Request.Launcher})
		}
	}
	owned := launchedBy(t, s, "a")
	check(t, s.SetInstance(ctx, owned.ID, "instance"))
	want = append(want, preview.Claim{ID: owned.ID, Status: preview.Starting, InstanceID: "instance", Launcher: "a"})
	got, err := s.Claims(ctx)
	check(t, err)
	byID := map[string]preview.Claim{}
	for _, c := range got {
		byID[c.ID] = c
	}
	if len(got) != len(want) {
		t.Errorf("%d claims of %d active previews", len(got), len(want))
	}
	for _, c := range want {
		same(t, byID[c.ID], c)
	}
}
