package eval

import "previewd/runtime/endpoints/internal/ecma/ast"

// Class is a class of the program.
type Class struct {
	Name    string
	Node    *ast.Node
	Mod     *Module
	Super   Value
	Statics *Object
	Proto   *Object
	Meta    map[string]Value // what the host's decorators noted
	Members []*Member
	Params  []Param // of the constructor
	scope   *scope
	ctor    *Func
}

// Member is a method or field.
type Member struct {
	Name   string
	Node   *ast.Node
	Static bool
	Field  bool
	Params []Param
	Meta   map[string]Value
	Type   *ast.Node
	Value  Value // of a static field or a method
}

// Param is a parameter with what its decorators noted.
type Param struct {
	Name string
	Node *ast.Node
	Type *ast.Node
	Meta map[string]Value
}

// open reports whether the class has parents that are not known.
func (c *Class) open() bool {
	for depth := 0; c != nil && depth < 20; depth++ {
		if c.Super == nil {
			return false
		}
		parent, ok := c.Super.(*Class)
		if !ok {
			return true
		}
		c = parent
	}
	return true
}

// Is reports whether c is the other class or a child of it.
func (c *Class) Is(other *Class) bool {
	for depth := 0; c != nil && depth < 20; depth++ {
		if c == other {
			return true
		}
		c, _ = c.Super.(*Class)
	}
	return false
}

// AllMembers are the members, with those of the parents that are not overridden, the parents' first.
func (c *Class) AllMembers() []*Member {
	var chain []*Class
	for at := c; at != nil && len(chain) < 20; at, _ = at.Super.(*Class) {
		chain = append(chain, at)
	}
	var all []*Member
	place := map[string]int{}
	for i := len(chain) - 1; i >= 0; i-- {
		for _, member := range chain[i].Members {
			at, there := place[member.Name]
			if there {
				all[at] = member
				continue
			}
			place[member.Name] = len(all)
			all = append(all, member)
		}
	}
	return all
}

func (m *Machine) classProperty(c *Class, name string, depth int) Value {
	if name == "prototype" {
		return c.Proto
	}
	if got, ok := c.Statics.Own(name); ok {
		return got
	}
	if name == "name" {
		return Str{S: c.Name}
	}
	if c.Super != nil {
		return m.lookup(c.Super, c, name, depth+1)
	}
	return Undefined{}
}

// class makes the class of a declaration or expression.
func (m *Machine) class(n *ast.Node, sc *scope) *Class {
	c := &Class{Node: n, Mod: sc.mod, Statics: NewObject(), Meta: map[string]Value{}, scope: sc.child()}
	c.Proto = NewObject()
	c.Proto.Of, c.Proto.Class = c, c
	c.Name = n.Get("name").Name()
	if c.Name != "" {
		c.scope.declare(c.Name, c)
	}
	if heritage := n.Find("class_heritage"); heritage != nil {
		if clause := heritage.Find("extends_clause"); clause != nil {
			c.Super = m.eval(clause.Get("value"), sc)
		} else if first := heritage.First(); first != nil && first.Kind != "implements_clause" {
			c.Super = m.eval(first, sc)
		}
		if parent, ok := c.Super.(*Class); ok {
			c.Proto.Proto = parent.Proto
		}
	}
	var pending []*ast.Node
	if body := n.Get("body"); body != nil {
		for _, kid := range body.Kids {
			if kid.Kind == "decorator" {
				pending = append(pending, kid)
				continue
			}
			m.member(c, kid, pending)
			pending = nil
		}
	}
	m.decorateClass(c, n)
	return c
}

func (m *Machine) member(c *Class, n *ast.Node, before []*ast.Node) {
	switch n.Kind {
	case "method_definition", "public_field_definition", "field_definition", "abstract_method_signature", "method_signature":
	case "class_static_block":
		m.exec(n.Get("body"), c.scope)
		return
	default:
		return
	}
	key := n.Get("name")
	if key == nil {
		key = n.Get("property")
	}
	name := m.propertyName(key, c.scope)
	member := &Member{Name: name, Node: n, Static: n.Has("static"), Meta: map[string]Value{}, Type: n.Get("type")}
	member.Field = n.Kind == "public_field_definition" || n.Kind == "field_definition"
	for _, p := range params(n) {
		member.Params = append(member.Params, Param{Name: p.Get("pattern").Name(), Node: p, Type: p.Get("type"), Meta: map[string]Value{}})
	}
	if n.Kind == "method_definition" {
		m.method(c, n, member)
	} else if member.Field && member.Static {
		c.Statics.Put(name, m.evalWith(n.Get("value"), c.scope, c))
	}
	if name != "constructor" && n.Kind != "method_signature" {
		c.Members = append(c.Members, member)
	}
	var own []*ast.Node
	for _, kid := range n.Kids {
		if kid.Kind == "decorator" {
			own = append(own, kid)
		}
	}
	m.decorateMember(c, member, append(before, own...))
}

func (m *Machine) method(c *Class, n *ast.Node, member *Member) {
	f := &Func{Name: member.Name, Node: n, Mod: c.Mod, scope: c.scope, home: c}
	member.Value = f
	if member.Name == "constructor" {
		c.ctor, c.Params = f, member.Params
		return
	}
	target := c.Proto
	if member.Static {
		target = c.Statics
	}
	switch {
	case n.Has("get"):
		target.Put(member.Name, accessor{f})
	case n.Has("set"):
	default:
		target.Put(member.Name, f)
	}
}

// Construct is new f(...args).
func (m *Machine) Construct(v Value, args []Value, site Site) Value {
	switch v := v.(type) {
	case *Class:
		o := NewObject()
		o.Class, o.Proto = v, v.Proto
		m.construct(v, o, args, site, 0)
		return o
	case *Func:
		if v.Native != nil {
			return v.Native(&Call{M: m, This: Undefined{}, Args: args, Site: site, New: true})
		}
		o := NewObject()
		o.Proto, _ = m.Get(v, "prototype").(*Object)
		switch got := m.Call(v, o, args, site).(type) {
		case Undefined, Null, *Unknown, nil:
			return o
		default:
			return got
		}
	case Callee:
		return v.Call(&Call{M: m, This: Undefined{}, Args: args, Site: site, New: true})
	}
	return m.callUnknown(v, args, site)
}

// construct runs c's constructor, or its parent's, on o.
func (m *Machine) construct(c *Class, o *Object, args []Value, site Site, depth int) {
	if depth > 20 {
		return
	}
	if c.ctor == nil {
		m.superConstruct(c, o, args, site, depth)
		m.fields(c, o)
		return
	}
	if c.Super == nil {
		m.fields(c, o)
	}
	m.parameterProperties(c, o, args)
	m.Call(c.ctor, o, args, site)
}

// superConstruct is what super(...args) does in a constructor of c.
func (m *Machine) superConstruct(c *Class, o *Object, args []Value, site Site, depth int) {
	switch parent := c.Super.(type) {
	case nil:
	case *Class:
		m.construct(parent, o, args, site, depth+1)
	default:
		o.Under = m.Construct(parent, args, site)
	}
}

func (m *Machine) fields(c *Class, o *Object) {
	for _, member := range c.Members {
		if !member.Field || member.Static || member.Node.Has("declare") || member.Node.Has("abstract") {
			continue
		}
		value := member.Node.Get("value")
		if value == nil {
			if _, there := o.Own(member.Name); !there {
				o.Put(member.Name, m.injectField(member, c))
			}
			continue
		}
		o.Put(member.Name, m.evalWith(value, c.scope, o))
	}
}

// parameterProperties are TypeScript's: constructor(private app: App).
func (m *Machine) parameterProperties(c *Class, o *Object, args []Value) {
	for i, p := range c.Params {
		if !p.Node.Has("accessibility_modifier") && !p.Node.Has("readonly") && !p.Node.Has("override_modifier") {
			continue
		}
		var v Value = Undefined{}
		if i < len(args) {
			v = args[i]
		}
		if value := p.Node.Get("value"); value != nil && (isNullish(v) || IsUnknown(v)) {
			v = m.evalWith(value, c.scope, o)
		}
		o.Put(p.Name, v)
	}
}

// evalWith evaluates n where this is the value.
func (m *Machine) evalWith(n *ast.Node, sc *scope, this Value) Value {
	inner := sc.child()
	inner.declare("this", this)
	inner.fn = &frame{}
	return m.eval(n, inner)
}
