package images

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"sort"
)

// file is one file of a tar stream that is made here.
type file struct {
	mode fs.FileMode
	data []byte
}

// tarOf packs files in order of their names. It is held in memory: manifests and Dockerfiles are small.
func tarOf(files map[string]file) io.Reader {
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	var buf bytes.Buffer
	tw := tar.NewWriter(&buf)
	for _, name := range names {
		f := files[name]
		// Writing into memory cannot fail, and a name that tar cannot hold does not come out of a tree.
		_ = tw.WriteHeader(&tar.Header{Name: name, Mode: int64(f.mode.Perm()), Size: int64(len(f.data))})
		_, _ = tw.Write(f.data)
	}
	_ = tw.Close()
	return &buf
}

// readInputs reads an install's inputs below root. One that is missing, no regular file or too large is an error.
func readInputs(tree fs.FS, root string, inputs []string) (map[string]file, error) {
	files := make(map[string]file, len(inputs))
	for _, name := range inputs {
		full := path.Join(root, name)
		info, err := fs.Stat(tree, full)
		if err != nil {
			return nil, fmt.Errorf("install input: %w", err)
		}
		if !info.Mode().IsRegular() {
			return nil, fmt.Errorf("install input %s is no file", full)
		}
		data, err := fs.ReadFile(tree, full)
		if err != nil {
			return nil, fmt.Errorf("install input: %w", err)
		}
		files[path.Clean(name)] = file{mode: info.Mode().Perm()&0o755 | 0o600, data: data}
	}
	return files, nil
}

// writeTree packs everything below root, with the contents in replace standing in for those of the tree. skip is
// asked about every file.
func writeTree(w io.Writer, tree fs.FS, root string, replace map[string][]byte, skip func(name string) bool) error {
	sub, err := fs.Sub(tree, root)
	if err != nil {
		return fmt.Errorf("build context: %w", err)
	}
	tw := tar.NewWriter(w)
	err = fs.WalkDir(sub, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		if data, ok := replace[name]; ok {
			return writeFile(tw, name, 0o644, data)
		}
		if skip(name) {
			return nil // a folder that is left out may hold files that are not
		}
		return writeEntry(tw, sub, name, d)
	})
	if err := errors.Join(err, tw.Close()); err != nil {
		return fmt.Errorf("build context: %w", err)
	}
	return nil
}

func writeEntry(tw *tar.Writer, tree fs.FS, name string, d fs.DirEntry) error {
	switch {
	case d.IsDir():
		return tw.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: name + "/", Mode: 0o755})
	case d.Type()&fs.ModeSymlink != 0:
		target, err := fs.ReadLink(tree, name)
		if err != nil {
			return err
		}
		return tw.WriteHeader(&tar.Header{Typeflag: tar.TypeSymlink, Name: name, Linkname: target, Mode: 0o777})
	}
	info, err := d.Info()
	if err != nil {
		return err
	}
	data, err := fs.ReadFile(tree, name)
	if err != nil {
		return err
	}
	return writeFile(tw, name, int64(info.Mode().Perm()), data)
}

func writeFile(tw *tar.Writer, name string, mode int64, data []byte) error {
	if err := tw.WriteHeader(&tar.Header{Name: name, Mode: mode, Size: int64(len(data))}); err != nil {
		return err
	}
	_, err := tw.Write(data)
	return err
}
