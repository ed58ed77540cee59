package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
)

// ignoreFileBytes bounds how much of a .gitignore or .dockerignore is read.
const ignoreFileBytes = 1 << 20

// Notice names something in a folder that was left out though nobody asked for it.
type Notice struct {
	Path    string
	Problem string
}

// FromDir packs a folder. Left out are .git, node_modules, .venv, __pycache__, other virtual environments and what the .gitignore files in the folder and the
// .dockerignore at its top name. Links that leave the folder, devices and names no project may have are left out with a notice.
func FromDir(dir string, lim Limits) (*Tree, []Notice, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("packing a folder: %w", err)
	}
	defer root.Close()
	w := &walker{b: newBuilder(lim), root: root, fsys: root.FS()}
	w.docker, err = readDockerIgnore(func() (io.ReadCloser, error) { return root.Open(".dockerignore") })
	if err != nil {
		return nil, nil, err
	}
	if err := w.walk(".", nil); err != nil {
		return nil, nil, err
	}
	w.dropBadLinks()
	return newTree(w.b.entries), w.notices, nil
}

type walker struct {
	b       *builder
	root    *os.Root
	fsys    fs.FS
	docker  dockerIgnore
	notices []Notice
}

// walk packs one folder. ignores are the .gitignore files above it, the nearest first.
func (w *walker) walk(dir string, ignores []gitignore) error {
	list, err := fs.ReadDir(w.fsys, dir)
	if err != nil {
		return fmt.Errorf("packing a folder: %w", err)
	}
	if text, ok := w.ignoreFile(path.Join(dir, ".gitignore")); ok {
		ignores = append([]gitignore{parseGitignore(dir, text)}, ignores...)
	}
	for _, d := range list {
		p := path.Join(dir, d.Name())
		if neverPacked(d.Name()) || ignoredBy(ignores, p, d.IsDir()) {
			continue
		}
		if err := w.add(p, d, ignores); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) add(p string, d fs.DirEntry, ignores []gitignore) error {
	if _, err := w.b.lim.cleanPath(p); err != nil {
		return w.notice(p, err)
	}
	switch t := d.Type(); {
	case t.IsDir():
		return w.addDir(p, ignores)
	case w.docker.ignored(p):
		return nil
	case t.IsRegular():
		return w.addFile(p)
	case t == fs.ModeSymlink:
		return w.addLink(p)
	}
	return w.notice(p, problem(p, "is neither a file nor a folder nor a link"))
}

func (w *walker) addDir(p string, ignores []gitignore) error {
	if w.docker.prunes(p) {
		return nil
	}
	if _, err := w.root.Lstat(path.Join(p, "pyvenv.cfg")); err == nil {
		return nil
	}
	if !w.docker.ignored(p) {
		if err := w.b.addDir(p); err != nil {
			return err
		}
	}
	return w.walk(p, ignores)
}

func (w *walker) addFile(p string) error {
	f, err := w.root.Open(p)
	if err != nil {
		return fmt.Errorf("packing a folder: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("packing a folder: %w", err)
	}
	content, size := io.Reader(f), info.Size()
	if size <= w.b.lim.Bytes {
		// Editors and dev servers write while we read: what is there now is what counts.
		data, err := io.ReadAll(io.LimitReader(f, w.b.lim.Bytes+1))
		if err != nil {
			return fmt.Errorf("packing a folder: %w", err)
		}
		content, size = bytes.NewReader(data), int64(len(data))
	}
	return w.b.addFile(p, size, info.Mode()&0o100 != 0, content)
}

// addLink leaves out a link the builder refuses by itself; a limit that is reached ends the packing.
func (w *walker) addLink(p string) error {
	target, err := w.root.Readlink(p)
	if err != nil {
		return fmt.Errorf("packing a folder: %w", err)
	}
	return w.notice(p, w.b.addLink(p, target))
}

// notice turns an *Error into a notice unless it tells of a limit.
func (w *walker) notice(p string, err error) error {
	var bad *Error
	if !errors.As(err, &bad) || bad.TooLarge {
		return err
	}
	w.notices = append(w.notices, Notice{Path: p, Problem: bad.Problem})
	return nil
}

// dropBadLinks repeats itself because a link may lead through another that went.
func (w *walker) dropBadLinks() {
	for bad := badLinks(w.b.entries); len(bad) > 0; bad = badLinks(w.b.entries) {
		for _, link := range bad {
			delete(w.b.entries, link.Path)
			w.notices = append(w.notices, Notice{Path: link.Path, Problem: link.Problem})
		}
	}
}

func (w *walker) ignoreFile(p string) ([]byte, bool) {
	info, err := w.root.Lstat(p)
	if err != nil || !info.Mode().IsRegular() { // git reads no .gitignore through a link either
		return nil, false
	}
	f, err := w.root.Open(p)
	if err != nil {
		return nil, false
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, ignoreFileBytes))
	return text, err == nil
}

func neverPacked(name string) bool {
	switch name {
	case ".git", "node_modules", ".venv", "__pycache__":
		return true
	}
	return false
}

func ignoredBy(ignores []gitignore, p string, isDir bool) bool {
	for _, g := range ignores {
		if ignored, known := g.decide(p, isDir); known {
			return ignored
		}
	}
	return false
}
