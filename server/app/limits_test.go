package app_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"previewd/runtime/preview"
	"previewd/server/client"
)

var page = map[string]string{"index.html": "<p>hello</p>"}

func TestNoPortIsLeft(t *testing.T) {
	s := start(t, settings(t, 2))
	for i := range 2 {
		s.uploadFiles(nameOf(t, fmt.Sprint(i)), page).running()
	}
	p := s.uploadFiles(nameOf(t, "one-too-many"), page)
	_, err := p.Launch(t.Context(), p.id, client.LaunchRequest{ProjectID: "tests"})
	var problem *client.Problem
	if !errors.As(err, &problem) || problem.Status != 503 || !strings.Contains(problem.Error(), "(max 2 concurrent)") {
		t.Errorf("the third launch on two ports: %v", err)
	}
}

func TestMaximumUptime(t *testing.T) {
	s := start(t, settings(t, 2, "PREVIEW_MAX_UPTIME=2"))
	p := s.uploadFiles(t, page)
	p.running()
	if end := p.ended(); end.Status != preview.Stopped || end.Reason != preview.Expired {
		t.Errorf("ended as %s for %s", end.Status, end.Reason)
	}
}

func TestIdleTimeout(t *testing.T) {
	s := start(t, settings(t, 2, "PREVIEW_IDLE_TIMEOUT=2", "PREVIEW_HEALTH_INTERVAL=1"))
	p := s.uploadFiles(t, page)
	p.running()
	if end := p.ended(); end.Status != preview.Stopped || end.Reason != preview.Idle {
		t.Errorf("ended as %s for %s", end.Status, end.Reason)
	}
}

func TestKeptPreviewsAreAdopted(t *testing.T) {
	environ := settings(t, 2, "PREVIEW_ON_SHUTDOWN=keep")
	first := start(t, environ)
	before := first.uploadFiles(t, page).running()
	first.stop()
	if code, _ := get(t, before.BaseURL); code != 200 {
		t.Errorf("while previewd is away the preview answers %d", code)
	}
	second := start(t, environ)
	p := &project{Client: second.as(t, "tester"), t: t, id: generationName(t)}
	if after := p.status(); after.Status != preview.Running || after.ID != before.ID || after.Port != before.Port {
		t.Errorf("after the restart it is %s %s on port %d", after.Status, after.ID, after.Port)
	}
	if !p.tells(patience, "watches the preview again", 1) {
		t.Errorf("the log does not go on:\n%s", p.log())
	}
	p.stop()
}
