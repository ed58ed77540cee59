package docker

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// deletedBytes is what the processes in the pid namespace of one process hold in files that no longer have a name.
// Processes come and go while it looks, so what cannot be read counts nothing.
func deletedBytes(proc string, pid int) int64 {
	namespace, err := os.Readlink(filepath.Join(proc, strconv.Itoa(pid), "ns", "pid"))
	if err != nil {
		return 0
	}
	entries, err := os.ReadDir(proc)
	if err != nil {
		return 0
	}
	seen := map[inode]bool{}
	var total int64
	for _, e := range entries {
		if _, err := strconv.Atoi(e.Name()); err != nil {
			continue
		}
		dir := filepath.Join(proc, e.Name())
		if ns, err := os.Readlink(filepath.Join(dir, "ns", "pid")); err == nil && ns == namespace {
			total += deletedIn(filepath.Join(dir, "fd"), seen)
		}
	}
	return total
}

type inode struct{ device, number uint64 }

// deletedIn adds up one process's open files without a name; one that several hold counts once.
func deletedIn(fds string, seen map[inode]bool) int64 {
	entries, err := os.ReadDir(fds)
	if err != nil {
		return 0
	}
	var total int64
	for _, e := range entries {
		path := filepath.Join(fds, e.Name())
		target, err := os.Readlink(path)
		if err != nil || !onDisk(target) {
			continue
		}
		var stat syscall.Stat_t
		if syscall.Stat(path, &stat) != nil || stat.Mode&syscall.S_IFMT != syscall.S_IFREG || stat.Nlink > 0 {
			continue
		}
		if id := (inode{stat.Dev, stat.Ino}); !seen[id] {
			seen[id] = true
			total += stat.Blocks * 512
		}
	}
	return total
}

// onDisk tells files from memory that the kernel shows as deleted files, which counts as the instance's memory.
func onDisk(target string) bool {
	if !strings.HasSuffix(target, " (deleted)") {
		return false
	}
	for _, memory := range []string{"/memfd:", "/dev/shm/", "/dev/zero", "/SYSV"} {
		if strings.HasPrefix(target, memory) {
			return false
		}
	}
	return true
}
