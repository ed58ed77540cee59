package golang

import (
	"go/ast"
	"go/token"
	"strconv"
)

// eval is the value of an expression.
func (in *interp) eval(f *frame, s *scope, e ast.Expr) value {
	if e == nil || in.spent() || in.depth > maxDepth*8 {
		return nil
	}
	in.depth++
	defer func() { in.depth-- }()
	switch e := e.(type) {
	case *ast.BasicLit:
		return literal(e)
	case *ast.Ident:
		return in.ident(f, s, e)
	case *ast.ParenExpr:
		return in.eval(f, s, e.X)
	case *ast.FuncLit:
		return &function{lit: e, file: f.file, env: s, name: "func", owner: f.fn.maker()}
	case *ast.CompositeLit:
		return in.composite(f, s, e, typ{e.Type, f.file, s})
	case *ast.SelectorExpr:
		return in.selector(f, s, e)
	case *ast.CallExpr:
		return in.callExpr(f, s, e)
	case *ast.BinaryExpr:
		return in.binaryExpr(f, s, e)
	case *ast.IndexExpr:
		return in.index(f, s, e)
	case *ast.StarExpr:
		return in.deref(f, s, e)
	case *ast.UnaryExpr:
		return in.unary(f, s, e)
	}
	return in.evalRest(f, s, e)
}

func (in *interp) evalRest(f *frame, s *scope, e ast.Expr) value {
	switch e := e.(type) {
	case *ast.IndexListExpr:
		return in.eval(f, s, e.X)
	case *ast.SliceExpr:
		return in.slice(f, s, e)
	case *ast.TypeAssertExpr:
		v := in.eval(f, s, e.X)
		if e.Type != nil && !isSomething(v) {
			return unknown{typ{e.Type, f.file, s}}
		}
		return v
	case *ast.ArrayType, *ast.MapType, *ast.FuncType, *ast.StructType, *ast.InterfaceType, *ast.ChanType:
		return typeName{typ{e, f.file, s}}
	}
	return nil
}

func literal(e *ast.BasicLit) value {
	switch e.Kind {
	case token.STRING:
		if s, err := strconv.Unquote(e.Value); err == nil {
			return text(s)
		}
	case token.INT:
		if n, err := strconv.ParseInt(e.Value, 0, 64); err == nil {
			return number(n)
		}
	case token.CHAR:
		if r, _, _, err := strconv.UnquoteChar(e.Value[1:], '\''); err == nil {
			return number(r)
		}
	}
	return nil
}

func (in *interp) ident(f *frame, s *scope, e *ast.Ident) value {
	if c := s.find(e.Name); c != nil {
		return c.v
	}
	if v, ok := in.packageLevel(f.file.pkg, e.Name); ok {
		return v
	}
	if to, ok := f.file.imports[e.Name]; ok {
		return packageName{in.prog.imported(to), to}
	}
	for _, to := range f.file.dots {
		if own := in.prog.imported(to); own != nil {
			if v, ok := in.packageLevel(own, e.Name); ok {
				return v
			}
		} else if ast.IsExported(e.Name) {
			return in.foreignMember(to, e.Name)
		}
	}
	switch e.Name {
	case "true":
		return boolean(true)
	case "false":
		return boolean(false)
	case "nil":
		return null{}
	case "iota":
		return nil
	}
	if isBuiltin(e.Name) {
		return builtin(e.Name)
	}
	return typeName{typ{e, f.file, s}}
}

// packageLevel is what a package declares under a name.
func (in *interp) packageLevel(of *pkg, name string) (value, bool) {
	in.prog.load(of)
	if fn := of.funcs[name]; fn != nil {
		return fn, true
	}
	if g := of.vars[name]; g != nil {
		v := in.global(g)
		if _, ok := v.(boolean); ok && !g.konst {
			return nil, true // somebody may have set it
		}
		return v, true
	}
	if n := of.types[name]; n != nil {
		return typeName{typ{n.spec.Name, n.file, nil}}, true
	}
	return nil, false
}

// global is a package's variable or constant, which is evaluated when it is first asked for.
func (in *interp) global(g *global) value {
	if g.cell != nil {
		return g.cell.v
	}
	if g.busy {
		return nil
	}
	g.busy = true
	s := &scope{}
	s.declare("iota", number(g.iota))
	if !g.konst {
		s = nil
	}
	f := &frame{fn: &function{file: g.file}, file: g.file}
	var v value
	switch {
	case g.index < len(g.exprs) && len(g.exprs) == len(g.spec.Names) || g.konst && g.index < len(g.exprs):
		v = in.eval(f, s, g.exprs[g.index])
	case len(g.exprs) == 1:
		if all, ok := in.eval(f, s, g.exprs[0]).(tuple); ok && g.index < len(all) {
			v = all[g.index]
		}
	default:
		v = in.zero(typ{g.typ, g.file, nil}, "")
	}
	if v == nil && g.typ != nil {
		v = unknown{typ{g.typ, g.file, nil}}
	}
	g.cell = &cell{copied(v)}
	return g.cell.v
}

func (in *interp) binaryExpr(f *frame, s *scope, e *ast.BinaryExpr) value {
	x := in.eval(f, s, e.X)
	if b, ok := x.(boolean); ok && (e.Op == token.LAND && !bool(b) || e.Op == token.LOR && bool(b)) {
		return b
	}
	return binary(e.Op, x, in.eval(f, s, e.Y))
}

func (in *interp) unary(f *frame, s *scope, e *ast.UnaryExpr) value {
	if e.Op == token.AND {
		return in.address(f, s, e.X)
	}
	switch v := in.eval(f, s, e.X).(type) {
	case boolean:
		if e.Op == token.NOT {
			return !v
		}
	case number:
		switch e.Op {
		case token.ADD:
			return v
		case token.SUB:
			return -v
		case token.XOR:
			return ^v
		}
	}
	return nil
}

func (in *interp) address(f *frame, s *scope, e ast.Expr) value {
	if lit, ok := e.(*ast.CompositeLit); ok {
		return in.pointerTo(in.composite(f, s, lit, typ{lit.Type, f.file, s}))
	}
	if c := in.place(f, s, e); c != nil {
		return pointer{c}
	}
	return in.eval(f, s, e)
}

// pointerTo makes a pointer to a new variable. The newest one of a type is taken where only the type is known.
func (in *interp) pointerTo(v value) value {
	switch v.(type) {
	case *list, *dict:
		return pointer{&cell{v}}
	}
	o, ok := v.(*object)
	if !ok {
		return v // routers and the like are references already
	}
	c := &cell{o}
	if n := o.typ.kindOf(in.prog).named; n != nil {
		in.instances[n] = c
	}
	return pointer{c}
}

func (in *interp) deref(f *frame, s *scope, e *ast.StarExpr) value {
	switch v := in.concrete(in.eval(f, s, e.X)).(type) {
	case pointer:
		return v.to.v
	case typeName:
		return typeName{typ{e, f.file, s}}
	default:
		return v
	}
}

func (in *interp) index(f *frame, s *scope, e *ast.IndexExpr) value {
	over := in.eval(f, s, e.X)
	switch v := target(over).(type) {
	case *function, typeName:
		return over // type arguments
	case foreign:
		if t, ok := in.eval(f, s, e.Index).(typeName); ok {
			v.result = t.typ
		}
		return v
	case *list:
		if i, ok := in.eval(f, s, e.Index).(number); ok && int(i) >= 0 && int(i) < len(v.items) {
			return v.items[i].v
		}
		return unknown{v.elem}
	case text:
		if i, ok := in.eval(f, s, e.Index).(number); ok && v.known() && int(i) >= 0 && int(i) < len(v) {
			return number(v[i])
		}
	case *dict:
		if c := v.at(in.eval(f, s, e.Index)); c != nil {
			return c.v
		}
		return unknown{v.elem}
	case unknown:
		return unknown{v.typ.kindOf(in.prog).elem()}
	}
	return nil
}

func (in *interp) slice(f *frame, s *scope, e *ast.SliceExpr) value {
	v := in.eval(f, s, e.X)
	low, _ := in.eval(f, s, e.Low).(number)
	high, bounded := in.eval(f, s, e.High).(number)
	if e.Low == nil && e.High == nil {
		return v
	}
	switch v := target(v).(type) {
	case text:
		if !bounded {
			high = number(len(v))
		}
		if v.known() && low >= 0 && low <= high && int(high) <= len(v) {
			return v[low:high]
		}
		return missing("slice")
	case *list:
		if !bounded {
			high = number(len(v.items))
		}
		if low >= 0 && low <= high && int(high) <= len(v.items) {
			return &list{elem: v.elem, items: v.items[low:high:high], known: v.known}
		}
	}
	return v
}
