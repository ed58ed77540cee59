package app_test

import (
	"testing"

	"previewd/runtime/preview"
	"previewd/server/client"
)

// late opens its port after some seconds.
var late = map[string]string{"server.js": `
const http = require("node:http");
const server = http.createServer((_, response) => response.end("late"));
setTimeout(() => server.listen(process.env.PORT), 4000);
`}

// stubborn does not end when it is told to.
var stubborn = map[string]string{"server.js": `
process.on("SIGTERM", () => console.log("I stay"));
require("node:http").createServer((_, response) => response.end("here")).listen(process.env.PORT);
`}

// TestKilledWhileStarting kills previewd while launches are in every phase that has something on the engine, one waits
// for a place, and one preview is being stopped. The next previewd brings each where it was going.
func TestKilledWhileStarting(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, theEngine(t))
	i.addGate()
	environ := i.settings(10, "PREVIEW_LAUNCH_CONCURRENCY=2")
	first := spawnReady(t, environ)

	stopping := first.uploadFiles(nameOf(t, "stopping"), stubborn)
	ended := stopping.running().ID
	starting := map[string]*project{}
	reach := func(name string, files map[string]string, phase preview.Phase) {
		t.Helper()
		p := first.uploadFiles(nameOf(t, name), files)
		p.launch()
		p.until(name, func(s client.Status) bool { return s.Phase == phase })
		starting[name] = p
	}
	reach("installing", slowInstall(5), preview.Installing)
	starting["installing"].says("waiting in the install")
	reach("booting", late, preview.Booting)
	go func() { _ = stopping.Stop(t.Context(), stopping.id) }() // it gets no answer
	stopping.until("stopping", func(s client.Status) bool { return s.Status == preview.Stopping })
	stopping.says("I stay")
	release := i.hold(t, generationName(nameOf(t, "creating")), preview.Creating) // holds the phases of all launches after it
	reach("creating", page, preview.Creating)
	p := first.uploadFiles(nameOf(t, "queued"), page)
	p.launch()
	starting["queued"] = p

	first.kill()
	release()
	if !eventually(patience, i.nobodyConnected) {
		t.Fatal("the dead process's sessions do not end")
	}
	second := spawnReady(t, environ)

	for name, p := range starting {
		p = p.on(second.service)
		after := p.until("settled", func(s client.Status) bool { return s.Status != preview.Starting })
		if after.Status != preview.Running {
			t.Errorf("%s: it is %s for %s: %s\n%s", name, after.Status, after.Reason, after.Message, p.log())
			continue
		}
		if code, _ := get(t, after.BaseURL); code != 200 {
			t.Errorf("%s: it answers %d", name, code)
		}
		i.containerOf(after.ID) // one and no more
	}
	if end := stopping.on(second.service).ended(); end.ID != ended || end.Status != preview.Stopped || end.Reason != preview.User {
		t.Errorf("the one that was being stopped is %s for %s", end.Status, end.Reason)
	}
	if found := i.list("containers", "previewd.owner="+i.owner); len(found) != len(starting) {
		t.Errorf("%d previews run in %d containers: %+v", len(starting), len(found), found)
	}
	second.term()
	i.noLeases()
	i.nothingOf(i.owner)
}

// says waits for a line in the log.
func (p *project) says(text string) {
	p.t.Helper()
	if !p.tells(patience, text, 1) {
		p.t.Fatalf("never said %q:\n%s", text, p.log())
	}
}

// nobodyConnected says that no previewd has a session on the database.
func (i *installation) nobodyConnected() bool {
	return i.count(`select count(*) from pg_stat_activity where datname = current_database() and application_name like 'previewd%'`) == 0
}
