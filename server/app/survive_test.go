package app_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"previewd/runtime/preview"
)

// on is the same project at another process.
func (p *project) on(s *service) *project {
	p.t.Helper()
	return &project{Client: s.as(p.t, "tester"), t: p.t, id: p.id}
}

// TestKilledTogetherWithItsDatabase kills previewd and its private PostgreSQL at once.
func TestKilledTogetherWithItsDatabase(t *testing.T) {
	t.Parallel()
	engine := theEngine(t)
	environ := settings(t, 4)
	first := spawnReady(t, environ)
	p, still := first.uploadFiles(t, counter), first.uploadFiles(nameOf(t, "static"), page)
	before, static := p.running(), still.running()
	owner := engine.ownerOf(before.ID)
	t.Cleanup(func() { engine.sweep(owner) })
	var live reader
	stop := live.follow(p)
	live.readsOn(t)
	answers, alsoAnswers := watchPort(t, before.BaseURL), watchPort(t, static.BaseURL)

	killDatabase(t, environ)
	first.kill()
	stop() // after the last line that came from it
	second := spawnReady(t, environ)

	p, still = p.on(second.service), still.on(second.service)
	if after := p.status(); after.Status != preview.Running || after.ID != before.ID || after.Port != before.Port {
		t.Errorf("after the kill the preview is %s: %s", after.Status, after.Message)
	}
	if after := still.status(); after.Status != preview.Running || after.ID != static.ID {
		t.Errorf("after the kill the site is %s: %s", after.Status, after.Message)
	}
	stop = live.follow(p)
	live.readsOn(t)
	stop()
	p.countsOn()
	answers()
	alsoAnswers()
	p.stop()
	if end := p.status(); end.Status != preview.Stopped || end.Reason != preview.User {
		t.Errorf("after the stop it is %s for %s", end.Status, end.Reason)
	}
	checkCounted(t, p.lines())
	p.running()
	second.term()
	engine.nothingOf(owner)
	if pid := databaseOf(t, environ); pid != 0 {
		t.Errorf("PostgreSQL is left as process %d", pid)
	}
}

// TestItsDatabaseIsKilled kills the private PostgreSQL alone: previewd cannot live without it, its previews can.
func TestItsDatabaseIsKilled(t *testing.T) {
	t.Parallel()
	engine := theEngine(t)
	environ := settings(t, 4)
	first := spawnReady(t, environ)
	p := first.uploadFiles(t, counter)
	before := p.running()
	owner := engine.ownerOf(before.ID)
	t.Cleanup(func() { engine.sweep(owner) })
	p.countsOn()
	answers := watchPort(t, before.BaseURL)

	killDatabase(t, environ)
	first.await()
	if first.err == nil || !strings.Contains(first.said.String(), "the private PostgreSQL ended") {
		t.Errorf("previewd ended with %v", first.err)
	}
	second := spawnReady(t, environ)

	p = p.on(second.service)
	if after := p.status(); after.Status != preview.Running || after.ID != before.ID {
		t.Errorf("after the restart it is %s for %s", after.Status, after.Reason)
	}
	p.countsOn()
	answers()
	second.term()
	engine.nothingOf(owner)
}

// killDatabase is kill -9 for the private PostgreSQL.
func killDatabase(t testing.TB, environ []string) {
	t.Helper()
	pid := databaseOf(t, environ)
	if pid == 0 {
		t.Fatal("no private PostgreSQL runs")
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}

// databaseOf is the process id of the private PostgreSQL, or 0 when none runs.
func databaseOf(t testing.TB, environ []string) int {
	t.Helper()
	var dir string
	for _, v := range environ {
		if value, ok := strings.CutPrefix(v, "PREVIEW_DATA_DIR="); ok {
			dir = value
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "postgres", "data", "postmaster.pid"))
	if errors.Is(err, os.ErrNotExist) {
		return 0
	}
	line, _, _ := bytes.Cut(text, []byte("\n"))
	pid, notNumber := strconv.Atoi(string(line))
	if err := errors.Join(err, notNumber); err != nil {
		t.Fatal(err)
	}
	return pid
}
