package docker

import (
	"os"
	"path/filepath"
	"testing"
)

func TestDeletedFilesStillCount(t *testing.T) {
	before := deletedBytes("/proc", os.Getpid())
	path := filepath.Join(t.TempDir(), "filler")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	twice, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = twice.Close() })
	if _, err := f.Write(make([]byte, 3<<20)); err != nil {
		t.Fatal(err)
	}
	if err := f.Sync(); err != nil {
		t.Fatal(err)
	}
	if now := deletedBytes("/proc", os.Getpid()); now-before >= 3<<20 {
		t.Errorf("a file with a name counts: %d bytes", now-before)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if got := deletedBytes("/proc", os.Getpid()) - before; got < 3<<20 || got > 5<<20 {
		t.Errorf("%d bytes in deleted files, want 3 MB once", got)
	}
}

func TestDeletedFilesOfNobody(t *testing.T) {
	if n := deletedBytes("/proc", 1<<30); n != 0 {
		t.Errorf("%d bytes of a process that is not there", n)
	}
	if n := deletedBytes(t.TempDir(), 1); n != 0 {
		t.Errorf("%d bytes without /proc", n)
	}
}

func TestMemoryIsNoDisk(t *testing.T) {
	for target, want := range map[string]bool{
		"/app/filler (deleted)": true, "/app/filler": false, "/memfd:x (deleted)": false, "/dev/shm/x (deleted)": false, "/SYSV00 (deleted)": false,
	} {
		if onDisk(target) != want {
			t.Errorf("onDisk(%q) = %v", target, !want)
		}
	}
}
