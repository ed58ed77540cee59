package golang

import (
	"go/ast"
	"strings"
)

// value is what an expression stands for. nil is a value of which nothing is known.
type value any

// cell is a variable: what pointers point to.
type cell struct{ v value }

type (
	// text is a string. What is not known of it stands between hole marks, with the expression's name.
	text    string
	boolean bool
	number  int64
	null    struct{} // nil, written out
	tuple   []value  // what a function returns that returns several
)

type (
	pointer struct{ to *cell }
	// object is a struct. Its type may be a struct type without a name.
	object struct {
		typ    typ
		fields map[string]*cell
		whole  bool // written out: fields that are not set are empty
	}
	list struct {
		elem  typ
		items []*cell
		known bool // there are no other items
	}
	dict struct {
		elem typ
		keys []value
		vals []*cell
	}
	// function is a function, a closure or a method of recv.
	function struct {
		name  string
		decl  *ast.FuncDecl
		lit   *ast.FuncLit
		file  *file
		env   *scope
		recv  value
		owner *function // who made a closure, where it makes it to return it
	}
	packageName struct {
		pkg  *pkg // nil when it is not the project's
		path string
	}
	typeName struct{ typ }
	// unknown is something of which only the type is known.
	unknown struct{ typ typ }
	// foreign is what code outside of the project made or is: path and name say which, inner are the handlers it was given.
	foreign struct {
		path, name string
		inner      *[]value
		result     typ // its type argument: what many a container is asked for
	}
	// stripped is a handler that does not see the path's beginning.
	stripped struct {
		prefix string
		inner  value
	}
)

const hole = "\x00"

// missing is a piece of text that is not known.
func missing(name string) text { return text(hole + strings.ReplaceAll(name, hole, "") + hole) }

func (t text) known() bool { return !strings.Contains(string(t), hole) }

// filled replaces the holes. Those at the beginning, which are prefixes that come from the configuration, are taken to be empty.
func (t text) filled() string {
	parts := strings.Split(string(t), hole)
	var b strings.Builder
	for i, part := range parts {
		switch {
		case i%2 == 0:
			b.WriteString(part)
		case strings.Trim(b.String(), "/") != "" && i < len(parts)-1:
			b.WriteString("{" + identifier(part) + "}")
		}
	}
	return b.String()
}

// identifier is the last name in an expression.
func identifier(expr string) string {
	last := strings.FieldsFunc(expr, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
	if len(last) == 0 {
		return "value"
	}
	return last[len(last)-1]
}

// copied is the value as an assignment hands it on: structs are copied, everything else is shared.
func copied(v value) value {
	o, ok := v.(*object)
	if !ok {
		return v
	}
	fresh := &object{typ: o.typ, whole: o.whole, fields: make(map[string]*cell, len(o.fields))}
	for name, c := range o.fields {
		fresh.fields[name] = &cell{copied(c.v)}
	}
	return fresh
}

// target follows pointers.
func target(v value) value {
	for range 8 {
		p, ok := v.(pointer)
		if !ok {
			return v
		}
		v = p.to.v
	}
	return v
}

// better says whether a value may take another's place where it is not known which of the two it will be.
func better(old, fresh value) bool {
	switch o := target(old).(type) {
	case nil, null, unknown:
		return true
	case text:
		n, ok := fresh.(text)
		return ok && (o == "" || !o.known()) && n != "" && n.known()
	case *list:
		n, ok := target(fresh).(*list)
		return ok && len(n.items) >= len(o.items)
	case *object, *node, boolean, *function:
		return false
	}
	return fresh != nil
}

// scope holds the names of a block.
type scope struct {
	outer *scope
	names map[string]*cell
}

func (s *scope) inside() *scope { return &scope{outer: s} }

func (s *scope) declare(name string, v value) *cell {
	c := &cell{v}
	if name == "_" {
		return c
	}
	if s.names == nil {
		s.names = map[string]*cell{}
	}
	s.names[name] = c
	return c
}

func (s *scope) find(name string) *cell {
	for ; s != nil; s = s.outer {
		if c := s.names[name]; c != nil {
			return c
		}
	}
	return nil
}
