package eval

import (
	"path"
	"sort"
	"strings"

	"previewd/runtime/endpoints/internal/ecma/ast"
)

// Package is a package.json of the project.
type Package struct {
	Dir          string
	Name         string
	Main         []string // main, module, source, types
	Exports      any
	Imports      any
	Dependencies map[string]bool
	Scripts      map[string]string
	Aliases      map[string]string // module-alias
	Type         string
}

// TSConfig is a tsconfig.json or jsconfig.json.
type TSConfig struct {
	Dir     string // where its paths begin
	BaseURL string // "" without one
	Paths   map[string][]string
	OutDir  string
	RootDir string
}

// Resolver finds the file that a specifier means.
type Resolver struct {
	files    Files
	packages map[string]*Package // by folder
	byName   map[string]*Package
	configs  map[string]*TSConfig
	cache    map[[2]string]string
}

// NewResolver is a resolver for the packages and configurations of the project.
func NewResolver(files Files, packages []*Package, configs map[string]*TSConfig) *Resolver {
	r := &Resolver{files: files, packages: map[string]*Package{}, byName: map[string]*Package{}, configs: configs, cache: map[[2]string]string{}}
	for _, p := range packages {
		r.packages[p.Dir] = p
		if p.Name != "" {
			r.byName[p.Name] = p
		}
	}
	return r
}

// PackageOf is the nearest package.json above the file, or nil.
func (r *Resolver) PackageOf(name string) *Package {
	for dir := path.Dir(name); ; dir = path.Dir(dir) {
		if p, ok := r.packages[dir]; ok {
			return p
		}
		if dir == "." || dir == "/" {
			return nil
		}
	}
}

func (r *Resolver) configOf(name string) *TSConfig {
	for dir := path.Dir(name); ; dir = path.Dir(dir) {
		if c, ok := r.configs[dir]; ok {
			return c
		}
		if dir == "." || dir == "/" {
			return nil
		}
	}
}

// Resolve is the file of the project that the specifier means in the file from.
func (r *Resolver) Resolve(from, specifier string) (string, bool) {
	key := [2]string{path.Dir(from), specifier}
	if name, ok := r.cache[key]; ok {
		return name, name != ""
	}
	name := r.resolve(from, specifier)
	r.cache[key] = name
	return name, name != ""
}

func (r *Resolver) resolve(from, specifier string) string {
	specifier, _, _ = strings.Cut(specifier, "?")
	if specifier == "" || len(specifier) > 1000 {
		return ""
	}
	if name, ok := relative(specifier); ok {
		return r.file(name)
	}
	if specifier[0] == '.' {
		return r.file(path.Join(path.Dir(from), specifier))
	}
	pack := r.PackageOf(from)
	if pack != nil {
		if specifier[0] == '#' {
			if name := r.imports(pack, specifier); name != "" {
				return name
			}
		}
		if name := r.alias(pack, specifier); name != "" {
			return name
		}
	}
	if name := r.paths(r.configOf(from), specifier); name != "" {
		return name
	}
	if name := r.workspace(specifier); name != "" {
		return name
	}
	return r.guess(pack, from, specifier)
}

// file is the file that a path without regard to extensions means: itself, with an extension, or a folder's index.
func (r *Resolver) file(name string) string {
	name = path.Clean(name)
	if strings.HasPrefix(name, "..") {
		return ""
	}
	if r.files.IsFile(name) {
		return name
	}
	for _, ext := range ast.Extensions() {
		if r.files.IsFile(name + ext) {
			return name + ext
		}
	}
	if r.files.IsFile(name + ".json") {
		return name + ".json"
	}
	switch ext := path.Ext(name); ext {
	case ".js", ".jsx", ".mjs", ".cjs":
		base := strings.TrimSuffix(name, ext)
		for _, source := range []string{".ts", ".tsx", ".mts", ".cts", ".js"} {
			if r.files.IsFile(base + source) {
				return base + source
			}
		}
	}
	if !r.files.IsDir(name) {
		return ""
	}
	if p, ok := r.packages[name]; ok && name != "." {
		if main := r.main(p); main != "" {
			return main
		}
	}
	for _, ext := range ast.Extensions() {
		if index := path.Join(name, "index"+ext); r.files.IsFile(index) {
			return index
		}
	}
	return ""
}

// main is the file that the package is, as source: what its main says was built from it often is not there.
func (r *Resolver) main(p *Package) string {
	for _, candidate := range p.Main {
		if name := r.built(p.Dir, candidate); name != "" {
			return name
		}
	}
	for _, guess := range []string{"src/index", "index", "src/main", "lib/index"} {
		if name := r.source(path.Join(p.Dir, guess)); name != "" {
			return name
		}
	}
	return ""
}

func (r *Resolver) source(name string) string {
	for _, ext := range ast.Extensions() {
		if r.files.IsFile(name + ext) {
			return name + ext
		}
	}
	return ""
}

// Built is the source that a path in the output of a build was made from.
func (r *Resolver) Built(dir, name string) string { return r.built(dir, name) }

func (r *Resolver) built(dir, name string) string {
	name = strings.TrimPrefix(path.Clean(name), "/")
	if found := r.file(path.Join(dir, name)); found != "" {
		return found
	}
	for _, ext := range []string{".js", ".mjs", ".cjs", ".d.ts", ".ts"} {
		name = strings.TrimSuffix(name, ext)
	}
	if c := r.configOf(path.Join(dir, "x")); c != nil && c.OutDir != "" {
		if inner, ok := strings.CutPrefix(path.Join(dir, name), c.OutDir+"/"); ok {
			for _, root := range []string{c.RootDir, dir, path.Join(dir, "src")} {
				if found := r.file(path.Join(root, inner)); found != "" {
					return found
				}
			}
		}
	}
	_, inner, nested := strings.Cut(name, "/")
	if !nested {
		return ""
	}
	for _, candidate := range []string{path.Join(dir, "src", inner), path.Join(dir, inner)} {
		if found := r.file(candidate); found != "" {
			return found
		}
	}
	return ""
}

func (r *Resolver) alias(p *Package, specifier string) string {
	for alias, target := range p.Aliases {
		if specifier == alias {
			return r.file(path.Join(p.Dir, target))
		}
		if inner, ok := strings.CutPrefix(specifier, strings.TrimSuffix(alias, "/")+"/"); ok {
			if name := r.built(p.Dir, path.Join(target, inner)); name != "" {
				return name
			}
		}
	}
	return ""
}

func (r *Resolver) paths(c *TSConfig, specifier string) string {
	if c == nil {
		return ""
	}
	patterns := make([]string, 0, len(c.Paths))
	for pattern := range c.Paths {
		patterns = append(patterns, pattern)
	}
	sort.Slice(patterns, func(i, j int) bool {
		if len(patterns[i]) != len(patterns[j]) {
			return len(patterns[i]) > len(patterns[j])
		}
		return patterns[i] < patterns[j]
	})
	for _, pattern := range patterns {
		before, after, star := strings.Cut(pattern, "*")
		if !star && specifier != pattern || star && (!strings.HasPrefix(specifier, before) || !strings.HasSuffix(specifier, after) || len(specifier) < len(before)+len(after)) {
			continue
		}
		inner := ""
		if star {
			inner = specifier[len(before) : len(specifier)-len(after)]
		}
		for _, target := range c.Paths[pattern] {
			if name := r.file(path.Join(c.Dir, c.BaseURL, strings.Replace(target, "*", inner, 1))); name != "" {
				return name
			}
		}
	}
	if c.BaseURL != "" {
		return r.file(path.Join(c.Dir, c.BaseURL, specifier))
	}
	return ""
}

func (r *Resolver) workspace(specifier string) string {
	parts := strings.SplitN(specifier, "/", 3)
	name, sub := parts[0], strings.Join(parts[1:], "/")
	if specifier[0] == '@' && len(parts) > 1 {
		name, sub = parts[0]+"/"+parts[1], strings.Join(parts[2:], "/")
	}
	p, ok := r.byName[name]
	if !ok {
		return ""
	}
	if found := r.exported(p, sub); found != "" {
		return found
	}
	if sub == "" {
		return r.main(p)
	}
	for _, candidate := range []string{sub, "src/" + sub} {
		if found := r.built(p.Dir, candidate); found != "" {
			return found
		}
	}
	return ""
}

// guess tries what bundlers and NODE_PATH make of bare names: "@/x", "~/x", "src/x".
func (r *Resolver) guess(p *Package, from, specifier string) string {
	dir := "."
	if p != nil {
		dir = p.Dir
		first, _, _ := strings.Cut(specifier, "/")
		if p.Dependencies[first] || p.Dependencies[specifier] {
			return ""
		}
	}
	for _, prefix := range []string{"@/", "~/", "~", "@", "#", "/"} {
		inner, ok := strings.CutPrefix(specifier, prefix)
		if !ok {
			continue
		}
		for _, base := range []string{path.Join(dir, "src"), dir} {
			if name := r.file(path.Join(base, inner)); name != "" {
				return name
			}
		}
	}
	if !strings.Contains(specifier, "/") {
		return ""
	}
	for _, base := range []string{dir, path.Join(dir, "src")} {
		if name := r.file(path.Join(base, specifier)); name != "" && name != from {
			return name
		}
	}
	return ""
}

// Workspace reports whether the project has a package of the name.
func (r *Resolver) Workspace(name string) bool {
	_, ok := r.byName[name]
	return ok
}
