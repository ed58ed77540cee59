package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// maxSocketPath is what a Unix socket's address holds besides its final NUL (unix(7)).
const maxSocketPath = 107

// socketName is the file PostgreSQL puts into its socket folder for port 5432.
const socketName = ".s.PGSQL.5432"

// layout names the places in the server's folder.
type layout struct {
	dir, data, run string

	// handle is the open folder. The server inherits it and is given paths below it, so that neither the length
	// of the folder's path nor the permissions of the folders above matter to it.
	handle *os.File
}

// inherited is how the server's process sees the handle.
const inherited = "/proc/self/fd/3"

func prepare(dir string) (layout, error) {
	if dir == "" {
		return layout{}, errors.New("no folder given")
	}
	dir, err := absolute(dir)
	if err != nil {
		return layout{}, err
	}
	handle, err := os.Open(dir)
	if err != nil {
		return layout{}, fmt.Errorf("folder: %w", err)
	}
	return layout{dir: dir, data: filepath.Join(dir, "data"), run: filepath.Join(dir, "run"), handle: handle}, nil
}

// socketDir is where this process finds the socket: through the open folder when the plain path is too long.
func (l layout) socketDir() string {
	if len(filepath.Join(l.run, socketName)) <= maxSocketPath {
		return l.run
	}
	return fmt.Sprintf("/proc/self/fd/%d/run", l.handle.Fd())
}

// hand makes the folder what the account needs: it may pass through dir, which stays ours, and owns the rest.
func (l layout) hand(a account) error {
	mode := os.FileMode(0o700)
	if a.foreign {
		mode = 0o711
	}
	if err := os.Chmod(l.dir, mode); err != nil {
		return fmt.Errorf("folder: %w", err)
	}
	if err := os.Mkdir(l.run, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("socket folder: %w", err)
	}
	if err := os.Lchown(l.run, a.uid, a.gid); err != nil {
		return fmt.Errorf("socket folder: %w", err)
	}
	return l.writeAccess(a)
}

// writeAccess says who may connect: this process's user, as the kernel tells it (peer authentication), and nobody
// else. The files are root's where the server is not.
func (l layout) writeAccess(a account) error {
	files := map[string]string{
		"hba.conf":   "local all " + role + " peer map=previewd\n",
		"ident.conf": "previewd " + quoted(a.client) + " " + role + "\n",
	}
	for name, text := range files {
		path := filepath.Join(l.dir, name)
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("access rules: %w", err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil { //nolint:gosec // the server's user reads it
			return fmt.Errorf("access rules: %w", err)
		}
		if err := os.Chmod(path, 0o644); err != nil { //nolint:gosec // whatever the umask
			return fmt.Errorf("access rules: %w", err)
		}
	}
	return nil
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// ErrInUse says that another previewd uses the folder.
var ErrInUse = errors.New("folder is in use by another previewd")

// takeLock keeps other previewds off the folder until the file is closed, at the latest by the end of this process.
func takeLock(dir string) (*os.File, error) {
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errors.Join(fmt.Errorf("%w: %s", ErrInUse, dir), lock.Close())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", dir, err), lock.Close())
	}
	return lock, nil
}
