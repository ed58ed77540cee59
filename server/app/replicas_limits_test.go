package app_test

import (
	"errors"
	"net/http"
	"testing"

	"previewd/server/client"
)

// TestReplicasShareRates: a user has one budget, whichever of two previewd is asked.
func TestReplicasShareRates(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, theEngine(t))
	environ := i.settings(2, "PREVIEW_RATE_STATUS=40/h")
	a := start(t, environ)
	b := start(t, append(environ[:len(environ):len(environ)], "PREVIEW_DATA_DIR="+t.TempDir()))
	if !eventually(patience, func() bool { return a.app.Members() == 2 && b.app.Members() == 2 }) {
		t.Fatal("they do not know of one another")
	}
	by := []*client.Client{a.as(t, "poller"), b.as(t, "poller")}
	granted := 0
	for n := range 100 {
		_, err := by[n%2].Status(t.Context(), "none")
		var problem *client.Problem
		if !errors.As(err, &problem) {
			t.Fatal(err)
		}
		if problem.Status != http.StatusTooManyRequests {
			granted++
		}
	}
	if granted < 40 || granted > 55 { // 80 if each had its own; at most one share of what is granted without asking is not settled yet
		t.Errorf("of a rate of 40 they granted %d", granted)
	}
}
