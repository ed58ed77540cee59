package app_test

import (
	"context"
	"strings"
	"testing"

	"previewd/runtime/preview"
	"previewd/server/client"
	"previewd/storage/embedded"
)

// TestItsDatabaseIsStartedAgain stops a database outside of previewd under a running preview and a launch, and starts it again once the launch
// has missed it. Nothing ends.
func TestItsDatabaseIsStartedAgain(t *testing.T) {
	t.Parallel()
	engine := theEngine(t)
	database := embedded.Options{Dir: t.TempDir()}
	server, err := embedded.Start(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop(context.Background()) })
	i := installationIn(t, engine, server.URL())
	previewd := spawnReady(t, i.settings(4))
	runs := previewd.uploadFiles(nameOf(t, "runs"), counter)
	before := runs.running()
	runs.countsOn()
	answers := watchPort(t, before.BaseURL)
	starts := previewd.uploadFiles(nameOf(t, "starts"), slowInstall(3))
	starts.launch()
	starts.until("installing", func(s client.Status) bool { return s.Phase == preview.Installing })

	if err := server.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !eventually(patience, func() bool { return strings.Contains(previewd.said.String(), "the database is away") }) {
		t.Fatalf("the launch does not miss its database:\n%s", previewd.said)
	}
	again, err := embedded.Start(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = again.Stop(context.Background()) })

	if after := starts.until("settled", func(s client.Status) bool { return s.Status != preview.Starting }); after.Status != preview.Running {
		t.Errorf("the launch came to %s for %s: %s\n%s", after.Status, after.Reason, after.Message, starts.log())
	}
	if after := runs.status(); after.ID != before.ID || after.Status != preview.Running {
		t.Errorf("what ran is %s for %s", after.Status, after.Reason)
	}
	runs.countsOn()
	answers()
	previewd.term()
	i.nothingOf(i.owner)
}
