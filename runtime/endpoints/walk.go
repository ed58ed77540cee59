package endpoints

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"previewd/runtime/endpoints/internal/syntax"
)

// Bounds on what is looked at: a hostile tree costs no more than these.
const (
	maxEntries = 200_000   // files and folders walked
	maxFiles   = 10_000    // source files
	maxBytes   = 128 << 20 // of source
	maxDepth   = 32        // folders below the top
)

var sourceExtensions = map[string]bool{
	".py": true, ".go": true,
	".js": true, ".jsx": true, ".mjs": true, ".cjs": true, ".ts": true, ".mts": true, ".cts": true, ".tsx": true,
}

// never are folders that hold what is installed, built, cached or private to a tool.
var never = map[string]bool{
	"node_modules": true, "bower_components": true, "site-packages": true, "__pycache__": true, "__tests__": true,
	"__mocks__": true, "__MACOSX": true,
}

// unlessPackage are folders that hold such things, or tests, except where they are Python packages of the app's own.
var unlessPackage = map[string]bool{"vendor": true, "dist": true, "build": true, "out": true, "coverage": true, "target": true}

// tests are folders of code that the app does not serve.
var tests = map[string]bool{"tests": true, "test": true, "testdata": true, "e2e": true, "cypress": true, "spec": true}

var testFile = regexp.MustCompile(`^test_.*\.py$|_test\.(?:py|go)$|^conftest\.py$|[._-](?:test|spec|e2e-spec|stories|d|min|bundle)\.[cm]?[jt]sx?$|_pb2(?:_grpc)?\.py$|\.pb\.go$`)

// walk lists the source files that count, sorted.
func walk(ctx context.Context, fsys fs.FS) ([]string, []Warning) {
	w := walker{ctx: ctx, fsys: fsys}
	_ = fs.WalkDir(fsys, ".", w.visit)
	slices.Sort(w.names)
	return w.names, w.warnings
}

type walker struct {
	ctx      context.Context //nolint:containedctx // lives as long as the one walk it belongs to
	fsys     fs.FS
	names    []string
	warnings []Warning
	entries  int
	bytes    int64
}

func (w *walker) visit(name string, entry fs.DirEntry, err error) error {
	if w.entries++; w.entries > maxEntries || w.ctx.Err() != nil {
		w.warn("", "too many files; the list is not complete")
		return fs.SkipAll
	}
	if err != nil {
		w.warn(name, "not read: "+err.Error())
		return nil
	}
	if entry.IsDir() {
		if name != "." && (w.skips(name) || strings.Count(name, "/") >= maxDepth) {
			return fs.SkipDir
		}
		return nil
	}
	if entry.Type().IsRegular() && sourceExtensions[path.Ext(name)] && !testFile.MatchString(path.Base(name)) {
		return w.add(name, entry)
	}
	return nil
}

func (w *walker) add(name string, entry fs.DirEntry) error {
	info, err := entry.Info()
	if err != nil {
		w.warn(name, "not read: "+err.Error())
		return nil
	}
	if info.Size() > syntax.MaxSource {
		w.warn(name, fmt.Sprintf("not read: %v", syntax.ErrTooLarge))
		return nil
	}
	if len(w.names) >= maxFiles || w.bytes+info.Size() > maxBytes {
		w.warn("", "too much source; the list is not complete")
		return fs.SkipAll
	}
	w.bytes += info.Size()
	w.names = append(w.names, name)
	return nil
}

// skips reports whether a folder's files do not count.
func (w *walker) skips(name string) bool {
	base := path.Base(name)
	switch {
	case never[base], tests[base], strings.HasPrefix(base, ".") && base != ".well-known":
		return true
	case unlessPackage[base]:
		return !w.has(name, "__init__.py")
	}
	return w.has(name, "pyvenv.cfg")
}

func (w *walker) has(folder, file string) bool {
	_, err := fs.Stat(w.fsys, path.Join(folder, file))
	return err == nil
}

func (w *walker) warn(file, message string) {
	w.warnings = append(w.warnings, Warning{Source: Source{File: file}, Message: message})
}
