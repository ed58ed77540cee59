package app_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"previewd/runtime/preview"
)

// perlCounter is counter for an engine that has nothing but the base image.
var perlCounter = map[string]string{
	"Dockerfile": "FROM " + baseImage + "\nCOPY counter.pl /srv/counter.pl\nCMD [\"perl\", \"/srv/counter.pl\"]\n",
	"counter.pl": `
use strict; use warnings; use IO::Socket::INET; use IO::Select;
$| = 1;
$SIG{TERM} = sub { exit 0 };
my $s = IO::Socket::INET->new(LocalPort => $ENV{PORT}, Listen => 16, ReuseAddr => 1) or die "listen: $!\n";
my $ready = IO::Select->new($s);
for (my $n = 1; ; $n++) {
    print STDOUT "out $n\n"; print STDERR "err $n\n";
    next unless $ready->can_read(0.01);
    my $c = $s->accept or next;
    while (<$c>) { last if /^\r?\n$/ }
    print $c "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
    close $c;
}
`,
}

// TestTheEngineDies stops and kills the engine under previewd, without and with live restore.
func TestTheEngineDies(t *testing.T) {
	t.Parallel()
	e := newOwnEngine(t)
	environ := settings(t, 4, "DOCKER_HOST=unix://"+e.dir+"/docker.sock")
	s := spawn(t, environ, e.enter()...)
	s.ready()
	s.api = e.door(s.api)
	p := s.uploadFiles(t, perlCounter)

	for name, signal := range map[string]syscall.Signal{"stopped": syscall.SIGTERM, "killed": syscall.SIGKILL} {
		lost := p.running()
		owner := e.ownerOf(lost.ID)
		e.end(signal)
		s.readiness(http.StatusServiceUnavailable, "failed")
		meanwhile := s.uploadFiles(nameOf(t, "meanwhile"), page)
		meanwhile.launch()
		if end := meanwhile.ended(); end.Status != preview.Failed || end.Reason != preview.EngineUnavailable {
			t.Errorf("%s: a launch meanwhile is %s for %s: %s", name, end.Status, end.Reason, end.Message)
		}

		e.start()
		s.readiness(http.StatusOK, "ok")
		if end := p.ended(); end.ID != lost.ID || end.Status != preview.Failed || end.Reason != preview.InstanceLost {
			t.Errorf("%s: it is %s for %s: %s", name, end.Status, end.Reason, end.Message)
		}
		wallOf(owner, e.enter()...).stands(t)
	}

	e.end(syscall.SIGTERM)
	e.start("--live-restore")
	s.readiness(http.StatusOK, "ok")
	kept := p.running()
	for name, signal := range map[string]syscall.Signal{"stopped": syscall.SIGTERM, "killed": syscall.SIGKILL} {
		p.goesOn()
		e.end(signal)
		s.readiness(http.StatusServiceUnavailable, "failed")
		e.start("--live-restore")
		s.readiness(http.StatusOK, "ok")
		p.goesOn()
		if after := p.status(); after.ID != kept.ID || after.Status != preview.Running {
			t.Errorf("%s under live restore: it is %s for %s: %s", name, after.Status, after.Reason, after.Message)
		}
		if code, _ := get(t, e.door(kept.BaseURL)); code != 200 {
			t.Errorf("%s under live restore: it answers %d", name, code)
		}
	}

	// The engine is away while previewd ends: the next one ends what this one wanted to.
	owner := e.ownerOf(kept.ID)
	e.end(syscall.SIGKILL)
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	s.await()
	e.start("--live-restore")
	next := spawn(t, environ, e.enter()...)
	next.ready()
	next.api = e.door(next.api)
	p = p.on(next.service)
	if end := p.ended(); end.ID != kept.ID || end.Status != preview.Stopped || end.Reason != preview.Shutdown {
		t.Errorf("after the shutdown without an engine it is %s for %s: %s", end.Status, end.Reason, end.Message)
	}
	next.term()
	e.nothingOf(owner)
}

// readiness waits until /readyz answers so, and says that of the engine.
func (s *service) readiness(code int, engine string) {
	s.t.Helper()
	var said string
	if !eventually(patience, func() bool {
		var body struct {
			Checks map[string]struct{ Status string }
		}
		status, text, err := tryGet(s.t.Context(), s.api+"/readyz")
		said = text
		return err == nil && json.Unmarshal([]byte(text), &body) == nil && status == code && body.Checks["engine"].Status == engine
	}) {
		s.t.Fatalf("never ready with %d and the engine %s: %s", code, engine, said)
	}
}

// goesOn waits for further lines of the app. An engine that is killed may lose what it was about to write, so there may
// be a gap in the numbers; there is no repeat.
func (p *project) goesOn() {
	p.t.Helper()
	count := func() (n int) {
		last := map[preview.Stream]string{}
		for _, l := range p.lines() {
			if l.Source == preview.Subprocess && l.Stream == preview.Stdout && strings.HasPrefix(l.Message, "out ") {
				if !less(last[l.Stream], l.Message) {
					p.t.Fatalf("seq %d: %q after %q", l.Seq, l.Message, last[l.Stream])
				}
				last[l.Stream] = l.Message
				n++
			}
		}
		return n
	}
	from := count()
	if !eventually(patience, func() bool { return count() > from+50 }) {
		p.t.Fatalf("the log stays at %d lines", from)
	}
}

// less compares numbered lines.
func less(a, b string) bool { return len(a) < len(b) || (len(a) == len(b) && a < b) }
