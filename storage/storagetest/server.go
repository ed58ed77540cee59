package storagetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"previewd/storage/embedded"
)

// unsafe settings make a server fast whose data nobody needs after a crash.
var unsafe = map[string]string{
	"fsync":              "off",
	"synchronous_commit": "off",
	"full_page_writes":   "off",
	"max_connections":    "300",
	"shared_buffers":     "32MB",
	"autovacuum":         "off",
	"max_wal_size":       "1GB",
}

// server is the database server of one test process.
type server struct {
	url  string // of its maintenance database
	stop func() error
}

// startServer uses the server of PREVIEW_TEST_DATABASE_URL, or starts one in a temporary folder.
func startServer(ctx context.Context) (server, error) {
	if url := os.Getenv("PREVIEW_TEST_DATABASE_URL"); url != "" {
		return server{url: url, stop: func() error { return nil }}, nil
	}
	removeAbandoned()
	dir, err := os.MkdirTemp("", folderPrefix)
	if err != nil {
		return server{}, fmt.Errorf("folder of the test server: %w", err)
	}
	s, err := embedded.Start(ctx, embedded.Options{Dir: dir, Settings: unsafe})
	if err != nil {
		return server{}, errors.Join(err, os.RemoveAll(dir))
	}
	stop := func() error {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		return errors.Join(s.Stop(ctx), os.RemoveAll(dir))
	}
	return server{url: s.URL(), stop: stop}, nil
}

const folderPrefix = "previewd-storagetest-"

// removeAbandoned removes the folders of test processes that were killed: their locks are free. A folder without
// a lock may be one that another process is about to use.
func removeAbandoned() {
	locks, err := filepath.Glob(filepath.Join(os.TempDir(), folderPrefix+"*", "lock"))
	if err != nil {
		return
	}
	for _, path := range locks {
		lock, err := os.OpenFile(path, os.O_RDWR|syscall.O_NOFOLLOW, 0)
		if err != nil {
			continue
		}
		if syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			_ = os.RemoveAll(filepath.Dir(path)) // its server may still be shutting down; the next process tries again
		}
		_ = lock.Close()
	}
}
