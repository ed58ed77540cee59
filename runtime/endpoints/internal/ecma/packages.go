package ecma

import (
	"cmp"
	"io/fs"
	"path"
	"slices"
	"strings"

	"previewd/runtime/endpoints/internal/ecma/eval"
)

// manifest is what counts of a package.json.
type manifest struct {
	Name            string            `json:"name"`
	Main            any               `json:"main"`
	Module          any               `json:"module"`
	Source          any               `json:"source"`
	Types           any               `json:"types"`
	Type            string            `json:"type"`
	Exports         any               `json:"exports"`
	Imports         any               `json:"imports"`
	Scripts         map[string]any    `json:"scripts"`
	Dependencies    map[string]any    `json:"dependencies"`
	DevDependencies map[string]any    `json:"devDependencies"`
	PeerDeps        map[string]any    `json:"peerDependencies"`
	ModuleAliases   map[string]string `json:"_moduleAliases"`
}

// tsconfig is what counts of a tsconfig.json.
type tsconfig struct {
	Extends         any `json:"extends"`
	CompilerOptions struct {
		BaseURL string              `json:"baseUrl"`
		Paths   map[string][]string `json:"paths"`
		OutDir  string              `json:"outDir"`
		RootDir string              `json:"rootDir"`
	} `json:"compilerOptions"`
}

// readPackages reads the package.json of every folder with sources or above them.
func (f *files) readPackages() []*eval.Package {
	var found []*eval.Package
	for _, dir := range f.folders() {
		var m manifest
		if !f.readJSON(path.Join(dir, "package.json"), &m) {
			continue
		}
		p := &eval.Package{
			Dir: dir, Name: m.Name, Exports: m.Exports, Imports: m.Imports, Aliases: m.ModuleAliases, Type: m.Type,
			Dependencies: map[string]bool{}, Scripts: map[string]string{},
		}
		for _, main := range []any{m.Source, m.Main, m.Module, m.Types} {
			if s, ok := main.(string); ok && s != "" {
				p.Main = append(p.Main, s)
			}
		}
		for _, deps := range []map[string]any{m.Dependencies, m.DevDependencies, m.PeerDeps} {
			for name := range deps {
				p.Dependencies[name] = true
			}
		}
		for name, script := range m.Scripts {
			if s, ok := script.(string); ok {
				p.Scripts[name] = s
			}
		}
		found = append(found, p)
	}
	return found
}

// folders are all folders with sources somewhere below, the upper ones first.
func (f *files) folders() []string {
	dirs := make([]string, 0, len(f.dirs))
	for dir := range f.dirs {
		dirs = append(dirs, dir)
	}
	slices.SortFunc(dirs, func(a, b string) int {
		return cmp.Or(cmp.Compare(depth(a), depth(b)), cmp.Compare(a, b))
	})
	return dirs
}

func depth(dir string) int {
	if dir == "." {
		return 0
	}
	return strings.Count(dir, "/") + 1
}

func (f *files) readConfigs() map[string]*eval.TSConfig {
	configs := map[string]*eval.TSConfig{}
	for _, dir := range f.folders() {
		for _, name := range []string{"tsconfig.json", "jsconfig.json", "tsconfig.app.json", "tsconfig.base.json"} {
			file := path.Join(dir, name)
			if _, err := fs.Stat(f.project.FS, file); err != nil {
				continue
			}
			if c := f.config(file, dir, 0); c != nil {
				if old := configs[dir]; old == nil || len(old.Paths) == 0 && old.BaseURL == "" {
					configs[dir] = c
				}
			}
		}
	}
	return configs
}

// config reads a tsconfig.json and what it extends.
func (f *files) config(file, dir string, depth int) *eval.TSConfig {
	var raw tsconfig
	if depth > 8 || !f.readJSON(file, &raw) {
		return nil
	}
	c := &eval.TSConfig{Dir: dir}
	here := path.Dir(file)
	for _, base := range extended(raw.Extends) {
		if !strings.HasPrefix(base, ".") {
			continue
		}
		at := path.Join(here, base)
		if path.Ext(at) != ".json" {
			at += ".json"
		}
		if inherited := f.config(at, path.Dir(at), depth+1); inherited != nil {
			c = inherited
		}
	}
	options := raw.CompilerOptions
	if options.BaseURL != "" || len(options.Paths) > 0 {
		c.Dir, c.BaseURL, c.Paths = here, options.BaseURL, options.Paths
	}
	if options.OutDir != "" {
		c.OutDir = path.Join(here, options.OutDir)
	}
	if options.RootDir != "" {
		c.RootDir = path.Join(here, options.RootDir)
	}
	return c
}

func extended(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var out []string
		for _, item := range v {
			if s, ok := item.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}
