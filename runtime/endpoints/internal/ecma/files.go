package ecma

import (
	"context"
	"encoding/json"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"previewd/runtime/endpoints/internal/ecma/ast"
	"previewd/runtime/endpoints/internal/project"
)

// files is the project as the evaluator sees it: the sources that count, and JSON beside them.
type files struct {
	ctx     context.Context //nolint:containedctx // lives as long as the one extraction it belongs to
	project *project.Project
	dirs    map[string][]fs.DirEntry
	mu      sync.Mutex
	json    map[string]bool
}

func newFiles(ctx context.Context, p *project.Project) *files {
	f := &files{ctx: ctx, project: p, dirs: map[string][]fs.DirEntry{".": nil}, json: map[string]bool{}}
	for _, name := range p.Sources(ast.Extensions()...) {
		f.add(name)
	}
	return f
}

// add lists the file in its folder, and the folder in those above.
func (f *files) add(name string) {
	isDir := false
	for {
		dir := path.Dir(name)
		_, known := f.dirs[dir]
		f.dirs[dir] = append(f.dirs[dir], entry{name: path.Base(name), dir: isDir})
		if known || dir == "." {
			return
		}
		name, isDir = dir, true
	}
}

// IsFile reports whether there is such a file.
func (f *files) IsFile(name string) bool {
	if f.project.Has(name) {
		return slices.Contains(ast.Extensions(), path.Ext(name))
	}
	if path.Ext(name) != ".json" || !fs.ValidPath(name) || strings.Contains(name, "node_modules/") {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	there, asked := f.json[name]
	if !asked {
		info, err := fs.Stat(f.project.FS, name)
		there = err == nil && info.Mode().IsRegular()
		f.json[name] = there
	}
	return there
}

// IsDir reports whether there are sources below the folder.
func (f *files) IsDir(name string) bool {
	_, ok := f.dirs[name]
	return ok
}

// ReadDir lists the sources and folders in a folder, sorted.
func (f *files) ReadDir(name string) []fs.DirEntry {
	entries := slices.Clone(f.dirs[name])
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries
}

// Read is the content of a file.
func (f *files) Read(name string) ([]byte, error) { return f.project.Read(name) }

// Parse is the syntax of a source.
func (f *files) Parse(name string) *ast.File {
	tree := f.project.Tree(f.ctx, name)
	if tree == nil {
		return nil
	}
	return ast.Copy(name, tree)
}

// readJSON decodes a file of the project; false when it is not there or broken. Comments and trailing commas are allowed.
func (f *files) readJSON(name string, into any) bool {
	if !fs.ValidPath(name) {
		return false
	}
	data, err := f.project.Read(name)
	if err != nil {
		return false
	}
	return json.Unmarshal(data, into) == nil || json.Unmarshal(plainJSON(data), into) == nil
}

// plainJSON takes out what tsconfig.json may have and JSON may not.
func plainJSON(data []byte) []byte {
	out := make([]byte, 0, len(data))
	for i := 0; i < len(data); i++ {
		switch {
		case data[i] == '"':
			end := stringEnd(data, i)
			out = append(out, data[i:end]...)
			i = end - 1
		case data[i] == '/' && i+1 < len(data) && data[i+1] == '/':
			for i < len(data) && data[i] != '\n' {
				i++
			}
		case data[i] == '/' && i+1 < len(data) && data[i+1] == '*':
			end := strings.Index(string(data[i+2:]), "*/")
			if end < 0 {
				return out
			}
			i += end + 3
		case data[i] == ',' && closesNext(data[i+1:]):
		default:
			out = append(out, data[i])
		}
	}
	return out
}

func stringEnd(data []byte, from int) int {
	for i := from + 1; i < len(data); i++ {
		switch data[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(data)
}

// closesNext reports whether only white space and comments come before a closing bracket.
func closesNext(data []byte) bool {
	rest := strings.TrimLeft(string(data[:min(len(data), 500)]), " \t\r\n")
	for strings.HasPrefix(rest, "//") {
		_, rest, _ = strings.Cut(rest, "\n")
		rest = strings.TrimLeft(rest, " \t\r\n")
	}
	return strings.HasPrefix(rest, "}") || strings.HasPrefix(rest, "]")
}

// entry is a file or folder with sources.
type entry struct {
	name string
	dir  bool
}

func (e entry) Name() string { return e.name }
func (e entry) IsDir() bool  { return e.dir }

func (e entry) Type() fs.FileMode {
	if e.dir {
		return fs.ModeDir
	}
	return 0
}

// Info is not used: the evaluator asks for names alone.
func (e entry) Info() (fs.FileInfo, error) { return nil, fs.ErrInvalid }
