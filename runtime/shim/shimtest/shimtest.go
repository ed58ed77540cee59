// Package shimtest gives tests a shim without make: it builds one with the go command.
package shimtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"previewd/runtime/shim"
)

// Build returns the path of a freshly built shim of this test's own. The link is done once for all test programs
// of the machine: the result is kept in the user's cache folder.
func Build(t testing.TB) string {
	t.Helper()
	cached := filepath.Join(cacheDir(t), "shim-linux-"+runtime.GOARCH)
	unlock := lock(t, cached+".lock")
	defer unlock()
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", cached, "previewd/runtime/shim/cmd/shim")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build the shim: %v\n%s", err, out)
	}
	body, err := os.ReadFile(cached)
	if err != nil {
		t.Fatal(err)
	}
	own := filepath.Join(t.TempDir(), "shim")
	if err := os.WriteFile(own, body, 0o755); err != nil { //nolint:gosec // it is to be run, by any uid
		t.Fatal(err)
	}
	return own
}

// Files returns what shim.Files returns in a program that was built with the shim.
func Files(t testing.TB) []byte {
	t.Helper()
	binary, err := os.ReadFile(Build(t))
	if err != nil {
		t.Fatal(err)
	}
	files, err := shim.Pack(binary)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func cacheDir(t testing.TB) string {
	t.Helper()
	base, err := os.UserCacheDir()
	if err != nil {
		base = os.TempDir()
	}
	dir := filepath.Join(base, "previewd-shimtest")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// lock keeps two test programs from building at once.
func lock(t testing.TB, name string) (unlock func()) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	return func() { _ = f.Close() }
}
