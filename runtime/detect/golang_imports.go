package detect

import (
	"go/build"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// goDeps is all that one package imports, directly and through the project's own packages, sorted.
type goDeps struct {
	std, external []string
	cgo           bool
}

// parseGo returns a file's package and imports; ok is false when a Linux build leaves the file out.
func parseGo(f folder, name string) (pkg string, imports []string, ok bool) {
	source := f.scan(name)
	context := build.Default
	context.GOOS, context.CgoEnabled, context.UseAllFiles = "linux", true, false
	context.OpenFile = func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(source)), nil }
	if match, err := context.MatchFile("/", path.Base(name)); err != nil || !match {
		return "", nil, false
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ImportsOnly|parser.SkipObjectResolution)
	if file == nil || file.Name == nil || err != nil && len(file.Imports) == 0 && file.Name.Name == "_" {
		return "", nil, false
	}
	for _, spec := range file.Imports {
		if imported, err := strconv.Unquote(spec.Path.Value); err == nil && imported != "" {
			imports = append(imports, imported)
		}
	}
	return file.Name.Name, imports, true
}

// reach collects what a package imports, following the project's own packages.
func (m *goModule) reach(dir string) goDeps {
	var deps goDeps
	seen := map[string]bool{dir: true}
	for queue := []string{dir}; len(queue) > 0; queue = queue[1:] {
		pkg := m.packages[queue[0]]
		if pkg == nil {
			continue
		}
		for _, imported := range pkg.imports {
			if own, ok := m.ownFolder(imported); ok {
				if !seen[own] {
					seen[own] = true
					queue = append(queue, own)
				}
				continue
			}
			deps.add(imported)
		}
	}
	for _, list := range []*[]string{&deps.std, &deps.external} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return deps
}

func (d *goDeps) add(imported string) {
	first, _, _ := strings.Cut(imported, "/")
	switch {
	case imported == "C":
		d.cgo = true
	case imported == "unsafe" || !validImport(imported):
	case strings.Contains(first, "."):
		d.external = append(d.external, imported)
	default:
		d.std = append(d.std, imported)
	}
}

// validImport keeps what is no import path from becoming a word of a command.
func validImport(imported string) bool {
	return fs.ValidPath(imported) && shellPlain.MatchString(imported) && !strings.HasPrefix(imported, "-") && imported != "."
}

// ownFolder maps an import path to the project's folder.
func (m *goModule) ownFolder(imported string) (string, bool) {
	if imported == m.path {
		return ".", true
	}
	rest, ok := strings.CutPrefix(imported, m.path+"/")
	return rest, ok
}
