package eval

import (
	"path"
	"regexp"
	"strings"

	"previewd/runtime/endpoints/internal/ecma/ast"
)

// Module is one file of the program.
type Module struct {
	Path    string
	File    *ast.File
	Exports Value
	ESM     bool
	scope   *scope
	object  *Object // what ESM exports
	stars   []string
	names   map[string]string // exported name of a local variable
	common  *Object           // CommonJS's module object
}

// Dir is the folder that the module is in.
func (mod *Module) Dir() string { return path.Dir(mod.Path) }

// Source is the module's text.
func (mod *Module) Source() []byte {
	if mod == nil || mod.File == nil {
		return nil
	}
	return mod.File.Source
}

// Paths as the program sees them begin with this folder.
const (
	rootDir = "/project/"
	fileURL = "file://" + rootDir
)

func absolute(name string) string {
	return strings.TrimSuffix(rootDir+strings.TrimPrefix(name, "./"), "/.")
}

// relative is the name in the project of a path as the program sees it.
func relative(name string) (string, bool) {
	name = strings.TrimPrefix(name, "file://")
	name = path.Clean(name)
	if name+"/" == rootDir {
		return ".", true
	}
	return strings.CutPrefix(name, rootDir)
}

// Load runs the file, once, and gives its module. It is nil when the file cannot be read.
func (m *Machine) Load(name string) *Module {
	if mod, ok := m.modules[name]; ok {
		return mod
	}
	m.modules[name] = nil
	if m.spent {
		return nil
	}
	if path.Ext(name) == ".json" {
		source, err := m.Files.Read(name)
		if err != nil {
			return nil
		}
		mod := &Module{Path: name, Exports: parseJSON(source)}
		m.modules[name] = mod
		return mod
	}
	file := m.Files.Parse(name)
	if file == nil {
		return nil
	}
	mod := &Module{Path: name, File: file, object: NewObject(), names: map[string]string{}}
	m.modules[name] = mod
	m.runModule(mod)
	return mod
}

// Loaded is the module of the file if it ran.
func (m *Machine) Loaded(name string) *Module { return m.modules[name] }

func (m *Machine) runModule(mod *Module) {
	mod.Exports = mod.object
	mod.object.lazy = func(name string) (Value, bool) { return m.starExport(mod, name) }
	mod.common = ObjectOf(map[string]Value{"exports": mod.object, "id": Str{S: mod.Path}, "filename": Str{S: absolute(mod.Path)}})
	mod.common.Put("parent", &Unknown{Label: "parent"})
	fr := &frame{}
	mod.scope = &scope{mod: mod, fn: fr}
	mod.scope.declare("this", mod.object)
	mod.scope.declare("module", mod.common)
	mod.scope.declare("exports", mod.object)
	mod.scope.declare("__dirname", Str{S: absolute(mod.Dir())})
	mod.scope.declare("__filename", Str{S: absolute(mod.Path)})
	for _, n := range mod.File.Root.Kids {
		switch n.Kind {
		case "import_statement":
			mod.ESM = true
			m.imports(n, mod)
		case "export_statement":
			mod.ESM = true
			m.hoistExport(n, mod)
		}
	}
	depth := m.calls
	m.block(mod.File.Root, mod.scope)
	m.calls = depth
	if exports, ok := mod.common.Own("exports"); ok && exports != Value(mod.object) {
		mod.Exports = exports
	}
}

// Value is what the module exports at the moment: it may still be running.
func (mod *Module) Value() Value {
	if mod.common == nil {
		return mod.Exports
	}
	if exports, ok := mod.common.Own("exports"); ok {
		return exports
	}
	return mod.Exports
}

// Import is what the specifier gives to a module in the folder: the exports as require sees them.
func (m *Machine) Import(from *Module, specifier string) Value {
	if name, ok := m.resolver.Resolve(from.Path, specifier); ok {
		if mod := m.Load(name); mod != nil {
			return mod.Value()
		}
		return &Unknown{Label: path.Base(specifier)}
	}
	return m.Package(specifier)
}

// Package is what the package exports.
func (m *Machine) Package(name string) Value {
	name = strings.TrimPrefix(name, "node:")
	if v, ok := m.packages[name]; ok {
		return v
	}
	v := builtinModule(m, name)
	if v == nil {
		v = m.Packages(m, name)
	}
	if v == nil {
		v = &Unknown{Label: path.Base(name), Pkg: name}
	}
	m.packages[name] = v
	return v
}

// Named is the export of what an import gave.
func (m *Machine) Named(exports Value, name string) Value {
	if name == "default" {
		return m.defaultOf(exports)
	}
	if isNullish(exports) {
		return &Unknown{Label: name}
	}
	v := m.Get(exports, name)
	if _, undefined := v.(Undefined); undefined {
		return &Unknown{Label: name}
	}
	return v
}

func (m *Machine) defaultOf(exports Value) Value {
	switch o := exports.(type) {
	case *Object:
		if _, ok := o.Own("default"); ok {
			return m.Get(o, "default") // which may be another module's
		}
	case *Func:
		if o.Props != nil {
			if v, ok := o.Props.Own("default"); ok {
				return v
			}
		}
	}
	return exports
}

func (m *Machine) starExport(mod *Module, name string) (Value, bool) {
	if name == "default" || m.calls >= maxCalls {
		return nil, false
	}
	m.calls++
	defer func() { m.calls-- }()
	if local, ok := mod.names[name]; ok {
		if r := mod.scope.find(local); r != nil {
			return r.read(), true
		}
	}
	for _, specifier := range mod.stars {
		if o, ok := m.Import(mod, specifier).(*Object); ok && o != mod.object {
			if v, there := o.Own(name); there {
				return v, true
			}
		}
	}
	return nil, false
}

func (mod *Module) reexport(name string, v Value) {
	if mod == nil {
		return
	}
	for exported, local := range mod.names {
		if local == name {
			mod.object.Put(exported, v)
		}
	}
}

// Defer notes a module that is imported but not looked at: it may still declare routes as it loads.
func (m *Machine) deferImport(mod *Module, specifier string) {
	name, ok := m.resolver.Resolve(mod.Path, specifier)
	if ok && m.modules[name] == nil {
		m.deferred = append(m.deferred, &Module{Path: name})
	}
}

var registering = regexp.MustCompile(`(?i)(app|router?|routes|server|api|fastify)\w*\s*\.\s*(get|post|put|delete|patch|use|all|route|register)\(`)

// RunDeferred runs the imported modules that nobody looked at and that seem to register something.
func (m *Machine) RunDeferred() {
	for len(m.deferred) > 0 && !m.spent {
		next := m.deferred[0]
		m.deferred = m.deferred[1:]
		if _, loaded := m.modules[next.Path]; loaded {
			continue
		}
		source, err := m.Files.Read(next.Path)
		if err == nil && registering.Match(source) {
			m.Load(next.Path)
		}
	}
}

// ConfigOf is the object that a configuration file exports, by itself or from a function.
func (m *Machine) ConfigOf(name string) Value {
	mod := m.Load(name)
	if mod == nil {
		return &Unknown{}
	}
	v := m.Named(mod.Value(), "default")
	if f, ok := v.(*Func); ok && f.Native == nil {
		v = m.Call(f, Undefined{}, []Value{&Unknown{}, &Unknown{}}, Site{})
	}
	return v
}
