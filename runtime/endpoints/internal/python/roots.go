package python

import (
	"bytes"
	"maps"
	"path"
	"slices"
	"strings"
)

// appNamed is what "package.module:app" stands for, a call in it made.
func (in *interpreter) appNamed(name, from string) value {
	dotted, attribute, _ := strings.Cut(name, ":")
	m := in.find(strings.TrimSuffix(dotted, ".py"), from)
	if m == nil {
		return nil
	}
	in.run(m)
	attribute, _, called := strings.Cut(attribute, "(")
	if attribute == "" {
		return m
	}
	var v value = m
	for part := range strings.SplitSeq(attribute, ".") {
		v, _ = in.attribute(v, part)
	}
	if fn, ok := v.(*function); ok || called {
		v = in.call(fn, args{named: map[string]value{}, frame: &frame{module: m, scope: m.scope}})
	}
	return v
}

// aside are folders whose programs are not the app that is served, unless there is no other.
func aside(name string) bool {
	for part := range strings.SplitSeq(path.Dir(name), "/") {
		switch strings.ToLower(part) {
		case "examples", "example", "docs", "doc", "docs_src", "samples", "sample", "benchmarks", "benchmark", "scripts", "tools", "migrations",
			"alembic", "mock", "mocks", "fixtures", "demo", "demos", "snippets", "tutorials", "tutorial", "notebooks", "bench":
			return true
		}
	}
	return false
}

// entryNames are what programs that start an app are called, the likeliest first.
var entryNames = []string{
	"wsgi.py", "asgi.py", "main.py", "app.py", "__main__.py", "server.py", "run.py", "application.py", "api.py", "serve.py", "start.py",
	"manage.py", "autoapp.py", "web.py", "webapp.py", "index.py", "__init__.py",
}

// makers are the words a file has that makes an app.
var makers = [][]byte{
	[]byte("FastAPI"), []byte("Starlette"), []byte("Flask"), []byte("Quart"), []byte("Sanic"), []byte("aiohttp"), []byte("tornado"), []byte("Bottle"),
	[]byte("bottle"), []byte("Litestar"), []byte("OpenAPI("), []byte("falcon"),
}

// candidates are the files that may make or start an app, the likeliest first.
func (in *interpreter) candidates(besides bool) []string {
	var found []string
	for _, name := range in.project.Sources(".py") {
		if aside(name) != besides {
			continue
		}
		if slices.Contains(entryNames, path.Base(name)) && path.Base(name) != "__init__.py" || in.mentionsMaker(name) {
			found = append(found, name)
		}
	}
	rank := func(name string) int {
		if at := slices.Index(entryNames, path.Base(name)); at >= 0 {
			return at
		}
		return len(entryNames)
	}
	slices.SortStableFunc(found, func(a, b string) int {
		if c := rank(a) - rank(b); c != 0 {
			return c
		}
		return strings.Count(a, "/") - strings.Count(b, "/")
	})
	return found
}

func (in *interpreter) mentionsMaker(name string) bool {
	tree := in.project.Tree(in.ctx, name)
	if tree == nil {
		return false
	}
	for _, word := range makers {
		if bytes.Contains(tree.Source, word) {
			return true
		}
	}
	return false
}

// execute runs files as programs.
func (in *interpreter) execute(files []string) {
	for _, file := range files {
		in.guard(file, func() {
			name := strings.TrimSuffix(strings.TrimSuffix(file, ".py"), "/__init__")
			if m := in.at(name); m != nil {
				m.main = true
				in.run(m)
			}
		})
	}
}

// callFactories calls the functions that make an app and that nobody has called: the server does, or a test.
func (in *interpreter) callFactories(besides bool) {
	var loaded []*module
	called := map[value]bool{}
	for _, file := range slices.Sorted(maps.Keys(in.modules)) {
		if m := in.modules[file]; m.tree != nil && m.state == 2 && aside(file) == besides {
			loaded = append(loaded, m)
			in.noteCalled(m, called)
		}
	}
	for _, inner := range []bool{false, true} { // those that no other function calls come first, and call the others
		for _, m := range loaded {
			for _, v := range in.definitions(m) {
				if called[v] == inner {
					in.guard(m.file, func() { in.callFactory(m, v) })
				}
			}
		}
	}
}

// noteCalled notes the functions that the functions of a module call.
func (in *interpreter) noteCalled(m *module, called map[value]bool) {
	for n := range m.tree.Root().All() {
		if n.Is("call") {
			if v := in.callee(n.Field("function"), m); v != nil {
				called[v] = true
			}
		}
	}
}

// definitions are a module's own functions and classes, in the order of the text.
func (in *interpreter) definitions(m *module) []value {
	var all []value
	for statement := range m.tree.Root().Children() {
		if statement.Is("decorated_definition") {
			statement = statement.Field("definition")
		}
		if statement.Is("function_definition", "class_definition") {
			all = append(all, m.scope.vars[statement.Field("name").Text()])
		}
	}
	return all
}

func (in *interpreter) callFactory(m *module, v value) {
	a := args{named: map[string]value{}, frame: &frame{module: m, scope: m.scope}}
	switch v := v.(type) {
	case *function:
		if v.module == m && v.calls != nil && *v.calls == 0 && in.makesApp(v) {
			in.call(v, a)
		}
	case *class:
		if v.module == m && in.makesApp(v) && !in.anyCalled(v) {
			in.callMethods(v, a)
		}
	}
}
