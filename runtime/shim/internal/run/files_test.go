package run

import (
	"archive/tar"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"previewd/runtime/shim/internal/nstest"
	"previewd/runtime/shim/internal/wire"
)

// fed is a shim that waits for its files, and where they are written.
func fed(t *testing.T, command ...string) (p *process, stdin *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	p = launchWith(t, wire.Config{Files: true, Dir: "/", Command: command}, r)
	_ = r.Close()
	return p, w
}

func TestFilesBeforeTheApp(t *testing.T) {
	dir := t.TempDir()
	p, stdin := fed(t, "/bin/cat", strings.TrimPrefix(filepath.Join(dir, "hello.txt"), "/"))
	w := tar.NewWriter(stdin)
	h := &tar.Header{Typeflag: tar.TypeReg, Name: strings.TrimPrefix(dir, "/") + "/hello.txt", Mode: 0o644, Size: 6}
	if err := w.WriteHeader(h); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("hello\n")); err != nil {
		t.Fatal(err)
	}
	if len(p.of(wire.ReportStarted)) > 0 {
		t.Error("the app was started before the last file was there")
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if code := p.exit(); code != 0 || !slices.Equal(p.lines(), []string{"hello"}) {
		t.Errorf("exit code %d, output %q", code, p.lines())
	}
}

func TestFolderThatIsNotThere(t *testing.T) {
	p := launch(t, wire.Config{Dir: "/no/such/folder", Command: []string{"/bin/true"}})
	if code := p.exit(); code != exitOS || len(p.lines()) != 1 || !strings.Contains(p.lines()[0], "/no/such/folder") {
		t.Errorf("exit code %d, output %q", code, p.lines())
	}
}

func TestFilesThatBreakOff(t *testing.T) {
	p, stdin := fed(t, "/bin/true")
	_ = stdin.Close()
	if code := p.exit(); code != exitOS || len(p.lines()) != 1 || !strings.Contains(p.lines()[0], "the project's files") {
		t.Errorf("exit code %d, output %q", code, p.lines())
	}
}

func TestStopWhileFilesAreAwaited(t *testing.T) {
	p, stdin := fed(t, "/bin/true")
	if _, err := stdin.Write(make([]byte, 100)); err != nil { // less than a block
		t.Fatal(err)
	}
	nstest.Eventually(t, "the shim reads", func() bool {
		left, err := unix.IoctlGetInt(int(stdin.Fd()), unix.TIOCINQ)
		return err == nil && left == 0
	})
	p.signal(syscall.SIGTERM)
	if code := p.exit(); code == 0 {
		t.Errorf("exit code %d", code)
	}
}
