package python

import (
	"slices"

	"previewd/runtime/endpoints/internal/syntax"
)

// makesApp reports whether a function or a class of the project calls a class that is an app of a known framework, itself
// or through others.
func (in *interpreter) makesApp(v value) bool {
	if made, known := in.makes[v]; known {
		return made
	}
	in.makes[v] = false // until the end, against functions that call each other
	body, home := bodyOf(v)
	if home == nil {
		return false
	}
	for n := range body.All() {
		if !n.Is("call") {
			continue
		}
		if callee := in.callee(n.Field("function"), home); in.isApp(callee) || in.makesApp(callee) {
			in.makes[v] = true
			break
		}
	}
	return in.makes[v]
}

// bodyOf is the code that a call of a function or a class of the project runs, and where it is.
func bodyOf(v value) (syntax.Node, *module) {
	switch v := v.(type) {
	case *function:
		return v.node.Field("body"), v.module
	case *class:
		return v.node.Field("body"), v.module
	}
	return syntax.Node{}, nil
}

// callee is what a name, or a name in a module, stands for at a module's top.
func (in *interpreter) callee(n syntax.Node, m *module) value {
	switch {
	case n.Is("identifier"):
		v, _ := m.scope.lookup(n.Text())
		if v == nil {
			return in.importedInside(n, m)
		}
		return v
	case n.Is("attribute"):
		switch owner := in.callee(n.Field("object"), m).(type) {
		case *external:
			return &external{name: owner.name + "." + n.Field("attribute").Text()}
		case *module:
			return owner.scope.vars[n.Field("attribute").Text()]
		}
	}
	return nil
}

// importedInside is a name that a function of a module imports for itself.
func (in *interpreter) importedInside(name syntax.Node, m *module) value {
	if m.inner == nil {
		m.inner = map[string]value{}
		f := &frame{module: m, scope: newScope(nil)}
		for n := range m.tree.Root().All() {
			if n.Is("import_from_statement") && !n.Field("module_name").Is("relative_import") {
				source := squeeze(n.Field("module_name").Text())
				for _, item := range n.Fields("name") {
					m.inner[item.Text()] = in.importedName(f, source, item.Text())
				}
			}
		}
	}
	return m.inner[name.Text()]
}

// importedName is a name of a module that was executed already, or one from outside of the project.
func (in *interpreter) importedName(f *frame, source, name string) value {
	from := in.find(source, f.module.file)
	if from == nil {
		return &external{name: source + "." + name}
	}
	return from.scope.vars[name]
}

func (in *interpreter) isApp(v value) bool {
	switch v := v.(type) {
	case *external:
		return isAppClass(v.name)
	case *class:
		return slices.ContainsFunc(v.externals(), isAppClass)
	}
	return false
}

func isAppClass(name string) bool {
	switch last(name) {
	case "FastAPI", "Starlette", "Flask", "Quart", "APIFlask", "Sanic", "Bottle", "Litestar", "Application", "OpenAPI":
		return true
	}
	return false
}

// anyCalled reports whether an object of a class was made.
func (in *interpreter) anyCalled(c *class) bool {
	for _, one := range c.order {
		for _, v := range one.scope.vars {
			if fn, ok := v.(*function); ok && fn.calls != nil && *fn.calls > 0 {
				return true
			}
		}
	}
	return false
}

// callMethods makes an object of a class that makes an app, and calls its methods: one of them does.
func (in *interpreter) callMethods(c *class, a args) {
	o, ok := in.instantiate(c, a).(*object)
	if !ok {
		return
	}
	for statement := range c.node.Field("body").Children() {
		if statement.Is("decorated_definition") {
			statement = statement.Field("definition")
		}
		fn, ok := c.scope.vars[statement.Field("name").Text()].(*function)
		if ok && fn.calls != nil && *fn.calls == 0 && (in.makesApp(fn) || registers(fn.node)) {
			in.call(fn.bind(o), a)
		}
	}
}

// registers reports whether a method registers routes.
func registers(fn syntax.Node) bool {
	for n := range fn.All() {
		if n.Is("attribute") {
			switch n.Field("attribute").Text() {
			case "include_router", "add_api_route", "add_url_rule", "register_blueprint", "add_resource", "add_route", "mount", "route", "api_route":
				return true
			}
		}
	}
	return false
}
