// Package unpack lays out the project's files, which previewd sends to the shim's standard input as a tar. The engine can
// do it before the start, too, but takes 50 ms for that, a tenth of a launch.
package unpack

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
)

// Files lays out folders, files and symbolic links below root, as this process's user, until the end of the tar. What
// is in the way is replaced, but for folders where folders belong. A stream that breaks off is an error.
func Files(r io.Reader, root string) error {
	dir, err := os.OpenRoot(root)
	if err != nil {
		return err
	}
	in := &stream{r: r}
	err = all(tar.NewReader(in), dir)
	if err == nil && in.ended {
		err = fmt.Errorf("read the project's files: %w", io.ErrUnexpectedEOF)
	}
	return errors.Join(err, dir.Close())
}

// stream notes that its end was read. A whole tar says itself where it ends; one that breaks off between two files
// would pass for whole.
type stream struct {
	r     io.Reader
	ended bool
}

func (s *stream) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	s.ended = s.ended || err == io.EOF
	return n, err
}

func all(in *tar.Reader, root *os.Root) error {
	for {
		h, err := in.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the project's files: %w", err)
		}
		if err := entry(root, h, in); err != nil {
			return fmt.Errorf("lay out %s: %w", h.Name, err)
		}
	}
}

func entry(root *os.Root, h *tar.Header, body io.Reader) error {
	name, mode := path.Clean(h.Name), fs.FileMode(h.Mode).Perm() //nolint:gosec // permission bits
	switch h.Typeflag {
	case tar.TypeDir:
		return folder(root, name, mode)
	case tar.TypeReg:
		if err := makeRoom(root, name); err != nil {
			return err
		}
		return file(root, name, mode, body)
	case tar.TypeSymlink:
		if err := makeRoom(root, name); err != nil {
			return err
		}
		return root.Symlink(h.Linkname, name)
	}
	return fmt.Errorf("type %q is not a project's", h.Typeflag)
}

// folder leaves one that is there as it is.
func folder(root *os.Root, name string, mode fs.FileMode) error {
	if info, err := root.Lstat(name); err == nil && info.IsDir() {
		return nil
	}
	if err := makeRoom(root, name); err != nil {
		return err
	}
	if err := root.Mkdir(name, mode); err != nil {
		return err
	}
	return root.Chmod(name, mode) // whatever the umask
}

// makeRoom removes what is in the way, and does not follow it.
func makeRoom(root *os.Root, name string) error {
	if _, err := root.Lstat(name); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return root.RemoveAll(name)
}

func file(root *os.Root, name string, mode fs.FileMode, body io.Reader) error {
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, body)
	return errors.Join(err, f.Chmod(mode), f.Close())
}
