// Package ecma finds the routes of apps in JavaScript and TypeScript: it runs their start in an abstract evaluator (eval) whose
// web frameworks (frameworks) note what is declared, and reads the folders of frameworks that route by files (folders).
package ecma

import (
	"context"
	"path"
	"slices"
	"strings"

	"previewd/runtime/endpoints/internal/ecma/eval"
	"previewd/runtime/endpoints/internal/ecma/frameworks"
	"previewd/runtime/endpoints/internal/project"
	"previewd/runtime/endpoints/internal/route"
)

// Routes reads the project's JavaScript and TypeScript. What it cannot follow it warns of at the project.
func Routes(ctx context.Context, p *project.Project) []route.Endpoint {
	f := newFiles(ctx, p)
	if len(f.dirs) == 1 && len(f.dirs["."]) == 0 {
		return nil
	}
	packages := f.readPackages()
	s := &search{ctx: ctx, files: f, resolver: eval.NewResolver(f, packages, f.readConfigs())}
	for _, pack := range append(packages, nil) {
		if ctx.Err() != nil {
			break
		}
		p.Guard("", func() { s.pack(pack) })
	}
	if len(s.found) > 0 {
		return s.found
	}
	return s.orphans
}

// search is one look at a project.
type search struct {
	ctx      context.Context //nolint:containedctx // lives as long as the one extraction it belongs to
	files    *files
	resolver *eval.Resolver
	found    []route.Endpoint
	orphans  []route.Endpoint // of routers that no app mounts: a library's, if there is an app elsewhere
}

// pack finds the routes of one package; nil is the files that belong to none.
func (s *search) pack(p *eval.Package) {
	sources := sourcesOf(s.files, s.resolver, p)
	if len(sources) == 0 {
		return
	}
	dir := "."
	if p != nil {
		dir = p.Dir
	}
	s.found = append(s.found, s.folders(p, dir, sources)...)
	for _, group := range s.groups(p, sources) {
		m := s.machine(dir)
		routes := s.run(m, group)
		if frameworks.TableOf(m).Orphans {
			s.orphans = append(s.orphans, s.describe(m, routes)...)
		} else {
			s.found = append(s.found, s.describe(m, routes)...)
		}
		if m.Spent() {
			s.files.project.Warn("", 0, "the program's start is too long to follow to its end; the list may not be complete")
		}
		if len(routes) > 0 && group.final {
			break
		}
	}
}

// group is a set of files to start from. A final one that finds routes makes those after it needless.
type group struct {
	files  []string
	final  bool
	plugin bool // the first file may export a plugin of fastify-cli's
}

// groups are the sets of files to try, the surest first.
func (s *search) groups(p *eval.Package, sources []string) []group {
	var groups []group
	var servers, controllers []string
	for _, name := range sources {
		source, err := s.files.Read(name)
		if err != nil {
			continue
		}
		if looksLikeServer.Match(source) {
			servers = append(servers, name)
		}
		if scanned.Match(source) {
			controllers = append(controllers, name)
		}
	}
	if p != nil {
		plugin := false
		for _, script := range p.Scripts {
			plugin = plugin || fastifyStart.MatchString(script)
		}
		if named := entries(s.resolver, p); len(named) > 0 {
			groups = append(groups, group{files: append(named, controllers...), final: true, plugin: plugin})
		}
	}
	if len(servers) == 0 && !slices.ContainsFunc(groups, func(g group) bool { return g.plugin }) {
		return s.imported(p, groups)
	}
	dir := "."
	if p != nil {
		dir = p.Dir
	}
	var guessed []string
	for _, name := range usual {
		if found := s.resolver.Built(dir, name); found != "" && !strings.HasSuffix(found, ".json") {
			guessed = append(guessed, found)
		}
	}
	return append(groups, group{files: append(guessed, controllers...), final: true}, group{files: servers, final: true, plugin: true})
}

// imported keeps the groups of a package without a framework of its own if it may import one from another package.
func (s *search) imported(p *eval.Package, groups []group) []group {
	if p == nil {
		return nil
	}
	for name := range p.Dependencies {
		if frameworks.Serves(name) || s.resolver.Workspace(name) {
			return groups
		}
	}
	return nil
}

func (s *search) machine(dir string) *eval.Machine {
	m := eval.New(s.ctx, s.files, s.resolver, frameworks.Packages)
	m.Env = s.files.environment(dir)
	m.SetCwd(dir)
	m.InstallGlobals()
	return m
}

// run starts the files one after the other and gives what they declared.
func (s *search) run(m *eval.Machine, g group) []frameworks.Route {
	for _, name := range g.files {
		s.files.project.Guard(name, func() { m.Load(name) })
	}
	s.files.project.Guard("", m.RunDeferred)
	s.files.project.Guard("", func() { s.callExports(m, g) })
	return frameworks.TableOf(m).Routes(m)
}

// callExports hands an app to the functions that the files export, when nothing was declared without: what fastify-cli and
// serverless adapters do.
func (s *search) callExports(m *eval.Machine, g group) {
	if !g.plugin || len(frameworks.TableOf(m).Routers) > 0 {
		return
	}
	for _, name := range g.files {
		mod := m.Loaded(name)
		if mod == nil {
			continue
		}
		if f, ok := m.Named(mod.Value(), "default").(*eval.Func); ok && f.Native == nil {
			app := frameworks.FastifyApp(m)
			m.Call(f, app, []eval.Value{app, eval.NewObject(), eval.Undefined{}}, eval.Site{})
		}
	}
}

// environment is what example files say of the environment of an app in the folder.
func (f *files) environment(dir string) map[string]string {
	vars := map[string]string{}
	for _, name := range []string{".env.example", ".env.sample", ".env.template", "env.example", ".env.dist", ".env.development", ".env"} {
		data, err := f.project.Read(path.Join(dir, name))
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(data)) {
			key, value, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "=")
			if !ok || strings.HasPrefix(key, "#") || len(vars) > 2000 {
				continue
			}
			value, _, _ = strings.Cut(strings.TrimSpace(value), " #")
			value = strings.Trim(strings.TrimSpace(value), `"'`)
			if value != "" {
				vars[strings.TrimSpace(key)] = value
			}
		}
	}
	return vars
}
