package storage_test

import (
	"slices"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/storage/storagetest"
)

func TestAPreviewThatMovesKeepsItsPortAndIsAnnounced(t *testing.T) {
	s := withWebhooks(t, storagetest.URL(t))
	p := inStatus(t, s, preview.Running)
	check(t, s.SetNode(t.Context(), p.ID, "n1", "10.0.0.1"))
	if got := reload(t, s, p.ID); got.Node != "n1" || got.NodeHost != "10.0.0.1" {
		t.Errorf("it is on %q, %q", got.Node, got.NodeHost)
	}
	check(t, s.BeginMove(t.Context(), p.ID, preview.Reason{Code: preview.InstanceLost, Message: "n1 is down"}))
	got := reload(t, s, p.ID)
	if got.Status != preview.Starting || got.Port != p.Port || got.Node != "" || got.NodeHost != "" || got.Reason != nil || got.Health != preview.HealthUnknown {
		t.Errorf("it moves as %+v", got)
	}
	check(t, s.BecomeRunning(t.Context(), p.ID, start0.Add(2*time.Minute), nil))
	list := events(t, s)
	if want := []preview.EventName{preview.MovingEvent, preview.StartedEvent}; !slices.Equal(namesOf(list)[len(list)-2:], want) {
		t.Fatalf("announced: %v", namesOf(list))
	}
	if e := list[len(list)-2]; e.Reason.Message != "n1 is down" || e.Port != p.Port || !e.OccurredAt.Equal(start0.Add(time.Minute)) {
		t.Errorf("the move is announced as %+v", e)
	}
}
