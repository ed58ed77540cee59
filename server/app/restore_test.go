package app_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/server/client"
	"previewd/storage"
	"previewd/storage/storagetest"
)

// told are the commands that docs/operations.md gives under a heading, block by block.
func told(t testing.TB, heading string) []string {
	t.Helper()
	text, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(text), "\n## "+heading+"\n")
	if !ok {
		t.Fatalf("no section %q", heading)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	var blocks []string
	for _, found := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(section, -1) {
		blocks = append(blocks, found[1])
	}
	return blocks
}

// block is the only one of these with a command.
func block(t testing.TB, blocks []string, command string) string {
	t.Helper()
	blocks = slices.DeleteFunc(slices.Clone(blocks), func(b string) bool { return !strings.HasPrefix(b, command) })
	if len(blocks) != 1 {
		t.Fatalf("%d blocks begin with %q", len(blocks), command)
	}
	return blocks[0]
}

// operator runs commands in a folder of its own, where previewd is this program.
type operator struct {
	t   testing.TB
	dir string
}

func newOperator(t testing.TB) operator {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	o := operator{t, t.TempDir()}
	script := fmt.Sprintf("#!/bin/sh\n%s=1 exec %q \"$@\"\n", commandEnv, self)
	if err := os.WriteFile(filepath.Join(o.dir, "previewd"), []byte(script), 0o755); err != nil { //nolint:gosec // a program
		t.Fatal(err)
	}
	return o
}

// try runs commands with settings and tells what they said.
func (o operator) try(commands string, environ ...string) (string, error) {
	o.t.Helper()
	cmd := exec.Command("bash", "-euc", commands)
	cmd.Dir = o.dir
	cmd.Env = slices.Concat(withoutPreviewd(os.Environ()), []string{"PATH=" + o.dir + ":" + os.Getenv("PATH")}, environ)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (o operator) run(commands string, environ ...string) {
	o.t.Helper()
	if out, err := o.try(commands, environ...); err != nil {
		o.t.Fatalf("%s: %v\n%s", commands, err, out)
	}
}

// refused runs a command that has to fail and to say why.
func (o operator) refused(command, why string, environ ...string) {
	o.t.Helper()
	if out, err := o.try(command, environ...); err == nil || !strings.Contains(out, why) {
		o.t.Errorf("%s: %v, want %q\n%s", command, err, why, out)
	}
}

// remember stores ended previews of earlier days, so that there are partitions.
func (i *installation) remember(days int) (ids []string) {
	i.t.Helper()
	s, err := storage.Open(i.t.Context(), i.url, storage.Options{})
	if err != nil {
		i.t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	for day := range days {
		id := fmt.Sprint("day", day)
		at := time.Now().AddDate(0, 0, day-days)
		if _, err := s.PutGeneration(i.t.Context(), preview.Generation{ID: id, UserID: "tester", Digest: "d"}, []byte{0, 0xff}, nil); err != nil {
			i.t.Fatal(err)
		}
		p, _, err := s.StartPreview(i.t.Context(), preview.Preview{
			ID: preview.NewID(), GenerationID: id, UserID: "tester", SessionTokenHash: []byte{1}, CreatedAt: at, LastActiveAt: at, TokenExpiry: at, ExpiresAt: at,
		}, preview.StartOptions{PortMin: 1, PortMax: 9})
		if err != nil {
			i.t.Fatal(err)
		}
		lines := []preview.LogLine{
			{PreviewID: p.ID, Seq: 1, Timestamp: at, Message: "first", Level: preview.Info, Source: preview.System},
			{PreviewID: p.ID, Seq: 2, Timestamp: at, Message: "\x1b[31msecond\x1b[0m", Level: preview.Error, Source: preview.Subprocess, Stream: preview.Stderr},
		}
		if err := s.AppendLogs(i.t.Context(), lines); err != nil {
			i.t.Fatal(err)
		}
		if _, err := s.Finish(i.t.Context(), p.ID, preview.Failed, preview.Reason{Code: preview.AppExited, Message: "It ended."}, nil); err != nil {
			i.t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

// settled are the rows that do not change any more, as text.
func (i *installation) settled() string {
	i.t.Helper()
	var text string
	if err := i.QueryRowContext(i.t.Context(), `
		select concat_ws(e'\n',
		       (select string_agg(t::text, e'\n' order by id) from installation as t),
		       (select string_agg(t::text, e'\n' order by id) from generations as t where id like 'day%' or id like '%ended'),
		       (select string_agg(t::text, e'\n' order by id) from previews as t where ended_at is not null),
		       (select string_agg(l::text, e'\n' order by day, log, seq) from preview_logs as l join previews on log_day = day and log_id = log where ended_at is not null),
		       (select string_agg(e::text, e'\n' order by e.id) from webhook_events as e join previews as p on p.id = preview_id where ended_at is not null and delivery = 'delivered'),
		       (select string_agg(secret_env::text, e'\n' order by id) from previews))`).Scan(&text); err != nil {
		i.t.Fatal(err)
	}
	return text
}

// beside is another database of this installation, empty as yet.
func (i *installation) beside() *installation {
	i.t.Helper()
	return i.at(storagetest.EmptyURL(i.t))
}

// TestRestoredOnItsEngine loses the database while previews run, and brings back what docs/operations.md said to keep.
func TestRestoredOnItsEngine(t *testing.T) {
	t.Parallel()
	hold, holding := make(chan struct{}), make(chan struct{}, 10)
	r := receive(t, func(h hook) {
		if h.Event == preview.StartedEvent && strings.HasSuffix(h.GenerationID, "pending") {
			holding <- struct{}{}
			<-hold
		}
	})
	i, ops, blocks := newInstallation(t, theEngine(t)), newOperator(t), told(t, "Back up and restore")
	i.remember(3)
	environ := i.settings(10, r.settings()...)
	first := spawnReady(t, environ)
	runs, stopped := first.uploadFiles(nameOf(t, "runs"), counter), first.uploadFiles(nameOf(t, "stopped"), page)
	ended, pending := first.uploadFiles(nameOf(t, "ended"), page), first.uploadFiles(nameOf(t, "pending"), page)
	ran, later := runs.running(func(l *client.LaunchRequest) { l.SecretEnv = map[string]string{"KEY": "hunter2"} }), first.uploadFiles(nameOf(t, "later"), page)
	lost := stopped.running()
	was := ended.running()
	ended.stop()
	r.told(t, was.ID, preview.LaunchedEvent, preview.StartedEvent, preview.StoppedEvent)
	untold := pending.running()
	<-holding // its event is not delivered
	runs.countsOn()
	first.allDelivered(t, 8)
	settled, lines := i.settled(), len(runs.lines())

	ops.run(block(t, blocks, "previewd backup"), environ...)
	close(hold)
	runs.countsOn() // it goes on
	stopped.stop()
	newer := later.running()
	r.told(t, untold.ID, preview.LaunchedEvent, preview.StartedEvent)
	first.kill()

	restored := i.beside()
	again := append(environ[:len(environ):len(environ)], "PREVIEW_DATABASE_URL="+restored.url)
	ops.run(block(t, blocks, "previewd restore"), again...)
	if now := restored.settled(); now != settled {
		t.Errorf("restored is\n%s\nwant\n%s", now, settled)
	}
	if n := restored.count(`select count(*) from preview_logs join previews on log_day = day and log_id = log where id = $1`, ran.ID); n < lines {
		t.Errorf("%d lines were restored, there were %d", n, lines)
	}
	second := spawnReady(t, again)
	if s := runs.on(second.service).status(); s.ID != ran.ID || s.Status != preview.Running || s.Port != ran.Port {
		t.Errorf("what ran is %s for %s", s.Status, s.Reason)
	}
	runs.on(second.service).countsOn()
	if s := stopped.on(second.service).ended(); s.ID != lost.ID || s.Reason != preview.InstanceLost {
		t.Errorf("what was stopped after the backup is %s for %s", s.Status, s.Reason)
	}
	if left := i.list("containers", "previewd.preview="+newer.ID); len(left) > 0 {
		t.Errorf("what was launched after the backup is left: %+v", left)
	}
	later.on(second.service).running()
	r.sameTwice(t, untold.ID)
	second.term()
	i.nothingOf(i.owner)
}

// sameTwice waits until a preview's start was told again, and checks that it is the same event.
func (r *receiver) sameTwice(t testing.TB, previewID string) {
	t.Helper()
	var starts []hook
	if !eventually(patience, func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		starts = slices.DeleteFunc(slices.Clone(r.got), func(h hook) bool { return h.PreviewID != previewID || h.Event != preview.StartedEvent })
		return len(starts) == 2
	}) || starts[0].id != starts[1].id || starts[0].text != starts[1].text {
		t.Errorf("the receiver was told %+v", starts)
	}
}

// TestACopyBesideTheOriginal restores what runs elsewhere, by PostgreSQL's own programs and by previewd's.
func TestACopyBesideTheOriginal(t *testing.T) {
	t.Parallel()
	i, ops, blocks := newInstallation(t, theEngine(t)), newOperator(t), told(t, "Back up and restore")
	days := i.remember(2)
	environ := i.settings(6)
	original := spawnReady(t, environ)
	p := original.uploadFiles(t, counter)
	before := p.running()
	p.countsOn()
	ops.run(block(t, blocks, "pg_dump"), "PREVIEW_DATABASE_URL="+i.url)
	byHand := i.beside()
	ops.run(block(t, blocks, "pg_restore"), "NEW_DATABASE_URL="+byHand.url)
	if now, want := byHand.settled(), i.settled(); now != want {
		t.Errorf("restored is\n%s\nwant\n%s", now, want)
	}
	ops.refused("previewd restore --force previewd.dump", "another previewd works on this database", environ...)
	ops.refused("previewd restore previewd.dump", "--force", "PREVIEW_DATABASE_URL="+byHand.url)
	ops.run("previewd restore --force --copy previewd.dump", "PREVIEW_DATABASE_URL="+byHand.url)

	elsewhere := i.settings(6, "PREVIEW_DATABASE_URL="+byHand.url)
	twin := spawnReady(t, elsewhere)
	if s := p.on(twin.service).ended(); s.ID != before.ID || s.Reason != preview.InstanceLost {
		t.Errorf("in the copy it is %s for %s", s.Status, s.Reason)
	}
	checkCounted(t, p.on(twin.service).lines())
	if lines := (&project{Client: twin.as(t, "tester"), t: t, id: days[0]}).lines(); len(lines) != 2 {
		t.Errorf("of an earlier day there are %+v", lines)
	}
	launched := p.on(twin.service).running()
	owner := i.ownerOf(launched.ID)
	t.Cleanup(func() { i.sweep(owner) })
	if s := p.status(); s.ID != before.ID || s.Status != preview.Running {
		t.Errorf("the original's preview is %s for %s: %s", s.Status, s.Reason, s.Message)
	}
	p.countsOn()
	twin.term()
	i.nothingOf(owner)
	original.term()
	i.nothingOf(i.owner)
}

// TestThePrivateDatabaseIsRestored backs up a previewd with a PostgreSQL of its own, and brings it into another data folder.
func TestThePrivateDatabaseIsRestored(t *testing.T) {
	t.Parallel()
	engine, ops := theEngine(t), newOperator(t)
	blocks := told(t, "Back up and restore")
	environ := settings(t, 4)
	first := spawnReady(t, environ)
	p := first.uploadFiles(t, page)
	before := p.running()
	owner := engine.ownerOf(before.ID)
	t.Cleanup(func() { engine.sweep(owner) })
	ops.run(block(t, blocks, "previewd backup"), environ...)
	ops.run("previewd migrate status", environ...)
	ops.refused("previewd restore --force previewd.dump", "in use by another previewd", environ...)
	ops.refused("previewd migrate down", "in use by another previewd", environ...)
	first.term()
	ops.refused("previewd restore previewd.dump", "not empty", environ...)
	ops.run("previewd backup stopped.dump && previewd restore --force stopped.dump", environ...)

	moved := append(environ[:len(environ):len(environ)], "PREVIEW_DATA_DIR="+t.TempDir())
	ops.run(block(t, blocks, "previewd restore"), moved...)
	second := spawnReady(t, moved)
	if s := p.on(second.service).ended(); s.ID != before.ID || s.Reason != preview.InstanceLost {
		t.Errorf("after the restore it is %s for %s", s.Status, s.Reason)
	}
	p.on(second.service).running()
	second.term()
	engine.nothingOf(owner)
}
