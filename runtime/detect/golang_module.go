package detect

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/semver"
)

// imageGo is the Go of the runtime image; a module that asks for a newer one brings its toolchain by itself.
const imageGo = "v1.26"

// goModule is a folder of Go code with what was read of it.
type goModule struct {
	folder     folder
	file       string // "go.mod", "" when there is none
	path       string
	version    string // of the go directive, such as "1.24"
	requires   []string
	packages   map[string]*goPackage // by folder
	local      bool                  // replaced by folders of the project, or a workspace
	vendored   bool
	incomplete bool   // go.mod or go.sum lacks what the code imports
	problem    string // what is wrong with go.mod
}

// goPackage is one folder's package.
type goPackage struct {
	name    string
	imports []string
}

// readGoModule reads go.mod and every package's imports; nil when the folder holds no Go.
func readGoModule(f folder) *goModule {
	m := &goModule{folder: f, packages: map[string]*goPackage{}}
	if f.isFile("go.mod") {
		m.file = "go.mod"
		m.readModFile()
	} else if !hasGoMain(f) {
		return nil
	}
	m.vendored = f.isFile("vendor/modules.txt")
	m.local = m.local || f.isFile("go.work")
	m.readPackages()
	if m.path == "" {
		m.path = m.inferPath()
	}
	m.incomplete = m.lacksSums()
	return m
}

// hasGoMain reports whether a folder without go.mod holds a program of its own.
func hasGoMain(f folder) bool {
	for _, name := range f.files() {
		if path.Ext(name) == ".go" && (path.Dir(name) == "." || strings.HasPrefix(name, "cmd/")) {
			if pkg, _, ok := parseGo(f, name); ok && pkg == "main" {
				return true
			}
		}
	}
	return false
}

func (m *goModule) readModFile() {
	text, ok := m.folder.text("go.mod")
	if !ok {
		m.problem = "it cannot be read or is too large"
		return
	}
	file, err := modfile.Parse("go.mod", []byte(text), nil)
	if err != nil { // a directive of a newer Go is no reason to fail, but ParseLax leaves out replace
		file, err = modfile.ParseLax("go.mod", []byte(text), nil)
	}
	if err != nil {
		m.problem = modProblem(err)
		return
	}
	if file.Module == nil {
		m.problem = "line 1: it has no module directive"
		return
	}
	m.path = file.Module.Mod.Path
	if file.Go != nil {
		m.version = file.Go.Version
	}
	for _, r := range file.Require {
		m.requires = append(m.requires, r.Mod.Path)
	}
	for _, r := range file.Replace {
		m.local = m.local || modfile.IsDirectoryPath(r.New.Path)
	}
}

func modProblem(err error) string {
	var list modfile.ErrorList
	if errors.As(err, &list) && len(list) > 0 {
		return fmt.Sprintf("line %d: %v", list[0].Pos.Line, list[0].Err)
	}
	return firstLine(err.Error())
}

// readPackages reads the imports of each file that a Linux build takes.
func (m *goModule) readPackages() {
	read := 0
	for _, name := range m.folder.files() {
		if path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || !m.owns(path.Dir(name)) {
			continue
		}
		if read++; read > maxSources*4 {
			return
		}
		pkg, imports, ok := parseGo(m.folder, name)
		if !ok {
			continue
		}
		dir := path.Dir(name)
		if m.packages[dir] == nil {
			m.packages[dir] = &goPackage{}
		}
		m.packages[dir].name = pkg
		m.packages[dir].imports = append(m.packages[dir].imports, imports...)
	}
}

// owns reports whether a folder belongs to the module: not vendored, not hidden, no module of its own.
func (m *goModule) owns(dir string) bool {
	for ; dir != "."; dir = path.Dir(dir) {
		base := path.Base(dir)
		if base == "vendor" || base == "testdata" || strings.HasPrefix(base, "_") || strings.HasPrefix(base, ".") ||
			m.folder.isFile(dir+"/go.mod") {
			return false
		}
	}
	return true
}

// inferPath guesses the module path that a project without go.mod was written for, from an import that ends in
// one of its folders.
func (m *goModule) inferPath() string {
	for _, dir := range slices.Sorted(maps.Keys(m.packages)) {
		for _, imported := range m.packages[dir].imports {
			for own := range m.packages {
				if prefix, ok := strings.CutSuffix(imported, "/"+own); ok && own != "." && validImport(prefix) {
					return prefix
				}
			}
		}
	}
	return "app"
}

// lacksSums reports whether the code imports modules that go.mod does not require or go.sum cannot vouch for.
func (m *goModule) lacksSums() bool {
	if m.vendored || m.folder.isFile("go.work") {
		return false
	}
	for dir, pkg := range m.packages {
		if pkg.name != "main" {
			continue
		}
		if deps := m.reach(dir); len(deps.external) > 0 && (len(m.unrequired(deps)) > 0 || !m.folder.isFile("go.sum")) {
			return true
		}
	}
	return false
}

// unrequired lists imports no require directive covers.
func (m *goModule) unrequired(deps goDeps) []string {
	var lacking []string
	for _, imported := range deps.external {
		covered := slices.ContainsFunc(m.requires, func(module string) bool {
			return imported == module || strings.HasPrefix(imported, module+"/")
		})
		if !covered {
			lacking = append(lacking, imported)
		}
	}
	return lacking
}

func (m *goModule) newer() bool {
	return m.version != "" && semver.Compare(semver.MajorMinor("v"+m.version), imageGo) > 0
}
