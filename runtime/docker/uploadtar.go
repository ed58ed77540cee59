package docker

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"previewd/runtime/preview"
)

// relocation rewrites one upload's entries to their place in the instance's file system. Archives are hostile: an
// entry that would land outside the upload's folder, or is no file, folder or link, is an error.
type relocation struct {
	out      *tar.Writer
	root     string // the upload's folder, without the leading slash
	uid, gid int
	folders  map[string]bool // written already, by full name
	links    map[string]bool // symbolic links written, by full name
}

// writeUpload writes the upload's folder and all its entries, owned by the upload's UID and GID.
func writeUpload(out *tar.Writer, u preview.Upload, missing map[string]bool) error {
	root := strings.Trim(path.Clean("/"+u.Dir), "/")
	if root == "" {
		return errors.New("upload: the root folder is not an upload's place")
	}
	r := &relocation{
		out: out, root: root, uid: u.UID, gid: u.GID,
		folders: make(map[string]bool), links: make(map[string]bool),
	}
	if err := r.start(missing); err != nil {
		return err
	}
	if u.Tar == nil {
		return nil
	}
	in := tar.NewReader(u.Tar)
	for {
		h, err := in.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("upload: %w", err)
		}
		if err := r.entry(h, in); err != nil {
			return err
		}
	}
}

// start writes the folders above the root that the image lacks, and the root itself.
func (r *relocation) start(missing map[string]bool) error {
	for i, c := range r.root {
		if dir := r.root[:i]; c == '/' && missing["/"+dir] {
			if err := r.folder(dir); err != nil {
				return err
			}
		}
	}
	return r.folder(r.root)
}

func (r *relocation) entry(h *tar.Header, body io.Reader) error {
	name, err := r.place(h.Name)
	if err != nil {
		return err
	}
	switch h.Typeflag {
	case tar.TypeDir:
		return r.folder(name)
	case tar.TypeReg, tar.TypeSymlink, tar.TypeLink:
	case tar.TypeXGlobalHeader:
		return nil
	default:
		return fmt.Errorf("upload: %s: type %q is not allowed", h.Name, h.Typeflag)
	}
	if err := r.parents(name); err != nil {
		return err
	}
	return r.leaf(h, name, body)
}

// leaf writes a file or a link. Nothing of the header is taken over but what is listed here: no extended
// attributes, no set-uid bits.
func (r *relocation) leaf(h *tar.Header, name string, body io.Reader) error {
	n := &tar.Header{Typeflag: h.Typeflag, Name: name, Size: h.Size, Mode: h.Mode & 0o777, ModTime: h.ModTime}
	switch h.Typeflag {
	case tar.TypeSymlink:
		n.Linkname, n.Size = h.Linkname, 0
		r.links[name] = true
	case tar.TypeLink:
		target, err := r.place(h.Linkname)
		if err != nil {
			return err
		}
		n.Linkname, n.Size = target, 0
	}
	if err := r.write(n); err != nil || n.Size == 0 {
		return err
	}
	if _, err := io.CopyN(r.out, body, n.Size); err != nil {
		return fmt.Errorf("upload: %s: %w", h.Name, err)
	}
	return nil
}

// place is where an entry lands: inside the root, and not through a link that the archive brought along.
func (r *relocation) place(name string) (string, error) {
	clean := path.Clean(name)
	if path.IsAbs(name) || clean == ".." || strings.HasPrefix(clean, "../") || strings.Contains(name, "\x00") {
		return "", fmt.Errorf("upload: %q leaves the folder", name)
	}
	full := path.Join(r.root, clean)
	for dir := path.Dir(full); len(dir) > len(r.root); dir = path.Dir(dir) {
		if r.links[dir] {
			return "", fmt.Errorf("upload: %q lies behind a link", name)
		}
	}
	return full, nil
}

// parents writes the folders that the archive left out: the engine would give them to root.
func (r *relocation) parents(name string) error {
	dir := path.Dir(name)
	if r.folders[dir] || len(dir) <= len(r.root) {
		return nil
	}
	if err := r.parents(dir); err != nil {
		return err
	}
	return r.folder(dir)
}

func (r *relocation) folder(name string) error {
	if r.folders[name] {
		return nil
	}
	if err := r.parents(name); err != nil {
		return err
	}
	r.folders[name] = true
	return r.write(&tar.Header{Typeflag: tar.TypeDir, Name: name, Mode: 0o755, ModTime: time.Now().Truncate(time.Second)})
}

func (r *relocation) write(h *tar.Header) error {
	h.Uid, h.Gid, h.Format = r.uid, r.gid, tar.FormatPAX
	if err := r.out.WriteHeader(h); err != nil {
		return fmt.Errorf("upload: %s: %w", h.Name, err)
	}
	return nil
}
