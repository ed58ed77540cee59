package source

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"time"
)

// FS shows the tree as a file system (fs.ReadDirFS, fs.ReadFileFS, fs.StatFS, fs.ReadLinkFS). Links are followed, inside the tree only.
func (t *Tree) FS() fs.FS { return treeFS{t} }

type treeFS struct{ t *Tree }

var (
	_ fs.ReadDirFS  = treeFS{}
	_ fs.ReadFileFS = treeFS{}
	_ fs.StatFS     = treeFS{}
	_ fs.ReadLinkFS = treeFS{}
)

func (f treeFS) find(op, name string, follow bool) (*entry, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	path, err := resolve(f.t.entries, name, follow)
	if err != nil {
		return nil, &fs.PathError{Op: op, Path: name, Err: err}
	}
	e := f.t.entries[path]
	if e == nil {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
	}
	return e, nil
}

func (f treeFS) Open(name string) (fs.File, error) {
	e, err := f.find("open", name, true)
	if err != nil {
		return nil, err
	}
	info := fileInfo{name: path.Base(name), e: e}
	if e.mode == modeDir {
		return &openDir{info: info, rest: f.t.list(e)}, nil
	}
	return &openFile{info: info, Reader: bytes.NewReader(e.data)}, nil
}

func (f treeFS) ReadFile(name string) ([]byte, error) {
	e, err := f.find("read", name, true)
	if err != nil {
		return nil, err
	}
	if e.mode == modeDir {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errIsDir}
	}
	return bytes.Clone(e.data), nil
}

func (f treeFS) ReadDir(name string) ([]fs.DirEntry, error) {
	e, err := f.find("readdir", name, true)
	if err != nil {
		return nil, err
	}
	if e.mode != modeDir {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: errNotDir}
	}
	return f.t.list(e), nil
}

func (f treeFS) Stat(name string) (fs.FileInfo, error) {
	e, err := f.find("stat", name, true)
	if err != nil {
		return nil, err
	}
	return fileInfo{name: path.Base(name), e: e}, nil
}

func (f treeFS) Lstat(name string) (fs.FileInfo, error) {
	e, err := f.find("lstat", name, false)
	if err != nil {
		return nil, err
	}
	return fileInfo{name: path.Base(name), e: e}, nil
}

func (f treeFS) ReadLink(name string) (string, error) {
	e, err := f.find("readlink", name, false)
	if err != nil {
		return "", err
	}
	if e.mode != modeLink {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: fs.ErrInvalid}
	}
	return string(e.data), nil
}

func (t *Tree) list(dir *entry) []fs.DirEntry {
	var list []fs.DirEntry
	for _, e := range t.children[dir.path] {
		list = append(list, fs.FileInfoToDirEntry(fileInfo{name: path.Base(e.path), e: e}))
	}
	return list
}

type fileInfo struct {
	name string
	e    *entry
}

func (i fileInfo) Name() string       { return i.name }
func (i fileInfo) Size() int64        { return int64(len(i.e.data)) }
func (i fileInfo) Mode() fs.FileMode  { return i.e.mode }
func (i fileInfo) ModTime() time.Time { return packTime }
func (i fileInfo) IsDir() bool        { return i.e.mode == modeDir }
func (i fileInfo) Sys() any           { return nil }

type openFile struct {
	info fileInfo
	*bytes.Reader
}

func (f *openFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *openFile) Close() error               { return nil }

type openDir struct {
	info fileInfo
	rest []fs.DirEntry
}

func (d *openDir) Stat() (fs.FileInfo, error) { return d.info, nil }
func (d *openDir) Close() error               { return nil }

func (d *openDir) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.info.name, Err: errIsDir}
}

// ReadDir follows the contract of fs.ReadDirFile.
func (d *openDir) ReadDir(n int) ([]fs.DirEntry, error) {
	if n > 0 && len(d.rest) == 0 {
		return nil, io.EOF
	}
	if n <= 0 || n > len(d.rest) {
		n = len(d.rest)
	}
	list := d.rest[:n]
	d.rest = d.rest[n:]
	return list, nil
}
