package detect

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Bounds on what is looked at: a hostile tree costs no more than these.
const (
	maxEntries  = 50_000    // files and folders walked
	maxDepth    = 24        // folders below the top
	maxText     = 1 << 20   // bytes read of one file that detection interprets
	maxLockfile = 16 << 20  // bytes read of one lockfile
	maxSources  = 500       // source files scanned for one project
	maxScanned  = 256 << 10 // bytes scanned of one source file
)

// ignored folders hold what is installed, built or private to an editor: never part of an install's inputs.
var ignored = map[string]bool{
	"node_modules": true, "bower_components": true, ".git": true, ".hg": true, ".svn": true,
	".venv": true, "venv": true, "__pycache__": true, ".mypy_cache": true, ".pytest_cache": true, ".ruff_cache": true,
	".tox": true, ".next": true, ".nuxt": true, ".output": true, ".svelte-kit": true, ".astro": true, ".turbo": true,
	".cache": true, ".parcel-cache": true, ".idea": true, ".vscode": true, ".deps": true,
}

// index lists a generation's regular files once, so that detectors ask it instead of the file system.
type index struct {
	fsys  fs.FS
	files []string        // sorted by walk order
	has   map[string]bool // files and folders
	dirs  map[string][]string
}

func newIndex(fsys fs.FS) *index {
	x := &index{fsys: fsys, has: map[string]bool{}, dirs: map[string][]string{}}
	seen := 0
	_ = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if seen++; seen > maxEntries {
			return fs.SkipAll
		}
		if err != nil { // an unreadable folder is as good as absent
			return nil
		}
		return x.add(name, d)
	})
	return x
}

func (x *index) add(name string, d fs.DirEntry) error {
	if d.IsDir() {
		if name != "." && (ignored[d.Name()] || strings.Count(name, "/") >= maxDepth) {
			return fs.SkipDir
		}
		x.has[name] = true
		if name != "." {
			x.dirs[path.Dir(name)] = append(x.dirs[path.Dir(name)], d.Name())
		}
		return nil
	}
	if x.regular(name, d) {
		x.has[name] = true
		x.files = append(x.files, name)
	}
	return nil
}

// regular also follows links to regular files: the tree's links stay inside it.
func (x *index) regular(name string, d fs.DirEntry) bool {
	if d.Type()&fs.ModeSymlink == 0 {
		return d.Type().IsRegular()
	}
	info, err := fs.Stat(x.fsys, name)
	return err == nil && info.Mode().IsRegular()
}

func (x *index) top() folder { return folder{index: x, dir: "."} }

// folder is one folder of a generation; names are relative to it.
type folder struct {
	index *index
	dir   string
}

func (f folder) sub(name string) folder { return folder{index: f.index, dir: path.Join(f.dir, name)} }

// isFile reports whether there is a regular file of that name.
func (f folder) isFile(name string) bool {
	full := path.Join(f.dir, name)
	return f.index.has[full] && !f.isDir(name)
}

func (f folder) isDir(name string) bool {
	full := path.Join(f.dir, name)
	if full == "." {
		return true
	}
	return slices.Contains(f.index.dirs[path.Dir(full)], path.Base(full))
}

// folders lists the folders directly inside.
func (f folder) folders() []string { return f.index.dirs[f.dir] }

// unwrap descends into the only folder of an archive that was packed with its folder around it.
func (f folder) unwrap() folder {
	for range 2 {
		var only []string
		for _, name := range f.folders() {
			if name != "__MACOSX" && !strings.HasPrefix(name, ".") {
				only = append(only, name)
			}
		}
		if len(only) != 1 || f.hasOwnFiles() || notRoots[only[0]] {
			return f
		}
		f = f.sub(only[0])
	}
	return f
}

func (f folder) hasOwnFiles() bool {
	return slices.ContainsFunc(f.index.files, func(name string) bool {
		return path.Dir(name) == f.dir && path.Base(name) != ".DS_Store"
	})
}

// first returns the first of the names that is a file, or "".
func (f folder) first(names ...string) string {
	for _, name := range names {
		if f.isFile(name) {
			return name
		}
	}
	return ""
}

// files lists all files below that are not ignored, relative and sorted.
func (f folder) files() []string {
	var below []string
	for _, name := range f.index.files {
		if rel, ok := f.rel(name); ok {
			below = append(below, rel)
		}
	}
	slices.Sort(below)
	return below
}

func (f folder) rel(name string) (string, bool) {
	if f.dir == "." {
		return name, true
	}
	return strings.CutPrefix(name, f.dir+"/")
}
