package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/sirupsen/logrus"
)

// endLeftovers ends every postgres that still works in the folder: a server whose previewd was killed a moment ago
// and that shuts down, or one that lost its own master. The caller holds the lock, so none of them is in use. A
// stale postmaster.pid goes too: after a restart of the machine its process id may be another program's, which
// PostgreSQL would take for a running server.
//
// Each signal, from a fast shutdown to SIGKILL, is given patience.
func endLeftovers(ctx context.Context, dir string, patience time.Duration, log *logrus.Entry) error {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT, syscall.SIGKILL} {
		left := serversIn(dir)
		if len(left) == 0 {
			return removeStale(dir)
		}
		log.WithField("pids", fmt.Sprint(left)).Warn("ending a database server that was left over")
		for _, pid := range left {
			_ = syscall.Kill(pid, signal) // it may have ended meanwhile
		}
		if err := awaitNone(ctx, dir, patience); err != nil {
			return err
		}
	}
	if left := serversIn(dir); len(left) > 0 {
		return fmt.Errorf("postgres processes %v of an earlier run in %s do not end", left, dir)
	}
	return removeStale(dir)
}

func awaitNone(ctx context.Context, dir string, wait time.Duration) error {
	limit := time.NewTimer(wait)
	defer limit.Stop()
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for len(serversIn(dir)) > 0 {
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for an earlier server to end: %w", ctx.Err())
		case <-limit.C:
			return nil
		case <-again.C:
		}
	}
	return nil
}

// serversIn lists the postgres processes whose working directory is a cluster in dir, which is where each of a
// server's processes works. Folders are compared by identity: a container may have others of the same path.
func serversIn(dir string) []int {
	folder, err := os.Stat(dir)
	if err != nil {
		return nil
	}
	processes, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return nil
	}
	var pids []int
	for _, process := range processes {
		exe, err := os.Readlink(process + "/exe")
		if err != nil || filepath.Base(strings.TrimSuffix(exe, " (deleted)")) != "postgres" {
			continue
		}
		parent, err := os.Stat(process + "/cwd/..")
		if err != nil || !os.SameFile(parent, folder) {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(process)); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

// removeStale removes what names the process of a server that is gone.
func removeStale(dir string) error {
	for _, name := range []string{"data/postmaster.pid", "run/" + socketName, "run/" + socketName + ".lock"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("leftover of an earlier server: %w", err)
		}
	}
	return nil
}

// escaped makes a path literal in a glob pattern.
func escaped(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}
