package docker

import (
	"archive/tar"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"previewd/runtime/preview"
)

// perl returns a spec that runs a Perl script as a hostile app would be run.
func perl(script string) preview.Spec {
	return preview.Spec{
		Kind: preview.KindPreview, PreviewID: preview.NewID(), Image: testImage,
		Command: []string{"perl", "/app/hostile.pl"}, WorkDir: "/app", User: "10001:10001", Network: preview.NetworkPreviews,
		Limits: preview.Limits{MemoryMB: 64, CPUs: 1, PIDs: 32, DiskMB: 8, OpenFile: 256},
		Files: []preview.Upload{{
			Dir: "/app", UID: 10001, GID: 10001, Tar: tarOf(&tar.Header{Name: "hostile.pl", Mode: 0o644}, script),
		}},
	}
}

// run runs an instance to its end and returns its lines.
func run(t *testing.T, b *Backend, spec preview.Spec) ([]string, preview.Instance) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	if err := b.EnsureNetworks(ctx); err != nil {
		t.Fatal(err)
	}
	id, err := b.Create(ctx, spec)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Start(ctx, id); err != nil {
		t.Fatal(err)
	}
	i, err := b.Wait(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	r, err := b.Logs(ctx, id, preview.LogsOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return readLines(t, r), i
}

func readLines(t *testing.T, r preview.LogReader) []string {
	t.Helper()
	defer func() { _ = r.Close() }()
	var lines []string
	for {
		e, err := r.Next()
		if err != nil {
			return lines
		}
		lines = append(lines, string(e.Text))
	}
}

// walk prints every folder and file outside /proc that the process can write to, by trying.
const walk = `
use strict; use warnings;
sub writable { my $p = "$_[0]/.probe"; if (open my $f, '>', $p) { close $f; unlink $p; return 1 } 0 }
my @todo = ('/');
while (defined(my $dir = shift @todo)) {
    print "$dir\n" if writable($dir);
    opendir my $d, $dir or next;
    for my $name (readdir $d) {
        my $path = $dir eq '/' ? "/$name" : "$dir/$name";
        next if $name eq '.' || $name eq '..' || -l $path || $path eq '/proc' || $path eq '/sys';
        if (-d $path) { push @todo, $path }
        elsif (-f $path) { print "$path\n" if open my $f, '>>', $path }
    }
}
`

func TestWritesNowhereElse(t *testing.T) {
	lines, _ := run(t, testBackend(t, Options{}), perl(walk))
	slices.Sort(lines)
	want := []string{"/app", "/app/hostile.pl", "/dev/shm", "/tmp"}
	if !slices.Equal(lines, want) {
		t.Errorf("writable: %q, want %q", lines, want)
	}
}

func TestProcWritesNothing(t *testing.T) {
	lines, _ := run(t, testBackend(t, Options{}), perl(`
		for my $p (glob("/proc/sys/*/* /proc/sys/net/*/* /sys/kernel/* /sys/fs/cgroup/*/* /sys/fs/cgroup/*"), "/proc/sysrq-trigger") {
			print "$p\n" if -f $p && open my $f, '>', $p;
		}
		print "end\n";`))
	if !slices.Equal(lines, []string{"end"}) {
		t.Errorf("writable: %q", lines)
	}
}

func TestPrivileges(t *testing.T) {
	lines, _ := run(t, testBackend(t, Options{}), perl(`
		open my $f, '<', '/proc/self/status' or die;
		while (<$f>) { print if /^(Uid|Gid|Groups|Cap\w+|NoNewPrivs|Seccomp):/ }
		open my $l, '<', '/proc/self/limits' or die;
		while (<$l>) { print if /^Max (open files|file size|core)/ }
		open my $o, '<', '/proc/self/oom_score_adj' or die; print "oom ", <$o>;
		print "socket\n" if -e '/var/run/docker.sock' || -e '/run/docker.sock';`))
	text := strings.Join(strings.Fields(strings.Join(lines, " ")), " ")
	for _, want := range []string{
		"Uid: 10001 10001 10001 10001", "Gid: 10001 10001 10001 10001",
		"CapPrm: 0000000000000000", "CapEff: 0000000000000000", "CapBnd: 0000000000000000",
		"NoNewPrivs: 1", "Seccomp: 2", "oom 500",
		"Max file size 8388608 8388608", "Max core file size 0 0", "Max open files 256 256",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %q", want, text)
		}
	}
	if strings.Contains(text, "socket") {
		t.Error("the engine's socket is inside")
	}
}

func TestForkBomb(t *testing.T) {
	lines, _ := run(t, testBackend(t, Options{}), perl(`
		$| = 1; my $n = 0;
		while ($n < 100) { my $pid = fork(); last unless defined $pid; if (!$pid) { sleep 60; exit } $n++ }
		print "$n\n"; kill 9, -1;`))
	var n int
	if _, err := fmt.Sscan(lines[0], &n); err != nil || n < 1 || n >= 32 {
		t.Errorf("forked %v times with a limit of 32 processes", lines)
	}
}

func TestFileSizeLimit(t *testing.T) {
	lines, _ := run(t, testBackend(t, Options{}), perl(`
		$SIG{XFSZ} = 'IGNORE'; open my $f, '>', '/tmp/big' or die;
		for (1 .. 20) { syswrite($f, "x" x 1048576) or do { print "refused: $!\n"; last } }
		print -s '/tmp/big', "\n";`))
	if len(lines) != 2 || lines[1] != "8388608" {
		t.Errorf("a file grew past 8 MB: %q", lines)
	}
}

func TestSharedMemoryIsSmall(t *testing.T) {
	lines, _ := run(t, testBackend(t, Options{}), perl(`
		$SIG{XFSZ} = 'IGNORE'; my $n = 0;
		FILE: for my $i (1 .. 10) {
			open my $f, '>', "/dev/shm/$i" or last;
			for (1 .. 4) { my $w = syswrite($f, "x" x 1048576); last FILE unless $w && $w == 1048576; $n++ }
		}
		print "$n\n";`))
	if !slices.Equal(lines, []string{"16"}) {
		t.Errorf("wrote %q MB of shared memory, want 16", lines)
	}
}

func TestImageVolumesAreBounded(t *testing.T) {
	b := testBackend(t, Options{})
	tag := "previewd-volumes-" + randomHex() + ":1"
	_, err := b.Build(t.Context(), preview.BuildSpec{
		Tag: tag, Network: preview.NetworkNone,
		Context: tarOf(&tar.Header{Name: "Dockerfile", Mode: 0o644}, "FROM "+testImage+"\nVOLUME /data\n"),
	}, discard{})
	if err != nil {
		t.Fatal(err)
	}
	spec := perl(`open my $m, '<', '/proc/mounts' or die; while (<$m>) { print "$1\n" if m{^(\S+) /data } }`)
	spec.Image = tag
	if lines, _ := run(t, b, spec); !slices.Equal(lines, []string{"tmpfs"}) {
		t.Errorf("/data is on %q", lines)
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

func TestLogFilesAreBounded(t *testing.T) {
	b := testBackend(t, Options{})
	id, err := b.Create(t.Context(), perl(""))
	if err != nil {
		t.Fatal(err)
	}
	c, err := b.api.ContainerInspect(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if l := c.HostConfig.LogConfig; l.Type != "json-file" || l.Config["max-size"] == "" || l.Config["max-file"] == "" {
		t.Errorf("log config %+v", l)
	}
	if c.HostConfig.Memory != c.HostConfig.MemorySwap || c.HostConfig.Memory != 64<<20 {
		t.Errorf("memory %d, with swap %d", c.HostConfig.Memory, c.HostConfig.MemorySwap)
	}
	if len(c.HostConfig.Binds) != 0 || c.HostConfig.Privileged {
		t.Errorf("host config %+v", c.HostConfig)
	}
}
