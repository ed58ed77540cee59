package source

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"previewd/runtime/preview"
)

// Tree is a project's files in memory, complete and checked. It does not change and may be shared between goroutines; what it hands out
// must not be written to.
type Tree struct {
	entries  map[string]*entry
	sorted   []*entry            // by path, without the root
	children map[string][]*entry // of each folder, by name
	bytes    int64
	digest   func() string
}

func newTree(entries map[string]*entry) *Tree {
	t := &Tree{entries: entries, children: map[string][]*entry{}}
	for _, e := range entries {
		if e.path == "." {
			continue
		}
		t.sorted = append(t.sorted, e)
		t.bytes += int64(len(e.data))
	}
	slices.SortFunc(t.sorted, func(x, y *entry) int { return compare(x.path, y.path) })
	for _, e := range t.sorted {
		dir := path.Dir(e.path)
		t.children[dir] = append(t.children[dir], e)
	}
	t.digest = sync.OnceValue(t.hash)
	return t
}

// compare orders paths name by name, so that a folder stands before what is in it and siblings stand in order.
func compare(x, y string) int {
	return slices.Compare(strings.Split(x, "/"), strings.Split(y, "/"))
}

// Files lists files and links in order of their paths. A link's size is its target's length and its mode 0777.
func (t *Tree) Files() []preview.FileInfo {
	files := []preview.FileInfo{}
	for _, e := range t.sorted {
		if e.mode != modeDir {
			files = append(files, preview.FileInfo{Path: e.path, Size: int64(len(e.data)), Mode: uint32(e.mode.Perm())})
		}
	}
	return files
}

// Bytes is the unpacked size of all files and links, bytes.
func (t *Tree) Bytes() int64 { return t.bytes }

// Digest is "sha256:" and 64 hex digits over every path, mode and content. Equal trees have equal digests, whatever they were packed in.
func (t *Tree) Digest() string { return t.digest() }

func (t *Tree) hash() string {
	h := sha256.New()
	for _, e := range t.sorted {
		fmt.Fprintf(h, "%v %d %d\n%s\n", e.mode, len(e.path), len(e.data), e.path)
		h.Write(e.data)
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// Sub returns the tree below one folder, "." being the tree itself. A link to a file outside that folder becomes a copy of it; a link
// to a folder outside it is left out. The error wraps fs.ErrNotExist when root is no folder of the tree.
func (t *Tree) Sub(root string) (*Tree, error) {
	path, err := resolve(t.entries, root, true)
	if err != nil {
		return nil, problem(root, err.Error())
	}
	if e := t.entries[path]; e == nil || e.mode != modeDir {
		return nil, fmt.Errorf("folder %q: %w", root, fs.ErrNotExist)
	}
	if path == "." {
		return t, nil
	}
	below := map[string]*entry{".": {path: ".", mode: modeDir}}
	for _, e := range t.sorted {
		if rel, ok := strings.CutPrefix(e.path, path+"/"); ok {
			below[rel] = &entry{path: rel, mode: e.mode, data: e.data}
		}
	}
	t.inline(below, path)
	return newTree(below), nil
}

// inline replaces the links of below that lead outside it.
func (t *Tree) inline(below map[string]*entry, root string) {
	for bad := badLinks(below); len(bad) > 0; bad = badLinks(below) {
		for _, link := range bad {
			delete(below, link.Path)
			to, err := resolve(t.entries, path.Join(root, link.Path), true)
			if e := t.entries[to]; err == nil && e != nil && e.mode.IsRegular() {
				below[link.Path] = &entry{path: link.Path, mode: e.mode, data: e.data}
			}
		}
	}
}
