package golang

import (
	"go/ast"
)

// member is a method of a router or of a route.
type member struct {
	of   value
	name string
}

// several are the methods an interface's value may have.
type several []*function

// concrete is a value to work with where only the type is known: a router, or the project's own object of that type.
func (in *interp) concrete(v value) value {
	u, ok := v.(unknown)
	if !ok {
		return v
	}
	k := u.typ.kindOf(in.prog)
	if fw := in.prog.routerType(k); fw != nil && (k.named == nil || k.shape == nil) {
		return in.single(fw)
	}
	if _, ok := k.shape.(*ast.StructType); !ok {
		return v
	}
	if k.named == nil {
		return &object{typ: u.typ, fields: map[string]*cell{}}
	}
	c := in.instances[k.named]
	if c == nil {
		c = &cell{&object{typ: typ{k.named.spec.Name, k.named.file, nil}, fields: map[string]*cell{}}}
		in.instances[k.named] = c
	}
	return pointer{c}
}

func (in *interp) selector(f *frame, s *scope, e *ast.SelectorExpr) value {
	x := in.eval(f, s, e.X)
	if p, ok := x.(packageName); ok {
		if p.pkg == nil {
			return in.foreignMember(p.path, e.Sel.Name)
		}
		v, _ := in.packageLevel(p.pkg, e.Sel.Name)
		return v
	}
	v := in.selected(x, e.Sel.Name, 0)
	if v == nil {
		if id, ok := e.X.(*ast.Ident); ok {
			return missingMember(id.Name, e.Sel.Name)
		}
	}
	return v
}

// missingMember stands for a field of what is not known.
func missingMember(x, name string) value { return foreign{path: "?", name: x + "." + name} }

// selected is a value's field or method.
func (in *interp) selected(x value, name string, depth int) value {
	if depth > 6 {
		return nil
	}
	x = in.concrete(x)
	switch v := target(in.concrete(target(x))).(type) {
	case *node, *muxRoute, *chain:
		return member{v, name}
	case *object:
		if c := in.fieldCell(v, name, 0); c != nil {
			return c.v
		}
		return in.method(x, v.typ.kindOf(in.prog), v, name, depth)
	case foreign:
		return foreign{path: v.path, name: v.name + "." + name, inner: v.inner}
	case unknown:
		return in.unknownMember(x, v, name)
	case *list, *dict, text, *function, number:
		return foreign{path: "?", name: name, inner: &[]value{x}}
	case typeName:
		if n := v.kindOf(in.prog).named; n != nil && n.methods[name] != nil {
			return n.methods[name] // a method expression
		}
	}
	return nil
}

// fieldCell is a struct's field, also one of an embedded struct.
func (in *interp) fieldCell(o *object, name string, depth int) *cell {
	if c := o.fields[name]; c != nil {
		return c
	}
	fields := o.typ.kindOf(in.prog).fields()
	for _, fd := range fields {
		if fd.name == name {
			c := &cell{in.fieldZero(fd, o.whole)}
			o.fields[name] = c
			return c
		}
	}
	if depth > 4 {
		return nil
	}
	for _, fd := range fields {
		if !fd.embedded {
			continue
		}
		inner, ok := target(in.concrete(in.fieldCell(o, fd.name, depth+1).v)).(*object)
		if !ok {
			continue
		}
		if c := in.fieldCell(inner, name, depth+1); c != nil {
			return c
		}
	}
	return nil
}

// fieldZero is the value of a field that nobody set: a struct by value is there, of anything else only the type is known.
func (in *interp) fieldZero(fd field, whole bool) value {
	switch v := in.zero(fd.typ, fd.tag).(type) {
	case text:
		if v == "" && !whole {
			return missing(fd.name)
		}
		return v
	case *list:
		v.known = whole
		return v
	case *dict, *object, *node:
		return v
	}
	if k := fd.typ.kindOf(in.prog); whole && !k.pointer && k.path == "" && k.name == "bool" {
		return boolean(false)
	}
	return unknown{fd.typ}
}

// method is a method of a project's type, also of what it embeds.
func (in *interp) method(recv value, k kind, o *object, name string, depth int) value {
	if k.named != nil {
		if m := k.named.methods[name]; m != nil {
			return m.bound(recv)
		}
	}
	for _, fd := range k.fields() {
		if !fd.embedded {
			continue
		}
		c := in.fieldCell(o, fd.name, 0)
		if c == nil {
			continue
		}
		inner := value(c.v)
		if _, ok := inner.(*object); ok {
			inner = pointer{c}
		}
		if v := in.selected(inner, name, depth+1); v != nil && !isUnknownMember(v) {
			return v
		}
	}
	return nil
}

func isUnknownMember(v value) bool {
	f, ok := v.(foreign)
	return ok && f.path == "?"
}

func (fn *function) bound(recv value) *function {
	made := *fn
	made.recv = recv
	return &made
}

// unknownMember is a method where only the type is known: of a type that is no struct, or of all that an interface may stand for.
func (in *interp) unknownMember(x value, u unknown, name string) value {
	k := u.typ.kindOf(in.prog)
	if k.named != nil && k.named.methods[name] != nil {
		return k.named.methods[name].bound(x)
	}
	if _, ok := k.shape.(*ast.InterfaceType); ok {
		if all := in.implementers(k, name); len(all) > 0 {
			return all
		}
	}
	if k.path != "" {
		return foreign{path: k.path, name: k.name + "." + name, inner: &[]value{}}
	}
	return foreign{path: "?", name: name, inner: &[]value{}}
}

// implementers are the methods of that name of the types that have all of an interface's methods. Types the program has made
// something of come before others. Of methods that cannot lead to a route one is enough.
func (in *interp) implementers(k kind, name string) several {
	var made, rest several
	for _, n := range in.having(k, name) {
		m := n.methods[name]
		if c := in.instances[n]; c != nil {
			made = append(made, m.bound(pointer{c}))
		} else {
			rest = append(rest, m.bound(unknown{typ{n.spec.Name, n.file, nil}}))
		}
	}
	if len(made) > 0 {
		rest = made
	}
	if !in.keen[name] && len(rest) > 1 {
		rest = rest[:1]
	}
	return rest
}

// question is what was asked of all types.
type question struct {
	shape ast.Expr
	name  string
	pkgs  int // loaded then
}

// having are the types that have all methods of an interface.
func (in *interp) having(k kind, name string) []*named {
	q := question{k.shape, name, len(in.loaded)}
	if found, ok := in.answers[q]; ok {
		return found
	}
	want := in.methodNames(k, 0)
	var found []*named
	for _, of := range in.prog.sorted() {
		if !in.loaded[of] {
			continue
		}
		for _, n := range of.sortedTypes() {
			if n.methods[name] != nil && n.hasAll(want) {
				found = append(found, n)
			}
		}
	}
	in.answers[q] = found
	return found
}

func (in *interp) methodNames(k kind, depth int) []string {
	shape, ok := k.shape.(*ast.InterfaceType)
	if !ok || depth > 5 {
		return nil
	}
	var names []string
	for _, m := range shape.Methods.List {
		for _, name := range m.Names {
			names = append(names, name.Name)
		}
		if len(m.Names) == 0 {
			names = append(names, in.methodNames(typ{m.Type, k.at.file, k.at.env}.kindOf(in.prog), depth+1)...)
		}
	}
	return names
}
