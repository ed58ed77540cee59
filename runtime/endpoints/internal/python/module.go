package python

import (
	"path"
	"slices"
	"strings"

	"previewd/runtime/endpoints/internal/syntax"
)

// module is a file of the project, or a folder of modules that has no file of its own.
type module struct {
	file   string // "" for a folder without __init__.py
	folder string // where its submodules are, "" if it can have none
	scope  *scope
	tree   *syntax.Tree
	state  int              // 0 new, 1 running, 2 done
	stars  []string         // packages from outside whose names it has all of
	main   bool             // the program that is started
	inner  map[string]value // what its functions import for themselves
}

// findFolders notes every folder that has Python in it or below.
func (in *interpreter) findFolders() {
	for _, name := range in.project.Sources(".py") {
		for dir := path.Dir(name); dir != "." && !in.folders[dir]; dir = path.Dir(dir) {
			in.folders[dir] = true
		}
	}
}

// outside are packages that are what they are called, even beside a file of the same name.
func outside(top string) bool {
	switch top {
	case "fastapi", "starlette", "flask", "django", "rest_framework", "pydantic", "pydantic_settings", "sqlmodel", "typing", "os", "sys",
		"logging", "enum", "dataclasses", "functools", "importlib", "flask_restful", "flask_restx", "flask_smorest", "quart",
		"sanic", "aiohttp", "tornado", "bottle", "litestar", "ninja", "json", "re", "datetime", "abc", "collections", "pathlib",
		"celery", "redis", "sqlalchemy", "http", "uvicorn", "environ", "decouple", "asyncio", "inspect", "types", "uuid", "flask_login":
		return true
	}
	return false
}

// find resolves an absolute dotted name as code in from would: from the folder its top package stands in, from those above,
// from other folders that a project has on Python's path. The result is nil for what is not the project's.
func (in *interpreter) find(dotted, from string) *module {
	top, _, _ := strings.Cut(dotted, ".")
	if top == "" || outside(top) {
		return nil
	}
	rel := strings.ReplaceAll(dotted, ".", "/")
	for _, base := range in.bases(from) {
		if m := in.at(path.Join(base, rel)); m != nil && (m.file != from || m.folder != "") {
			return m
		}
	}
	return nil
}

// bases are the folders that may be on Python's path for code in a file, the likeliest first.
func (in *interpreter) bases(file string) []string {
	var inside, above []string
	dir := path.Dir(file)
	for in.project.Has(path.Join(dir, "__init__.py")) && dir != "." {
		inside = append(inside, dir)
		dir = path.Dir(dir)
	}
	for ; dir != "."; dir = path.Dir(dir) {
		above = append(above, dir)
	}
	above = append(above, ".")
	for _, extra := range []string{in.project.Root, "src", "backend", "app", "server", "api", "backend/src", "backend/app", "apps"} {
		for _, name := range []string{extra, path.Join(in.project.Root, extra)} {
			if in.folders[name] && !slices.Contains(above, name) && !slices.Contains(inside, name) {
				above = append(above, name)
			}
		}
	}
	return append(above, inside...)
}

// at is the module of a path without extension.
func (in *interpreter) at(name string) *module {
	key := ""
	switch {
	case in.project.Has(name + "/__init__.py"):
		key = name + "/__init__.py"
	case in.project.Has(name + ".py"):
		key = name + ".py"
	case in.folders[name]:
		key = name
	default:
		return nil
	}
	if m, ok := in.modules[key]; ok {
		return m
	}
	m := &module{scope: newScope(nil)}
	if strings.HasSuffix(key, ".py") {
		m.file = key
		m.tree = in.project.Tree(in.ctx, key)
	}
	if key != name+".py" {
		m.folder = name
	}
	in.modules[key] = m
	return m
}

// run executes a module once. One that is being executed is as it is by then, as in Python.
func (in *interpreter) run(m *module) {
	if m.state != 0 {
		return
	}
	in.runParents(m)
	if m.state != 0 { // a package may import its modules
		return
	}
	m.state = 1
	m.scope.vars["__name__"] = in.dotted(m)
	m.scope.vars["__file__"] = m.file
	if m.main {
		m.scope.vars["__name__"] = nil // it may be the program, or be imported by one
	}
	if m.folder != "" {
		m.scope.vars["__path__"] = &list{items: []value{m.folder}}
	}
	if m.tree != nil {
		calls, expression := in.calls, in.expression
		in.calls, in.expression = 0, 0
		in.block(&frame{module: m, scope: m.scope}, m.tree.Root())
		in.calls, in.expression = calls, expression
	}
	m.state = 2
}

// runParents executes the packages that a module is in, which Python does first.
func (in *interpreter) runParents(m *module) {
	dir := path.Dir(m.file)
	if m.folder != "" {
		dir = path.Dir(m.folder)
	}
	if dir != "." && in.project.Has(path.Join(dir, "__init__.py")) {
		if parent := in.at(dir); parent != nil {
			in.run(parent)
		}
	}
}

// dotted is a module's name, from the folder its top package stands in.
func (in *interpreter) dotted(m *module) string {
	name := m.folder
	if name == "" {
		name = strings.TrimSuffix(m.file, ".py")
	}
	parts := []string{path.Base(name)}
	for dir := path.Dir(name); dir != "." && in.project.Has(path.Join(dir, "__init__.py")); dir = path.Dir(dir) {
		parts = append([]string{path.Base(dir)}, parts...)
	}
	return strings.Join(parts, ".")
}

// member is an attribute of a module: a name in it, or a submodule.
func (in *interpreter) member(m *module, name string) (value, bool) {
	in.run(m)
	if v, ok := m.scope.vars[name]; ok {
		return v, true
	}
	if m.folder != "" {
		if sub := in.at(path.Join(m.folder, name)); sub != nil {
			in.run(sub)
			return sub, true
		}
	}
	if fallback, ok := m.scope.vars["__getattr__"].(*function); ok && m.state == 2 {
		return in.call(fallback, args{positional: []value{name}}), true
	}
	return nil, false
}
