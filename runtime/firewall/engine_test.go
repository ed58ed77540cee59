package firewall_test

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"previewd/runtime/docker"
	"previewd/runtime/docker/dockertest"
	"previewd/runtime/firewall"
	"previewd/runtime/preview"
)

const testImage = "debian:trixie-slim"

// requireEngine fails in CI and skips elsewhere when rules cannot be tried here.
func requireEngine(t *testing.T) {
	t.Helper()
	b, err := docker.New(docker.Options{Owner: "probe"})
	if err == nil {
		_, err = b.ImageID(t.Context(), testImage)
		_ = b.Close()
	}
	if err == nil && os.Geteuid() != 0 {
		err = os.ErrPermission
	}
	if err == nil {
		_, err = exec.LookPath("ip")
	}
	switch {
	case err == nil:
	case os.Getenv("CI") == "true":
		t.Fatalf("these tests need root, iproute2 and a Docker engine with %s: %v", testImage, err)
	default:
		t.Skipf("needs root, iproute2 and a Docker engine with %s: %v", testImage, err)
	}
}

// site is an owner's backend with its networks.
type site struct{ *docker.Backend }

func newSite(t *testing.T, egress string) site {
	t.Helper()
	requireEngine(t)
	owner := fmt.Sprintf("previewdtest-%d-%s", os.Getpid(), preview.NewID()[:6])
	dockertest.Note(t, owner)
	b, err := docker.New(docker.Options{Owner: owner, Egress: egress})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx := context.Background()
		list, err := b.List(ctx)
		if err != nil {
			t.Error(err)
		}
		for _, i := range list {
			if err := b.Remove(ctx, i.ID); err != nil {
				t.Error(err)
			}
		}
		if err := b.RemoveNetworks(ctx); err != nil {
			t.Error(err)
		}
		_ = b.Close()
	})
	if err := b.EnsureNetworks(t.Context()); err != nil {
		t.Fatal(err)
	}
	return site{b}
}

// wall applies rules to both of the site's bridges.
func (s site) wall(t *testing.T, egress firewall.Egress, resolvConf ...string) *firewall.Firewall {
	t.Helper()
	f := firewall.New(firewall.Options{ResolvConf: resolvConf, Bridges: []firewall.Bridge{
		{Interface: s.Bridge(preview.NetworkPreviews), Egress: egress},
		{Interface: s.Bridge(preview.NetworkInstall), Egress: firewall.Internet},
	}})
	t.Cleanup(func() {
		if err := f.Remove(context.Background()); err != nil {
			t.Error(err)
		}
	})
	if err := f.Apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	return f
}

// launch starts a Perl script as a preview.
func (s site) launch(t *testing.T, network preview.Network, port int, script string) string {
	t.Helper()
	var buf bytes.Buffer
	w := tar.NewWriter(&buf)
	_ = w.WriteHeader(&tar.Header{Name: "app.pl", Mode: 0o644, Size: int64(len(script))})
	_, _ = io.WriteString(w, script)
	_ = w.Close()
	id, err := s.Create(t.Context(), preview.Spec{
		Kind: preview.KindPreview, PreviewID: preview.NewID(), Image: testImage, Command: []string{"perl", "/app/app.pl"},
		WorkDir: "/app", User: "10001:10001", Port: port, Network: network,
		Limits: preview.Limits{MemoryMB: 256, CPUs: 1, PIDs: 200, DiskMB: 8, OpenFile: 256},
		Files:  []preview.Upload{{Dir: "/app", UID: 10001, GID: 10001, Tar: &buf}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	return id
}

// lines waits for an instance's end and returns what it said.
func (s site) lines(t *testing.T, id string) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	r, err := s.Logs(ctx, id, preview.LogsOptions{Follow: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	var lines []string
	for {
		e, err := r.Next()
		if errors.Is(err, io.EOF) {
			return lines
		}
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(e.Text))
	}
}

// reach tells which of the targets ("tcp:host:port", "udp:host:port") an instance gets an answer from.
func (s site) reach(t *testing.T, network preview.Network, targets ...string) map[string]bool {
	t.Helper()
	script := `
use strict; use warnings; use IO::Socket::INET;
my @kids;
for my $target (qw(` + strings.Join(targets, " ") + `)) {
    my $pid = fork(); if ($pid) { push @kids, $pid; next }
    my ($proto, $host, $port) = split /:/, $target;
    my $s = IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port, Proto => $proto, Timeout => 2);
    my $ok = $s ? 1 : 0;
    if ($ok && $proto eq 'udp') {
        # a DNS question for example.com, type A
        $s->send(pack('n6', 4711, 0x0100, 1, 0, 0, 0) . "\7example\3com\0" . pack('n2', 1, 1));
        my $in = ''; vec($in, fileno($s), 1) = 1;
        $ok = select($in, undef, undef, 4) ? 1 : 0;
        if ($ok) { my $answer = ''; $ok = defined $s->recv($answer, 512) && length $answer > 11 && (unpack('C4', $answer))[3] % 16 != 2 ? 1 : 0 }
    }
    syswrite STDOUT, "$target $ok\n";
    exit;
}
waitpid $_, 0 for @kids;
`
	reached := make(map[string]bool)
	for _, line := range s.lines(t, s.launch(t, network, 0, script)) {
		target, ok, _ := strings.Cut(line, " ")
		reached[target] = ok == "1"
	}
	if len(reached) != len(targets) {
		t.Fatalf("asked for %q, heard of %v", targets, reached)
	}
	return reached
}

func (s site) want(t *testing.T, network preview.Network, open, closed []string) {
	t.Helper()
	reached := s.reach(t, network, append(append([]string{}, open...), closed...)...)
	for _, target := range open {
		if !reached[target] {
			t.Errorf("%s: %s cannot be reached", network, target)
		}
	}
	for _, target := range closed {
		if reached[target] {
			t.Errorf("%s: %s can be reached", network, target)
		}
	}
}

func resolvConf(t *testing.T, lines string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "resolv.conf")
	if err := os.WriteFile(file, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
