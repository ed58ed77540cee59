package app_test

import (
	"strings"
	"syscall"
	"testing"

	"previewd/runtime/preview"
	"previewd/server/client"
)

// signal sends one to the process.
func (p *process) signal(s syscall.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatalf("%v: %v", s, err)
	}
}

// TestTheLeaderIsStoppedAndComesBack: SIGSTOP leaves its connections open. The other takes all over, and when the first goes on it lets
// go: it neither ends nor writes what the other runs, and its readers lose nothing.
func TestTheLeaderIsStoppedAndComesBack(t *testing.T) {
	t.Parallel()
	aLeaderIsAwayForAWhile(t, nil, func(p *process) { p.signal(syscall.SIGSTOP) }, func(p *process) { p.signal(syscall.SIGCONT) })
}

// TestTheLeaderIsCutOff from the database alone, without a word: it goes on beside the other, and waits.
func TestTheLeaderIsCutOff(t *testing.T) {
	t.Parallel()
	var cable *cable
	through := func(url string) string { cable = newCable(t, url); return cable.url }
	aLeaderIsAwayForAWhile(t, through, func(*process) { cable.pull() }, func(*process) { cable.plug() })
}

func aLeaderIsAwayForAWhile(t *testing.T, through func(url string) string, goes, returns func(*process)) {
	t.Helper()
	i := newInstallation(t, theEngine(t))
	environ := i.settings(10)
	first := environ
	if through != nil {
		first = append(environ[:len(environ):len(environ)], "PREVIEW_DATABASE_URL="+through(i.url))
	}
	a := replica(t, first) // it is alone, and so leads
	running, starting := a.uploadFiles(nameOf(t, "running"), counter), a.uploadFiles(nameOf(t, "starting"), late)
	before := running.running()
	b := replica(t, environ)
	t.Cleanup(i.tellSessions)
	var byA, byB reader
	overA := byA.followToTheEnd(running)
	theirs, late := running.on(b.service), starting.on(b.service)
	overB := byB.followToTheEnd(theirs)
	byA.readsOn(t)
	byB.readsOn(t)
	answers := watchPort(t, before.BaseURL)
	starting.launch()
	starting.until("booting", func(s client.Status) bool { return s.Phase == preview.Booting })

	goes(a)
	if !theirs.tells(takeOver, "watches the preview again", 1) {
		t.Fatalf("nobody took the preview over:\n%s", b.said)
	}
	byB.readsOn(t)
	if s := late.until("settled", func(s client.Status) bool { return s.Status != preview.Starting }); s.Status != preview.Running {
		t.Errorf("the one that was starting is %s for %s: %s", s.Status, s.Reason, s.Message)
	}

	returns(a)
	byA.readsOn(t)
	byB.readsOn(t)
	theirs.countsOn()
	if s := running.status(); s.ID != before.ID || s.Status != preview.Running {
		t.Errorf("after its return the preview is %s for %s", s.Status, s.Reason)
	}
	if s := starting.status(); s.Status != preview.Running {
		t.Errorf("after its return the later one is %s for %s", s.Status, s.Reason)
	}
	if found := i.list("containers", "previewd.owner="+i.owner); len(found) != 2 {
		t.Errorf("2 previews run in %d containers: %+v", len(found), found)
	}
	answers()
	running.stop() // through the one that came back
	overA()
	overB()
	lines := theirs.lines()
	checkCounted(t, lines)
	byA.hasExactly(t, lines)
	byB.hasExactly(t, lines)
	if n := strings.Count(theirs.log(), "watches the preview again"); n != 1 {
		t.Errorf("it was taken over %d times", n)
	}
	starting.stop()
	b.term()
	a.term()
	i.noLeases()
	i.nothingOf(i.owner)
}
