package reconcile_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/runtime/reconcile"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

func row(id string, status preview.Status, launcher, instance string) preview.Preview {
	return preview.Preview{ID: id, Status: status, InstanceID: instance, Request: preview.Request{Launcher: launcher}}
}

func claimsOf(rows []preview.Preview) (claims []preview.Claim) {
	for _, r := range rows {
		claims = append(claims, preview.Claim{ID: r.ID, Status: r.Status, InstanceID: r.InstanceID, Launcher: r.Request.Launcher})
	}
	return claims
}

func instance(id, previewID string, kind preview.Kind, age time.Duration) preview.Instance {
	return preview.Instance{ID: id, PreviewID: previewID, Kind: kind, State: preview.InstanceRunning, CreatedAt: noon.Add(-age)}
}

func TestPlan(t *testing.T) {
	tests := []struct {
		name      string
		rows      []preview.Preview
		instances []preview.Instance
		want      []string
	}{
		{name: "nothing"},
		{
			name: "own previews are left alone", rows: []preview.Preview{row("own", preview.Running, "me", "i1")},
			instances: []preview.Instance{instance("i1", "own", preview.KindPreview, 0)},
		},
		{
			name: "another process's are left alone", rows: []preview.Preview{row("p", preview.Starting, "other", ""), row("q", preview.Running, "other", "i2")},
			instances: []preview.Instance{instance("i1", "p", preview.KindInstall, time.Second), instance("i2", "q", preview.KindPreview, 0)},
		},
		{
			name: "ours that another process took over is let go", rows: []preview.Preview{row("own", preview.Running, "other", "i1")},
			instances: []preview.Instance{instance("i1", "own", preview.KindPreview, 0)}, want: []string{"release own i1"},
		},
		{
			name: "a dead process's running preview is adopted", rows: []preview.Preview{row("p", preview.Running, "dead", "i1")},
			instances: []preview.Instance{instance("i1", "p", preview.KindPreview, 0)}, want: []string{"adopt p i1"},
		},
		{
			name: "also when the id was never written down", rows: []preview.Preview{row("p", preview.Running, "dead", "")},
			instances: []preview.Instance{instance("i1", "p", preview.KindPreview, 0)}, want: []string{"adopt p i1"},
		},
		{
			name: "without its instance it is discarded", rows: []preview.Preview{row("p", preview.Running, "dead", "i1")}, want: []string{"discard p i1"},
		},
		{
			name: "a starting one goes on from the start", rows: []preview.Preview{row("p", preview.Starting, "dead", "")},
			instances: []preview.Instance{instance("half", "p", preview.KindPreview, 0), instance("inst", "p", preview.KindInstall, time.Second)},
			want:      []string{"resume p half", "remove inst"},
		},
		{
			name: "a stopping one is ended", rows: []preview.Preview{row("p", preview.Stopping, "dead", "i1")},
			instances: []preview.Instance{instance("i1", "p", preview.KindPreview, 0)}, want: []string{"discard p i1"},
		},
		{
			name: "ours ends by itself", rows: []preview.Preview{row("own", preview.Stopping, "me", "i1")},
			instances: []preview.Instance{instance("i1", "own", preview.KindPreview, 0)},
		},
		{
			name: "instances without a row are removed", instances: []preview.Instance{instance("i1", "gone", preview.KindPreview, 0), instance("i2", "gone", preview.KindInstall, 0)},
			want: []string{"remove i1", "remove i2"},
		},
		{
			name:      "a second instance of a running preview, whoever's, and its install",
			rows:      []preview.Preview{row("own", preview.Running, "me", "i1"), row("q", preview.Running, "other", "i3"), row("r", preview.Running, "dead", "i5")},
			instances: []preview.Instance{instance("i1", "own", preview.KindPreview, 0), instance("i2", "own", preview.KindPreview, 0), instance("i3", "q", preview.KindPreview, 0), instance("i4", "q", preview.KindInstall, 0), instance("i6", "r", preview.KindPreview, 0), instance("i5", "r", preview.KindPreview, 0), instance("i7", "r", preview.KindPreview, 0)},
			want:      []string{"adopt r i5", "remove i2", "remove i4", "remove i6", "remove i7"},
		},
		{
			name: "a stranger is not adopted", rows: []preview.Preview{row("p", preview.Running, "dead", "i1")},
			instances: []preview.Instance{instance("i2", "p", preview.KindPreview, 0)}, want: []string{"discard p i1", "remove i2"},
		},
		{
			name: "a forgotten install", rows: []preview.Preview{row("p", preview.Starting, "other", "")},
			instances: []preview.Instance{instance("i1", "p", preview.KindInstall, 2*time.Hour)}, want: []string{"remove i1"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			actions := reconcile.Plan(reconcile.World{
				Claims: claimsOf(tt.rows), Instances: tt.instances, Now: noon, InstallAge: time.Hour, Self: "me",
				Own:   func(id string) bool { return id == "own" },
				Alive: func(launcher string) bool { return launcher == "me" || launcher == "other" },
			})
			var got []string
			for _, a := range actions {
				if a.Verb == reconcile.Remove {
					got = append(got, fmt.Sprint(a.Verb, " ", a.Instance.ID))
				} else {
					got = append(got, fmt.Sprint(a.Verb, " ", a.Claim.ID, " ", a.Claim.InstanceID))
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("Plan = %q, want %q", got, tt.want)
			}
		})
	}
}
