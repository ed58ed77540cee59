package eval

import (
	"strings"

	"previewd/runtime/endpoints/internal/ecma/ast"
)

// imports binds the names of an import statement. They are looked up when used.
func (m *Machine) imports(n *ast.Node, mod *Module) {
	if n.Has("type") || n.Has("typeof") {
		return
	}
	if require := n.Find("import_require_clause"); require != nil {
		specifier := require.Get("source").Name()
		mod.scope.declareLazy(require.First().Name(), m.once(func() Value { return m.Import(mod, specifier) }))
		return
	}
	specifier := n.Get("source").Name()
	clause := n.Find("import_clause")
	if clause == nil {
		mod.scope.declareLazy("import "+specifier, nil)
		m.Import(mod, specifier)
		return
	}
	m.deferImport(mod, specifier)
	for _, kid := range clause.Kids {
		switch kid.Kind {
		case "identifier":
			mod.scope.declareLazy(kid.Text, func() Value { return m.defaultOf(m.Import(mod, specifier)) })
		case "namespace_import":
			mod.scope.declareLazy(kid.First().Name(), func() Value { return m.Import(mod, specifier) })
		case "named_imports":
			for _, spec := range kid.Kids {
				m.importSpecifier(spec, mod, specifier)
			}
		}
	}
}

func (m *Machine) importSpecifier(spec *ast.Node, mod *Module, specifier string) {
	if spec.Kind != "import_specifier" || spec.Has("type") {
		return
	}
	name := spec.Get("name").Name()
	local := name
	if alias := spec.Get("alias"); alias != nil {
		local = alias.Name()
	}
	mod.scope.declareLazy(local, func() Value { return m.Named(m.Import(mod, specifier), name) })
}

// importAlias is import Short = Some.Long.name.
func (m *Machine) importAlias(n *ast.Node, sc *scope) {
	local := n.First()
	if local == nil || len(n.Kids) < 2 {
		return
	}
	whole, inner, _ := strings.Cut(n.Kids[len(n.Kids)-1].Name(), ".")
	v := m.name(&ast.Node{Kind: "identifier", Text: whole}, sc)
	if inner != "" {
		v = m.Path(v, inner)
	}
	sc.declare(local.Name(), v)
}

// once remembers what f gave.
func (m *Machine) once(f func() Value) func() Value {
	var v Value
	return func() Value {
		if v == nil {
			v = f()
		}
		return v
	}
}

// lazyRequire is const x = require('./x'): like an import, the file is read when x is used.
func (m *Machine) lazyRequire(name, value *ast.Node, sc *scope) bool {
	if name == nil || name.Kind != "identifier" && name.Kind != "object_pattern" || value == nil || value.Kind != "call_expression" {
		return false
	}
	callee, arguments := value.Get("function"), value.Get("arguments")
	if callee == nil || callee.Kind != "identifier" || callee.Text != "require" || sc.find("require") != nil || arguments == nil {
		return false
	}
	arg := arguments.First()
	if arg == nil || arg.Kind != "string" || len(arguments.Kids) != 1 {
		return false
	}
	mod, specifier := sc.mod, arg.Text
	load := func() Value { return m.Import(mod, specifier) }
	if name.Kind == "identifier" {
		m.deferImport(mod, specifier)
		sc.declareLazy(name.Text, m.once(load))
		return true
	}
	for _, kid := range name.Kids {
		if kid.Kind != "shorthand_property_identifier_pattern" {
			return false
		}
	}
	m.deferImport(mod, specifier)
	for _, kid := range name.Kids {
		sc.declareLazy(kid.Text, m.once(func() Value { return m.Named(load(), kid.Text) }))
	}
	return true
}

// require is a call of require or import().
func (m *Machine) require(n *ast.Node, sc *scope) Value {
	args := m.args(n.Get("arguments"), sc)
	if len(args) == 0 {
		return &Unknown{}
	}
	specifier, ok := Text(args[0])
	if !ok || strings.Contains(specifier, holeOpen) {
		return &Unknown{}
	}
	v := m.Import(sc.mod, specifier)
	if callee := n.Get("function"); callee != nil && callee.Kind == "import" {
		return m.namespaceOf(v)
	}
	return v
}

// requireFunc is the module's require as a value.
func requireFunc(mod *Module) Value {
	f := Native("require", func(c *Call) Value {
		if specifier, ok := c.Text(0); ok {
			return c.M.Import(mod, specifier)
		}
		return &Unknown{}
	})
	f.Props = ObjectOf(map[string]Value{
		"main": &Unknown{Label: "main"}, "cache": NewOpenObject(),
		"resolve": Native("resolve", func(c *Call) Value {
			specifier, ok := c.Text(0)
			if !ok {
				return &Unknown{Label: "path"}
			}
			if name, ok := c.M.resolver.Resolve(mod.Path, specifier); ok {
				return Str{S: absolute(name)}
			}
			return &Unknown{Label: "path"}
		}),
	})
	return f
}

// namespaceOf is what import() gives of a module: of CommonJS, its exports and, as default, their whole.
func (m *Machine) namespaceOf(v Value) Value {
	o, ok := v.(*Object)
	if !ok {
		return v
	}
	if _, there := o.Own("default"); there {
		return o
	}
	out := NewObject()
	m.spread(out, o)
	out.lazy = o.lazy
	out.Put("default", o)
	return out
}

// hoistExport notes what an export statement exports before the module runs, for modules that import each other.
func (m *Machine) hoistExport(n *ast.Node, mod *Module) {
	if n.Has("type") {
		return
	}
	source := n.Get("source").Name()
	if namespace := n.Find("namespace_export"); namespace != nil {
		mod.object.Put(namespace.First().Name(), lazyValue(func() Value { return m.Import(mod, source) }))
		return
	}
	if n.Has("*") && source != "" {
		mod.stars = append(mod.stars, source)
		return
	}
	if clause := n.Find("export_clause"); clause != nil {
		for _, spec := range clause.Kids {
			m.exportSpecifier(spec, mod, source)
		}
		return
	}
	declaration := n.Get("declaration")
	if declaration == nil {
		return
	}
	name := declaration.Get("name").Name()
	if n.Has("default") {
		if name != "" {
			mod.names["default"] = name
		}
		return
	}
	if name != "" {
		mod.names[name] = name
	}
	for _, declarator := range declaration.Kids {
		if declarator.Kind == "variable_declarator" {
			exportPattern(declarator.Get("name"), mod)
		}
	}
}

func exportPattern(n *ast.Node, mod *Module) {
	n.Walk(func(n *ast.Node) bool {
		if n.Kind == "identifier" || n.Kind == "shorthand_property_identifier_pattern" {
			mod.names[n.Text] = n.Text
		}
		return n.Field != "right"
	})
}

func (m *Machine) exportSpecifier(spec *ast.Node, mod *Module, source string) {
	if spec.Kind != "export_specifier" || spec.Has("type") {
		return
	}
	name := spec.Get("name").Name()
	exported := name
	if alias := spec.Get("alias"); alias != nil {
		exported = alias.Name()
	}
	if source == "" {
		mod.names[exported] = name
		return
	}
	mod.object.Put(exported, lazyValue(func() Value { return m.Named(m.Import(mod, source), name) }))
}

// lazyValue is a property that is looked up when read.
func lazyValue(get func() Value) Value {
	return accessor{Native("import", func(*Call) Value { return get() })}
}

// export runs an export statement.
func (m *Machine) export(n *ast.Node, sc *scope) {
	mod := sc.mod
	declaration := n.Get("declaration")
	switch {
	case declaration != nil:
		m.exportDeclaration(n, declaration, sc)
	case n.Has("default"):
		v := m.eval(n.Get("value"), sc)
		mod.object.Put("default", v)
	case n.Has("="):
		if kid := n.Kids[len(n.Kids)-1]; kid.Kind != "=" {
			mod.common.Put("exports", m.eval(kid, sc))
		}
	case n.Get("source") != nil:
		if n.Has("*") {
			m.deferImport(mod, n.Get("source").Name())
		}
	default:
		for exported, local := range mod.names {
			if r := sc.find(local); r != nil && r.get == nil {
				mod.object.Put(exported, r.read())
			}
		}
	}
}

func (m *Machine) exportDeclaration(n, declaration *ast.Node, sc *scope) {
	var decorators []*ast.Node
	for _, kid := range n.Kids {
		if kid.Kind == "decorator" {
			decorators = append(decorators, kid)
		}
	}
	if len(decorators) > 0 && (len(declaration.Kids) == 0 || declaration.Kids[0] != decorators[0]) {
		declaration.Kids = append(decorators, declaration.Kids...)
	}
	if n.Has("default") {
		name := declaration.Get("name").Name()
		switch r := sc.find(name); {
		case name != "" && r != nil && declaration.Kind == "function_declaration":
			sc.mod.object.Put("default", r.read())
		default:
			v := m.eval(declaration, sc)
			if name != "" {
				sc.declare(name, v)
			}
			sc.mod.object.Put("default", v)
		}
		return
	}
	m.exec(declaration, sc)
	for exported, local := range sc.mod.names {
		if r, ok := sc.names[local]; ok && r.get == nil {
			sc.mod.object.Put(exported, r.read())
		}
	}
}
