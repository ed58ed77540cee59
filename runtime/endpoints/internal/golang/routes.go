// Package golang finds the routes of apps in Go. It parses with the standard library and runs the code as far as routes depend
// on it: from main on, into functions and packages, over tables of routes, with the values that can be told from the source.
package golang

import (
	"context"
	"path"
	"slices"
	"strings"
	"sync"

	"previewd/runtime/endpoints/internal/project"
	"previewd/runtime/endpoints/internal/route"
)

// Routes reads the project's files of this language. What it cannot follow it warns of at the project.
func Routes(ctx context.Context, p *project.Project) []route.Endpoint {
	names := p.Sources(".go")
	if len(names) == 0 {
		return nil
	}
	prog := newProgram(readAll(ctx, p, names), modFiles(p, names))
	var all []route.Endpoint
	steps := 0
	mains := prog.mains()
	for _, main := range started(mains, p.Command) {
		in := newInterp(ctx, prog)
		in.steps = steps
		in.learn(parse(ctx, p, prog, prog.reach(main)))
		in.run(main)
		all = append(all, in.collect()...)
		steps = in.steps
	}
	if len(all) == 0 {
		all = everything(ctx, p, prog)
	}
	if steps >= maxSteps {
		p.Warn("", 0, "the Go code is too much to follow; the list is not complete")
	}
	return all
}

// started are the programs that a command starts, all of them when it names none.
func started(mains []*pkg, command string) []*pkg {
	for word := range strings.FieldsSeq(command) {
		dir := path.Clean(strings.TrimSuffix(word, "/"))
		if !strings.HasPrefix(word, "./") && !strings.Contains(word, "/") {
			continue
		}
		for _, of := range mains {
			if of.dir == dir {
				return []*pkg{of}
			}
		}
	}
	return mains
}

// readAll reads files side by side, in order.
func readAll(ctx context.Context, p *project.Project, names []string) []source {
	var mu sync.Mutex
	all := make([]source, 0, len(names))
	p.Each(ctx, names, func(name string) {
		data, err := p.Read(name)
		if err != nil {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		all = append(all, source{name, data})
	})
	slices.SortFunc(all, func(a, b source) int { return strings.Compare(a.name, b.name) })
	return all
}

// modFiles are the go.mod files of the folders with source and of those above them.
func modFiles(p *project.Project, names []string) []source {
	var all []source
	seen := map[string]bool{}
	for _, name := range names {
		for dir := path.Dir(name); !seen[dir]; dir = path.Dir(dir) {
			seen[dir] = true
			at := path.Join(dir, "go.mod")
			if data, err := p.Read(at); err == nil {
				all = append(all, source{at, data})
			}
		}
	}
	return all
}

// parse parses packages side by side.
func parse(ctx context.Context, p *project.Project, prog *program, pkgs []*pkg) []*pkg {
	byDir := map[string]*pkg{}
	dirs := make([]string, 0, len(pkgs))
	for _, of := range pkgs {
		byDir[of.dir] = of
		dirs = append(dirs, of.dir)
	}
	p.Each(ctx, dirs, func(dir string) { prog.load(byDir[dir]) })
	return pkgs
}

// everything runs all functions that may make routes, where no program leads to any: in a library, say.
func everything(ctx context.Context, p *project.Project, prog *program) []route.Endpoint {
	in := newInterp(ctx, prog)
	all := parse(ctx, p, prog, prog.sorted())
	in.learn(all)
	for _, of := range all {
		if isAside(of.dir) {
			continue
		}
		in.start(of)
		for _, fn := range of.sortedFuncs() {
			if in.isKeen(fn) && !in.ran[fn.decl] {
				in.call(fn, nil)
			}
		}
	}
	in.drain()
	return in.collect()
}
