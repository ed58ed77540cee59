package docker

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"previewd/runtime/preview"
	"previewd/runtime/shim"
	"previewd/runtime/shim/shimtest"
)

// closing tells whether it was closed.
type closing struct {
	io.Reader
	closed atomic.Bool
}

func (c *closing) Close() error {
	c.closed.Store(true)
	return nil
}

func realShim(t *testing.T) *Backend {
	t.Helper()
	files := shimtest.Files(t)
	return testBackend(t, Options{
		ShimFiles: func() (io.Reader, error) { return bytes.NewReader(files), nil }, ShimDigest: shim.DigestOf(files),
	})
}

// fed is a spec whose files the shim lays out before it runs a Perl script among them.
func fed(t *testing.T, script string, more ...preview.Upload) preview.Spec {
	t.Helper()
	config, err := json.Marshal(shim.Config{Nonce: "n", Port: 4000, Files: true, Command: []string{"perl", "/app/hostile.pl"}})
	if err != nil {
		t.Fatal(err)
	}
	spec := shimmed(script)
	spec.Command, spec.FilesByStdin, spec.Env = nil, true, map[string]string{shim.EnvConfig: string(config)}
	spec.WorkDir, spec.User = "/tmp", "10001:10001"
	spec.Files[0].Dir = "/tmp"
	spec.Env[shim.EnvConfig] = strings.Replace(string(config), "/app/", "/tmp/", 1)
	spec.Files = append(spec.Files, more...)
	spec.Limits.DiskMB = 64
	return spec
}

func output(lines []string) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(l string) bool { return strings.Contains(l, shim.Marker) })
}

func TestFilesByStdin(t *testing.T) {
	const size = 20 << 20 // more than all buffers between here and there
	big := &closing{Reader: tarOf(&tar.Header{Name: "deep/big", Mode: 0o600}, strings.Repeat("x", size))}
	lines, ended := run(t, realShim(t), fed(t, `
		for (qw(/tmp/hostile.pl /tmp/data /tmp/data/deep /tmp/data/deep/big)) { my @s = stat or die "$_: $!"; printf "%s %o %d %d\n", $_, $s[2] & 07777, $s[4], -d _ ? 0 : $s[7] }
		$SIG{ALRM} = sub { print "stdin is open\n"; exit 0 }; alarm 1; <STDIN>; print "stdin ended\n";`,
		preview.Upload{Dir: "/tmp/data", Tar: big}))
	want := []string{"/tmp/data 755 10001 0", "/tmp/data/deep 755 10001 0", "/tmp/data/deep/big 600 10001 20971520", "stdin is open"}
	if got := output(lines); ended.ExitCode != 0 || len(got) != 5 || !slices.Equal(got[1:], want) {
		t.Errorf("exit code %d, got %q", ended.ExitCode, got)
	}
	if !big.closed.Load() {
		t.Error("the files were not closed")
	}
}

// TestFilesByStdinRefused: the archive is found out while it is sent.
func TestFilesByStdinRefused(t *testing.T) {
	lines, ended := run(t, realShim(t), fed(t, `print "runs\n"`, preview.Upload{Dir: "/tmp/bad", Tar: tarOf(&tar.Header{Name: "../../etc/x"}, "")}))
	if got := strings.Join(output(lines), "\n"); ended.ExitCode != 71 || !strings.Contains(got, "the project's files") {
		t.Errorf("exit code %d, got %q", ended.ExitCode, got)
	}
}

// TestFilesByStdinNeverRead: the instance is removed, or cannot be made.
func TestFilesByStdinNeverRead(t *testing.T) {
	b := realShim(t)
	if err := b.EnsureNetworks(t.Context()); err != nil {
		t.Fatal(err)
	}
	r, w := io.Pipe() // whose writer waits until somebody reads
	id, err := b.Create(t.Context(), fed(t, "", preview.Upload{Dir: "/tmp/never", Tar: r}))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Remove(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	_ = w.CloseWithError(io.ErrUnexpectedEOF)

	files := &closing{Reader: strings.NewReader("")}
	spec := fed(t, "", preview.Upload{Dir: "/tmp/x", Tar: files})
	spec.Image = "previewd-no-such-image:1"
	if _, err := b.Create(t.Context(), spec); err == nil || !files.closed.Load() {
		t.Errorf("an instance that cannot be made: %v, closed %v", err, files.closed.Load())
	}
}
