package golang

import (
	"path"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// module is one go.mod.
type module struct {
	path, dir string
	replaces  map[string]string // module path to folder
}

// modulesOf reads all go.mod files, innermost folders first. One that cannot be read still says its path in most cases.
func modulesOf(mods []source) []module {
	var all []module
	for _, src := range mods {
		dir := path.Dir(src.name)
		m := module{path: modfile.ModulePath(src.data), dir: dir}
		parsed, err := modfile.ParseLax(src.name, src.data, nil)
		if full, errFull := modfile.Parse(src.name, src.data, nil); errFull == nil {
			parsed, err = full, nil // the lax reader leaves replacements out
		}
		if err == nil {
			m.replaces = replaced(dir, parsed)
		}
		if m.path != "" {
			all = append(all, m)
		}
	}
	slices.SortFunc(all, func(a, b module) int {
		if d := len(b.path) - len(a.path); d != 0 {
			return d
		}
		return strings.Compare(a.dir, b.dir)
	})
	return all
}

func replaced(dir string, f *modfile.File) map[string]string {
	to := map[string]string{}
	for _, r := range f.Replace {
		if r.New.Version == "" && strings.HasPrefix(r.New.Path, ".") {
			to[r.Old.Path] = path.Join(dir, r.New.Path)
		}
	}
	return to
}

// folder is where a package of the module lies.
func (m module) folder(importPath string) (string, bool) {
	if rest, ok := below(importPath, m.path); ok {
		return path.Join(m.dir, rest), true
	}
	for from, dir := range m.replaces {
		if rest, ok := below(importPath, from); ok {
			return path.Join(dir, rest), true
		}
	}
	return "", false
}

func below(p, root string) (string, bool) {
	rest, ok := strings.CutPrefix(p, root)
	if !ok || rest != "" && rest[0] != '/' {
		return "", false
	}
	return strings.TrimPrefix(rest, "/"), true
}

// importPath is what others import a folder as. Without a go.mod it is the folder itself.
func (p *program) importPath(dir string) string {
	best, found := dir, -1
	for _, m := range p.modules {
		rest, ok := below(dir, m.dir)
		if m.dir == "." {
			rest, ok = strings.TrimPrefix(dir, "."), true
		}
		if ok && len(m.dir) > found {
			best, found = path.Join(m.path, rest), len(m.dir)
		}
	}
	return best
}
