package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// initCluster creates the cluster under a temporary name and renames it when it is complete and on disk, so that a
// kill at any moment leaves no half cluster behind.
func initCluster(ctx context.Context, b binaries, l layout, a account) error {
	if err := removeHalfMade(l.dir); err != nil {
		return err
	}
	temporary, err := os.MkdirTemp(l.dir, initPrefix)
	if err != nil {
		return fmt.Errorf("create cluster: %w", err)
	}
	if err := os.Lchown(temporary, a.uid, a.gid); err != nil {
		return fmt.Errorf("create cluster: %w", err)
	}
	if err := runInitdb(ctx, b, l, a, filepath.Base(temporary)); err != nil {
		return errors.Join(err, os.RemoveAll(temporary))
	}
	if err := unix.Syncfs(int(l.handle.Fd())); err != nil { //nolint:gosec // a descriptor fits an int
		return fmt.Errorf("create cluster: sync: %w", err)
	}
	if err := os.Rename(temporary, l.data); err != nil {
		return fmt.Errorf("create cluster: %w", err)
	}
	return nil
}

// initPrefix begins the names of clusters that are being made.
const initPrefix = "init-"

func removeHalfMade(dir string) error {
	left, _ := filepath.Glob(filepath.Join(escaped(dir), initPrefix+"*")) // fails on a malformed pattern only
	for _, path := range left {
		if err := os.RemoveAll(path); err != nil {
			return fmt.Errorf("half-made cluster: %w", err)
		}
	}
	return nil
}

func runInitdb(ctx context.Context, b binaries, l layout, a account, name string) error {
	cmd := b.command("initdb",
		"--pgdata="+inherited+"/"+name,
		"--username="+role,
		"--auth-local=peer", "--auth-host=reject",
		"--encoding=UTF8", "--locale=C",
		"--no-sync", "--no-instructions")
	// On the death of this process initdb goes at once; the folder under a temporary name is removed by the next start.
	p, err := spawn(cmd, l.handle, a, syscall.SIGKILL)
	if err != nil {
		return fmt.Errorf("initdb: %w", err)
	}
	select {
	case <-p.done:
	case <-ctx.Done():
		p.signal(syscall.SIGTERM)
		<-p.done
		return fmt.Errorf("initdb: %w", ctx.Err())
	}
	if p.err != nil {
		return fmt.Errorf("initdb: %w: %s", p.err, p.tail.String())
	}
	return nil
}
