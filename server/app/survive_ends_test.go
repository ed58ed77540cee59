package app_test

import (
	"strings"
	"testing"

	"previewd/runtime/preview"
	"previewd/server/client"
)

// ends are ways in which a running preview ends without previewd, and what is to be said of each.
var ends = []struct {
	name    string
	files   map[string]string
	do      func(e engineAPI, container, url string)
	code    preview.Code
	message string // a part of it
	exit    int    // -1: nothing is known of the app's own end
}{
	{"exit", counter, func(_ engineAPI, _, url string) { poke(url + "/exit/7") }, preview.AppExited, "was running and then ended with exit code 7", 7},
	{"oom", counter, func(_ engineAPI, _, url string) { poke(url + "/oom") }, preview.OutOfMemory, "128 MB", 137},
	{"removed", page, func(e engineAPI, container, _ string) { e.remove(container) }, preview.InstanceLost, "", -1},
	{"killed", page, func(e engineAPI, container, _ string) { e.signal(container, "KILL") }, preview.InstanceLost, "somebody other than previewd", -1},
	{"stopped", page, func(e engineAPI, container, _ string) { e.stop(container) }, preview.InstanceLost, "somebody other than previewd", -1},
}

// TestEndsWithoutPreviewd ends previews while previewd watches, and while none runs after a kill -9.
func TestEndsWithoutPreviewd(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, theEngine(t))
	environ := i.settings(10, "PREVIEW_MEMORY_LIMIT_MB=128")
	s := spawnReady(t, environ)
	endAll(t, i, s, func(end func()) *process { end(); return s })
	endAll(t, i, s, func(end func()) *process {
		s.kill()
		end()
		return spawnReady(t, environ)
	})
}

// endAll launches a preview for each way, ends all between kill and start, and looks at what is said of them.
func endAll(t *testing.T, i *installation, s *process, around func(end func()) *process) {
	t.Helper()
	projects, containers := make([]*project, len(ends)), make([]string, len(ends))
	urls := make([]string, len(ends))
	for n, end := range ends {
		projects[n] = s.uploadFiles(nameOf(t, end.name), end.files)
		projects[n].launch()
	}
	for n, p := range projects {
		status := p.until("running", func(s client.Status) bool { return s.Status == preview.Running })
		urls[n], containers[n] = status.BaseURL, i.containerOf(status.ID)
	}
	s = around(func() {
		for n, end := range ends {
			end.do(i.engineAPI, containers[n], urls[n])
		}
		for _, c := range containers {
			i.untilEnded(c)
		}
	})
	for n, end := range ends {
		got := projects[n].on(s.service).ended()
		if got.Status != preview.Failed || got.Reason != end.code || !strings.Contains(got.Message, end.message) {
			t.Errorf("%s: %s for %s %q, want %s …%q…", end.name, got.Status, got.Reason, got.Message, end.code, end.message)
		}
		if (got.ExitCode == nil) != (end.exit < 0) || (got.ExitCode != nil && *got.ExitCode != end.exit) {
			t.Errorf("%s: exit code %v, want %d", end.name, got.ExitCode, end.exit)
		}
	}
}
