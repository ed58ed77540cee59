package detect

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// pyModule is one Python file with the parts that matter blanked of strings and comments.
type pyModule struct {
	file    string   // relative to the project
	source  string   // as written
	code    string   // without docstrings and other triple-quoted strings
	imports []string // first segments of absolute imports
}

var (
	pyTriple   = regexp.MustCompile(`(?s)""".*?"""|'''.*?'''`)
	pyImport   = regexp.MustCompile(`(?m)^[ \t]*(?:import[ \t]+([^\n#]+)|from[ \t]+([\w.]+)[ \t]+import\b)`)
	pyRelative = regexp.MustCompile(`(?m)^[ \t]*from[ \t]+(\.+)`)
)

// pyNotCode are folders of a project whose files are never the app.
var pyNotCode = map[string]bool{
	"tests": true, "test": true, "docs": true, "examples": true, "migrations": true, "alembic": true,
	"site-packages": true, "vendor": true, "dist": true, "build": true, "versions": true,
}

// pyModules reads the project's own Python files, leaving out folders that are projects of their own.
func pyModules(f folder) []pyModule {
	var names []string
	for _, name := range f.files() {
		if strings.HasSuffix(name, ".py") && ownPython(f, name) {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, compareModules)
	modules := make([]pyModule, 0, min(len(names), maxSources))
	for _, name := range names[:min(len(names), maxSources)] {
		modules = append(modules, parsePy(name, f.scan(name)))
	}
	return modules
}

// ownPython reports whether a file is the folder's own code: no test, and not of a nested project.
func ownPython(f folder, name string) bool {
	base := path.Base(name)
	if strings.HasPrefix(base, "test_") || strings.HasSuffix(base, "_test.py") || base == "conftest.py" || base == "setup.py" {
		return false
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if pyNotCode[path.Base(dir)] || strings.HasPrefix(path.Base(dir), ".") {
			return false
		}
		if f.sub(dir).first(pythonManifests...) != "" || f.isFile(dir+"/package.json") || f.isFile(dir+"/go.mod") {
			return false
		}
		if strings.Count(dir, "/") >= 4 {
			return false
		}
	}
	return true
}

func parsePy(name, source string) pyModule {
	m := pyModule{file: name, source: source, code: pyTriple.ReplaceAllString(source, `""`)}
	for _, found := range pyImport.FindAllStringSubmatch(m.code, -1) {
		if found[2] != "" {
			m.addImport(found[2])
			continue
		}
		for one := range strings.SplitSeq(found[1], ",") {
			m.addImport(strings.TrimSpace(one))
		}
	}
	return m
}

func (m *pyModule) addImport(dotted string) {
	first, _, _ := strings.Cut(dotted, ".")
	first, _, _ = strings.Cut(first, " ")
	if first != "" && !slices.Contains(m.imports, first) {
		m.imports = append(m.imports, first)
	}
}

func allImports(modules []pyModule) map[string]bool {
	all := map[string]bool{}
	for _, m := range modules {
		for _, name := range m.imports {
			all[name] = true
		}
	}
	return all
}

// relativeDepth is how many package levels above its file the module's relative imports reach.
func (m *pyModule) relativeDepth() int {
	deepest := 0
	for _, found := range pyRelative.FindAllStringSubmatch(m.code, -1) {
		deepest = max(deepest, len(found[1]))
	}
	return deepest
}

// base is the folder that must be on Python's path for the module's imports to resolve: of the folders from its
// own up to the project's root, the one where most of them do.
func (m *pyModule) base(f folder) string {
	dir := path.Dir(m.file)
	best, bestHits := "", -1
	for up := 0; ; up++ {
		hits := 0
		for _, name := range m.imports {
			if f.isFile(path.Join(dir, name+".py")) || f.isDir(path.Join(dir, name)) {
				hits++
			}
		}
		usable := up >= m.relativeDepth() && !f.isFile(path.Join(dir, "__init__.py"))
		if usable && hits > bestHits || hits > max(bestHits, 0) {
			best, bestHits = dir, hits
		} else if usable && hits == bestHits && path.Base(best) != "src" {
			best = dir // nearer to the root reads better, and is where people run it
		}
		if dir == "." {
			break
		}
		dir = path.Dir(dir)
	}
	if best == "" {
		return "."
	}
	return best
}

// name is the module's dotted name seen from base.
func (m *pyModule) name(base string) string {
	rel := strings.TrimSuffix(m.file, ".py")
	if base != "." {
		rel = strings.TrimPrefix(rel, base+"/")
	}
	rel = strings.TrimSuffix(rel, "/__init__")
	return strings.ReplaceAll(rel, "/", ".")
}
