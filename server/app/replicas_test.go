package app_test

import (
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/server/client"
)

// takeOver bounds the time in which a living previewd takes over what a dead one ran.
const takeOver = 15 * time.Second

// replica starts a further previewd on the database.
func replica(t testing.TB, environ []string) *process {
	t.Helper()
	return spawnReady(t, append(environ[:len(environ):len(environ)], "PREVIEW_DATA_DIR="+t.TempDir()))
}

// TestTwoReplicas runs two previewd on one database and one engine.
func TestTwoReplicas(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, theEngine(t))
	environ := i.settings(10)
	a, b := replica(t, environ), replica(t, environ)
	p := a.uploadFiles(t, counter)
	mine := p.running()
	theirs := p.on(b.service)

	t.Run("each serves the other's previews", func(t *testing.T) {
		if s := theirs.status(); s.Status != preview.Running || s.ID != mine.ID || s.BaseURL != mine.BaseURL || s.MemoryUsageMB == 0 {
			t.Errorf("the other says %+v", s)
		}
		if list, err := theirs.Previews(t.Context()); err != nil || len(list) != 1 || list[0].ID != mine.ID {
			t.Errorf("the other lists %+v, %v", list, err)
		}
		theirs.countsOn()
		var live reader
		stop := live.follow(theirs)
		live.readsOn(t)
		stop()
	})
	t.Run("a launch on one replaces the other's", func(t *testing.T) {
		after := theirs.running()
		if after.ID == mine.ID || p.status().ID != after.ID {
			t.Error("it was not replaced")
		}
		i.endedAs(t, mine.ID, preview.Stopped, preview.Replaced)
		i.goneFrom(t, mine.ID)
		i.containerOf(after.ID)
		mine = after
	})
	t.Run("a stop on one ends the other's", func(t *testing.T) {
		if err := p.Stop(t.Context(), p.id); err != nil {
			t.Fatal(err)
		}
		if end := p.status(); end.ID != mine.ID || end.Status != preview.Stopped || end.Reason != preview.User {
			t.Errorf("after the stop it is %s for %s", end.Status, end.Reason)
		}
		i.goneFrom(t, mine.ID)
	})
	t.Run("one that ends leaves the other its networks", func(t *testing.T) {
		b.term()
		wall := wallOf(i.owner)
		wall.stands(t)
		p.running()
		wall.stands(t)
	})
	a.term()
	i.noLeases()
	i.nothingOf(i.owner)
}

// TestAReplicaIsKilled kills one of two: the other takes all of its previews over.
func TestAReplicaIsKilled(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, theEngine(t))
	environ := i.settings(10)
	victim, other := replica(t, environ), replica(t, environ)
	running, starting, own := victim.uploadFiles(nameOf(t, "running"), counter), victim.uploadFiles(nameOf(t, "starting"), late), other.uploadFiles(nameOf(t, "own"), page)
	before, kept := running.running(), own.running()
	var live reader
	stop := live.follow(running)
	live.readsOn(t)
	answers := watchPort(t, before.BaseURL)
	starting.launch()
	starting.until("booting", func(s client.Status) bool { return s.Phase == preview.Booting })

	victim.kill()
	stop() // after the last line that came from it
	running, starting = running.on(other.service), starting.on(other.service)
	if !running.tells(takeOver, "watches the preview again", 1) {
		t.Fatalf("nobody took the preview over:\n%s", other.said)
	}
	live.follow(running)
	live.readsOn(t)
	if s := running.status(); s.ID != before.ID || s.Status != preview.Running {
		t.Errorf("the preview is %s", s.Status)
	}
	if s := starting.until("settled", func(s client.Status) bool { return s.Status != preview.Starting }); s.Status != preview.Running {
		t.Errorf("the one that was starting is %s for %s: %s", s.Status, s.Reason, s.Message)
	}
	if s := own.status(); s.ID != kept.ID || s.Status != preview.Running {
		t.Errorf("the other's own preview is %s", s.Status)
	}
	if found := i.list("containers", "previewd.owner="+i.owner); len(found) != 3 {
		t.Errorf("3 previews run in %d containers: %+v", len(found), found)
	}
	answers()

	third := replica(t, environ) // takes over in its turn, from one that took over
	other.kill()
	running = running.on(third.service)
	if !running.tells(takeOver, "watches the preview again", 2) {
		t.Fatalf("nobody took the preview over a second time:\n%s", third.said)
	}
	running.countsOn()
	running.stop()
	third.term()
	i.noLeases()
	i.nothingOf(i.owner)
}
