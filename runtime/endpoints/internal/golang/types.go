package golang

import (
	"go/ast"
	"strings"
)

// typ is a type as it is written somewhere.
type typ struct {
	expr ast.Expr
	file *file
	env  *scope // types may be declared inside functions
}

// kind is what a type comes down to.
type kind struct {
	pointer bool
	named   *named   // a type of the project
	path    string   // of a type outside of it
	name    string   // likewise, or a predeclared one
	shape   ast.Expr // struct, interface, func, array, map, where it has no name, or a named one's own
	at      typ      // where shape is written
}

// kindOf looks a type's names up.
func (t typ) kindOf(p *program) kind { return t.resolve(p, 0) }

func (t typ) resolve(p *program, depth int) kind {
	if depth > 20 || t.expr == nil || t.file == nil {
		return kind{}
	}
	switch e := t.expr.(type) {
	case *ast.ParenExpr:
		return typ{e.X, t.file, t.env}.resolve(p, depth+1)
	case *ast.StarExpr:
		k := typ{e.X, t.file, t.env}.resolve(p, depth+1)
		k.pointer = true
		return k
	case *ast.IndexExpr:
		return typ{e.X, t.file, t.env}.resolve(p, depth+1)
	case *ast.IndexListExpr:
		return typ{e.X, t.file, t.env}.resolve(p, depth+1)
	case *ast.Ident:
		return t.ident(p, e, depth)
	case *ast.SelectorExpr:
		return t.selector(p, e, depth)
	case *ast.Ellipsis:
		return kind{shape: &ast.ArrayType{Elt: e.Elt}, at: t}
	case *ast.StructType, *ast.InterfaceType, *ast.FuncType, *ast.ArrayType, *ast.MapType, *ast.ChanType:
		return kind{shape: t.expr, at: t}
	}
	return kind{}
}

func (t typ) ident(p *program, e *ast.Ident, depth int) kind {
	if c := t.env.find(e.Name); c != nil {
		if local, ok := c.v.(typeName); ok && local.expr != t.expr {
			return local.resolve(p, depth+1)
		}
		return kind{}
	}
	if n := t.file.pkg.types[e.Name]; n != nil {
		return n.resolve(p, depth+1)
	}
	for _, to := range t.file.dots {
		if own := p.imported(to); own == nil {
			if ast.IsExported(e.Name) {
				return kind{path: to, name: e.Name}
			}
		} else if p.load(own); own.types[e.Name] != nil {
			return own.types[e.Name].resolve(p, depth+1)
		}
	}
	return kind{name: e.Name}
}

func (t typ) selector(p *program, e *ast.SelectorExpr, depth int) kind {
	x, ok := e.X.(*ast.Ident)
	if !ok {
		return kind{}
	}
	to, ok := t.file.imports[x.Name]
	if !ok {
		return kind{}
	}
	own := p.imported(to)
	if own == nil {
		return kind{path: to, name: e.Sel.Name}
	}
	p.load(own)
	if n := own.types[e.Sel.Name]; n != nil {
		return n.resolve(p, depth+1)
	}
	return kind{}
}

// resolve follows aliases, and types declared as another package's type, to the framework they stand for.
func (n *named) resolve(p *program, depth int) kind {
	under := typ{n.spec.Type, n.file, nil}.resolve(p, depth+1)
	if n.spec.Assign.IsValid() {
		return under
	}
	own := kind{named: n, shape: under.shape, at: under.at}
	if under.named == nil && under.path != "" {
		own.path, own.name = under.path, under.name
	}
	if own.shape == nil && own.path == "" {
		own.name = under.name
	}
	return own
}

// elem is the type of a list's items or a map's values.
func (k kind) elem() typ {
	switch s := k.shape.(type) {
	case *ast.ArrayType:
		return typ{s.Elt, k.at.file, k.at.env}
	case *ast.MapType:
		return typ{s.Value, k.at.file, k.at.env}
	case *ast.ChanType:
		return typ{s.Value, k.at.file, k.at.env}
	}
	return typ{}
}

// field is a struct's field as declared.
type field struct {
	name     string
	typ      typ
	tag      string
	embedded bool
}

// fields are a struct's, in order.
func (k kind) fields() []field {
	s, ok := k.shape.(*ast.StructType)
	if !ok || s.Fields == nil {
		return nil
	}
	var all []field
	for _, f := range s.Fields.List {
		one := field{typ: typ{f.Type, k.at.file, k.at.env}}
		if f.Tag != nil {
			one.tag = strings.Trim(f.Tag.Value, "`")
		}
		if len(f.Names) == 0 {
			one.name, one.embedded = embeddedName(f.Type), true
			all = append(all, one)
		}
		for _, name := range f.Names {
			one.name = name.Name
			all = append(all, one)
		}
	}
	return all
}

func embeddedName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return embeddedName(e.X)
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.IndexExpr:
		return embeddedName(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}
