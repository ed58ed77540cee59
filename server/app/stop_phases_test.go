package app_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/server/client"
)

// atOnce bounds what a stop may take. The apps here end as soon as they are told, so more would be a wait for something.
const atOnce = 10 * time.Second

// silent is an app that never listens.
var silent = map[string]string{
	"package.json": `{"private": true, "scripts": {"start": "node server.js"}}`,
	"server.js":    `console.log("never listens"); setInterval(() => {}, 1000)`,
}

// slowInstall waits in its install, for as many seconds.
func slowInstall(seconds int) map[string]string {
	return map[string]string{
		"package.json":     `{"private": true, "scripts": {"preinstall": "node wait.js", "start": "node server.js"}, "dependencies": {"lib": "file:./lib"}}`,
		"lib/package.json": `{"name": "lib", "version": "1.0.0"}`,
		"wait.js":          fmt.Sprintf(`console.log("waiting in the install"); setTimeout(() => {}, %d000)`, seconds),
		"server.js":        counter["server.js"],
	}
}

// slowBuild is a project whose own Dockerfile does not come to an end. The command tells its container from others.
func slowBuild(command string) map[string]string {
	return map[string]string{"Dockerfile": "FROM debian:trixie-slim\nRUN " + command + "\nCMD [\"true\"]\n"}
}

// place is where in its launch a preview can be stopped or replaced.
type place struct {
	name  string
	files map[string]string
	phase preview.Phase // "" runs
	hold  bool          // whether the launch has to be held there
	says  string        // in its log, when it is there
}

const buildCommand = "sleep 60417"

var places = []place{
	{name: "queued", files: page, phase: preview.Queued, hold: true},
	{name: "fetching", files: page, phase: preview.Fetching, hold: true},
	{name: "detecting", files: page, phase: preview.Detecting, hold: true},
	{name: "installing", files: slowInstall(600), phase: preview.Installing, says: "waiting in the install"},
	{name: "building", files: slowBuild(buildCommand), phase: preview.Installing, says: buildCommand},
	{name: "creating", files: page, phase: preview.Creating, hold: true},
	{name: "booting", files: silent, phase: preview.Booting, says: "never listens"},
	{name: "running", files: counter},
}

// TestStopInEveryPhase ends launches wherever they are, once by a stop and once by a newer launch.
func TestStopInEveryPhase(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, theEngine(t))
	i.addGate()
	s := start(t, i.settings(4))
	for _, at := range places {
		t.Run(at.name, func(t *testing.T) {
			p := s.uploadFiles(t, at.files)
			stopped, release := i.launchTo(t, p, at)
			ctx, cancel := context.WithTimeout(t.Context(), atOnce)
			defer cancel()
			if err := p.Stop(ctx, p.id); err != nil {
				t.Fatalf("stop: %v", err)
			}
			if end := p.status(); end.ID != stopped || end.Status != preview.Stopped || end.Reason != preview.User {
				t.Errorf("after the stop it is %s for %s: %s", end.Status, end.Reason, end.Message)
			}
			i.goneFrom(t, stopped)
			release()

			replaced, release := i.launchTo(t, p, at)
			defer release()
			p = s.uploadFiles(t, page)
			if after := p.running(); after.ID == replaced {
				t.Fatal("it was not replaced")
			}
			i.endedAs(t, replaced, preview.Stopped, preview.Replaced)
			i.goneFrom(t, replaced)
			p.stop()
		})
	}
	i.noLeases()
	s.stop()
	i.nothingOf(i.owner)
}

// launchTo launches and waits until the preview is in its place. One that is held there is so until release; later
// launches are not held.
func (i *installation) launchTo(t *testing.T, p *project, at place) (previewID string, release func()) {
	t.Helper()
	release = func() {}
	if at.hold {
		release = i.hold(t, p.id, at.phase)
		defer i.exec(`delete from held`)
	}
	l := p.launch()
	there := p.until("at "+at.name, func(s client.Status) bool { return s.Status != preview.Starting || s.Phase == at.phase })
	if (there.Status == preview.Running) != (at.phase == "") || there.Reason != "" {
		t.Fatalf("it is %s for %s: %s\n%s", there.Status, there.Reason, there.Message, p.log())
	}
	if at.says != "" && !p.tells(patience, at.says, 1) {
		t.Fatalf("never at %s:\n%s", at.name, p.log())
	}
	if at.hold && !eventually(atOnce, i.waitsAtGate) {
		s := p.status()
		t.Fatalf("the launch is not held at %s: it is %s, phase %s, %s %s\n%s", at.name, s.Status, s.Phase, s.Reason, s.Message, p.log())
	}
	return l.ID, release
}

func (i *installation) waitsAtGate() bool {
	return i.count(`select count(*) from pg_locks where locktype = 'advisory' and objid = $1 and not granted`, gateLock) > 0
}

// goneFrom checks that the engine has nothing of a preview any more. A step of a build ends by itself.
func (i *installation) goneFrom(t *testing.T, previewID string) {
	t.Helper()
	if left := i.list("containers", "previewd.preview="+previewID); len(left) > 0 {
		t.Errorf("left of the preview: %+v", left)
	}
	if !eventually(atOnce, func() bool { return !i.runs(buildCommand) }) {
		t.Error("the build goes on")
	}
}

// endedAs waits for the end of a preview that is not its generation's latest one.
func (i *installation) endedAs(t *testing.T, previewID string, status preview.Status, code preview.Code) {
	t.Helper()
	if !eventually(atOnce, func() bool {
		return i.count(`select count(*) from previews where id = $1 and status = $2 and reason ->> 'code' = $3`, previewID, string(status), string(code)) == 1
	}) {
		t.Errorf("preview %s did not end as %s for %s", previewID, status, code)
	}
}
