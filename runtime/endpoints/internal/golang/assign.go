package golang

import (
	"go/ast"
	"go/token"
)

func (in *interp) assign(f *frame, s *scope, st *ast.AssignStmt) {
	vals := in.rightSide(f, s, st.Lhs, st.Rhs)
	for i, left := range st.Lhs {
		v := vals[i]
		if id, ok := left.(*ast.Ident); ok && st.Tok == token.DEFINE && !s.has(id.Name) {
			s.declare(id.Name, copied(v))
			continue
		}
		if id, ok := left.(*ast.Ident); ok && id.Name == "_" {
			continue
		}
		if st.Tok != token.ASSIGN && st.Tok != token.DEFINE {
			v = binary(token.Token(int(st.Tok)-int(token.ADD_ASSIGN)+int(token.ADD)), in.eval(f, s, left), v)
		}
		if ix, ok := left.(*ast.IndexExpr); ok {
			in.store(f, s, ix, v)
			continue
		}
		if at := in.place(f, s, left); at != nil {
			in.set(at, v)
		} else {
			in.escape(v, 0) // a field of something foreign: a command's action, say
		}
	}
}

// has says whether the innermost block declares a name.
func (s *scope) has(name string) bool { return s.names[name] != nil }

// rightSide are the values for n names.
func (in *interp) rightSide(f *frame, s *scope, left, right []ast.Expr) []value {
	vals := make([]value, max(len(left), len(right)))
	if len(right) == 1 && len(left) > 1 {
		if all, ok := in.eval(f, s, right[0]).(tuple); ok {
			copy(vals, all)
		} else {
			vals[0] = in.first(f, s, right[0])
		}
		return vals
	}
	for i, expr := range right {
		vals[i] = in.eval(f, s, expr)
	}
	return vals
}

// first is the value of `v, ok := x`, which was evaluated already where it is a call.
func (in *interp) first(f *frame, s *scope, expr ast.Expr) value {
	switch expr.(type) {
	case *ast.IndexExpr, *ast.TypeAssertExpr, *ast.UnaryExpr:
		return in.eval(f, s, expr)
	}
	return nil
}

// store assigns to an item of a list or map.
func (in *interp) store(f *frame, s *scope, ix *ast.IndexExpr, v value) {
	key := in.eval(f, s, ix.Index)
	switch to := target(in.eval(f, s, ix.X)).(type) {
	case *dict:
		if c := to.at(key); c != nil {
			in.set(c, v)
		} else if len(to.keys) < maxItems {
			to.keys, to.vals = append(to.keys, key), append(to.vals, &cell{copied(v)})
		}
	case *list:
		if i, ok := key.(number); ok && int(i) >= 0 && int(i) < len(to.items) {
			in.set(to.items[i], v)
		}
	case unknown:
		made := &dict{elem: to.typ.kindOf(in.prog).elem(), keys: []value{key}, vals: []*cell{{copied(v)}}}
		in.set(in.place(f, s, ix.X), made)
	}
}

func (d *dict) at(key value) *cell {
	for i, k := range d.keys {
		if eq, ok := equal(k, key).(boolean); ok && bool(eq) {
			return d.vals[i]
		}
	}
	return nil
}

// place is the variable an expression names, or nil.
func (in *interp) place(f *frame, s *scope, e ast.Expr) *cell {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return in.place(f, s, e.X)
	case *ast.Ident:
		if c := s.find(e.Name); c != nil {
			return c
		}
		if g := f.file.pkg.vars[e.Name]; g != nil && !g.konst {
			in.global(g)
			return g.cell
		}
	case *ast.SelectorExpr:
		if x, ok := e.X.(*ast.Ident); ok && s.find(x.Name) == nil {
			if own := in.prog.imported(f.file.imports[x.Name]); own != nil && own.vars[e.Sel.Name] != nil {
				in.global(own.vars[e.Sel.Name])
				return own.vars[e.Sel.Name].cell
			}
		}
		if o, ok := target(in.concrete(in.eval(f, s, e.X))).(*object); ok {
			return in.fieldCell(o, e.Sel.Name, 0)
		}
	case *ast.StarExpr:
		if p, ok := in.concrete(in.eval(f, s, e.X)).(pointer); ok {
			return p.to
		}
	case *ast.IndexExpr:
		key := in.eval(f, s, e.Index)
		switch of := target(in.eval(f, s, e.X)).(type) {
		case *dict:
			return of.at(key)
		case *list:
			if i, ok := key.(number); ok && int(i) >= 0 && int(i) < len(of.items) {
				return of.items[i]
			}
		}
	}
	return nil
}

func (in *interp) declare(f *frame, s *scope, st *ast.DeclStmt) {
	gen, ok := st.Decl.(*ast.GenDecl)
	if !ok {
		return
	}
	var again []ast.Expr
	for i, spec := range gen.Specs {
		switch sp := spec.(type) {
		case *ast.TypeSpec:
			s.declare(sp.Name.Name, typeName{typ{sp.Type, f.file, s}})
		case *ast.ValueSpec:
			if gen.Tok == token.CONST {
				again = in.declareConstants(f, s, sp, i, again)
				continue
			}
			in.declareValues(f, s, sp)
		}
	}
}

// declareConstants declares the i-th line of constants. One without values has those of the line before, which it returns.
func (in *interp) declareConstants(f *frame, s *scope, sp *ast.ValueSpec, i int, again []ast.Expr) []ast.Expr {
	if len(sp.Values) > 0 {
		again = sp.Values
	}
	inner := s.inside()
	inner.declare("iota", number(i))
	for n, name := range sp.Names[:min(len(sp.Names), len(again))] {
		s.declare(name.Name, in.eval(f, inner, again[n]))
	}
	return again
}

func (in *interp) declareValues(f *frame, s *scope, sp *ast.ValueSpec) {
	if len(sp.Values) == 0 {
		for _, name := range sp.Names {
			s.declare(name.Name, in.zero(typ{sp.Type, f.file, s}, ""))
		}
		return
	}
	left := make([]ast.Expr, len(sp.Names))
	for i, name := range sp.Names {
		left[i] = name
	}
	for i, v := range in.rightSide(f, s, left, sp.Values)[:len(left)] {
		if v == nil && sp.Type != nil {
			v = unknown{typ{sp.Type, f.file, s}}
		}
		s.declare(sp.Names[i].Name, copied(v))
	}
}

func (in *interp) step(f *frame, s *scope, st *ast.IncDecStmt) {
	c := in.place(f, s, st.X)
	if c == nil {
		return
	}
	n, ok := c.v.(number)
	switch {
	case !ok:
		in.set(c, nil)
	case st.Tok == token.INC:
		in.set(c, n+1)
	default:
		in.set(c, n-1)
	}
}
