package eval

import "previewd/runtime/endpoints/internal/ecma/ast"

// Inject is the one instance of the class that a container for dependency injection would make.
func (m *Machine) Inject(c *Class) Value {
	if got, ok := m.single[c]; ok {
		return got
	}
	if len(m.single) > 5000 {
		return &Unknown{Label: c.Name}
	}
	m.single[c] = &Unknown{Label: c.Name} // what a cycle sees
	args := make([]Value, 0, len(c.Params))
	for _, p := range c.injected() {
		args = append(args, m.injectType(p.Type, c))
	}
	instance := m.Construct(c, args, Site{})
	m.single[c] = instance
	return instance
}

// injected are the parameters of the constructor that runs.
func (c *Class) injected() []Param {
	for depth := 0; c != nil && depth < 20; depth++ {
		if c.ctor != nil {
			return c.Params
		}
		c, _ = c.Super.(*Class)
	}
	return nil
}

// injectType is an instance of the class that the annotation names.
func (m *Machine) injectType(annotation *ast.Node, c *Class) Value {
	switch typ := m.TypeOf(annotation, c.scope).(type) {
	case *Class:
		return m.Inject(typ)
	case Host:
		if _, ok := typ.(Callee); !ok {
			return typ
		}
	}
	return &Unknown{Label: TypeName(annotation)}
}

// injectField is the value of a field without one: injected when a decorator says so.
func (m *Machine) injectField(member *Member, c *Class) Value {
	if !member.Node.Has("decorator") {
		return Undefined{}
	}
	return m.injectType(member.Type, c)
}

// TypeName is the name at the head of a type annotation.
func TypeName(annotation *ast.Node) string {
	name := ""
	annotation.Walk(func(n *ast.Node) bool {
		if name == "" && (n.Kind == "type_identifier" || n.Kind == "predefined_type" || n.Kind == "identifier") {
			name = n.Text
		}
		return name == ""
	})
	return name
}

// TypeOf is the value that the annotation's type has at run time: a class, or Undefined.
func (m *Machine) TypeOf(annotation *ast.Node, sc *scope) Value {
	name := TypeName(annotation)
	if name == "" || sc == nil {
		return Undefined{}
	}
	if r := sc.find(name); r != nil {
		return r.read()
	}
	return Undefined{}
}

// Scoped is what the name means where the class is declared.
func (c *Class) Scoped(name string) Value {
	if r := c.scope.find(name); r != nil {
		return r.read()
	}
	return Undefined{}
}

// TypeIn is the value that an annotation in the class stands for.
func (m *Machine) TypeIn(annotation *ast.Node, c *Class) Value { return m.TypeOf(annotation, c.scope) }
