package golang

import (
	"go/ast"
	"go/token"
)

func (in *interp) loop(f *frame, s *scope, st *ast.ForStmt) flow {
	name := in.takeName()
	if st.Init != nil {
		in.exec(f, s, st.Init)
	}
	for round := 0; ; round++ {
		cond, known := value(boolean(true)), false
		if st.Cond != nil {
			cond = in.eval(f, s, st.Cond)
		}
		if c, ok := cond.(boolean); ok && st.Cond != nil {
			known = true
			if !c {
				return goesOn
			}
		}
		end := in.round(in.block(f, s.inside(), st.Body.List), name)
		if end != goesOn && known {
			return in.outside(end, name)
		}
		if end != goesOn || !known || round > maxItems || in.spent() {
			return goesOn
		}
		if st.Post != nil {
			in.exec(f, s, st.Post)
		}
	}
}

// ranges runs a loop over a list or map once per item, over anything else once.
func (in *interp) ranges(f *frame, s *scope, st *ast.RangeStmt) flow {
	name := in.takeName()
	round := func(key, val value) flow {
		inner := s.inside()
		in.bindRange(f, inner, st, key, val)
		return in.round(in.block(f, inner, st.Body.List), name)
	}
	switch v := target(in.eval(f, s, st.X)).(type) {
	case *list:
		if len(v.items) > 0 || v.known {
			return in.rounds(len(v.items), name, func(i int) flow { return round(number(i), v.items[i].v) })
		}
		return in.overUnknown(v.elem, round)
	case *dict:
		if len(v.keys) > 0 {
			return in.rounds(len(v.keys), name, func(i int) flow { return round(v.keys[i], v.vals[i].v) })
		}
		round(nil, unknown{v.elem})
	case number:
		return in.rounds(min(int(v), maxItems), name, func(i int) flow { return round(number(i), nil) })
	case text:
		if v.known() {
			return in.overRunes(string(v), name, round)
		}
		in.perhaps(func() flow { return round(nil, nil) })
	case unknown:
		return in.overUnknown(v.typ.kindOf(in.prog).elem(), round)
	default:
		in.perhaps(func() flow { return round(nil, nil) })
	}
	return goesOn
}

func (in *interp) overRunes(s, name string, round func(key, val value) flow) flow {
	var at []number
	for i := range s {
		at = append(at, number(i))
	}
	runes := []rune(s)
	return in.rounds(min(len(at), maxItems), name, func(i int) flow { return round(at[i], number(runes[i])) })
}

// overUnknown runs a loop over items that are not known once, or, where an interface is all that is said of them, once for each
// type that has its methods: a container of dependencies may collect such things.
func (in *interp) overUnknown(elem typ, round func(key, val value) flow) flow {
	k := elem.kindOf(in.prog)
	if shape, ok := k.shape.(*ast.InterfaceType); ok && len(shape.Methods.List) > 0 {
		if names := in.methodNames(k, 0); len(names) > 0 {
			for _, n := range in.having(k, names[0]) {
				in.perhaps(func() flow { return round(nil, in.concrete(unknown{typ{n.spec.Name, n.file, nil}})) })
			}
			return goesOn
		}
	}
	in.perhaps(func() flow { return round(nil, unknown{elem}) })
	return goesOn
}

// rounds runs a loop's body n times, unless it leaves.
func (in *interp) rounds(n int, name string, body func(i int) flow) flow {
	for i := range n {
		if end := body(i); end != goesOn || in.spent() {
			return in.outside(end, name)
		}
	}
	return goesOn
}

func (in *interp) bindRange(f *frame, s *scope, st *ast.RangeStmt, key, val value) {
	for i, expr := range []ast.Expr{st.Key, st.Value} {
		v := key
		if i == 1 {
			v = val
		}
		if expr == nil {
			continue
		}
		if id, ok := expr.(*ast.Ident); ok && st.Tok.String() == ":=" {
			s.declare(id.Name, copied(v))
			continue
		}
		in.set(in.place(f, s, expr), v)
	}
}

func (in *interp) switches(f *frame, s *scope, st *ast.SwitchStmt) flow {
	name := in.takeName()
	if st.Init != nil {
		in.exec(f, s, st.Init)
	}
	tag := value(boolean(true))
	if st.Tag != nil {
		tag = in.eval(f, s, st.Tag)
	}
	sure, fallback := true, -1
	for i, stmt := range st.Body.List {
		c, ok := stmt.(*ast.CaseClause)
		if !ok {
			continue
		}
		if c.List == nil {
			fallback = i
			continue
		}
		switch same, known := in.matches(f, s, tag, c.List); {
		case known && same && sure:
			return in.outside(in.clause(f, s, st.Body.List[i:]), name)
		case known && !same:
		default:
			sure = false
			in.perhaps(func() flow { return in.clause(f, s, st.Body.List[i:]) })
		}
	}
	if fallback >= 0 && sure {
		return in.outside(in.clause(f, s, st.Body.List[fallback:]), name)
	}
	if fallback >= 0 {
		in.perhaps(func() flow { return in.clause(f, s, st.Body.List[fallback:]) })
	}
	return goesOn
}

// clause runs the first of the clauses, and those it falls through to.
func (in *interp) clause(f *frame, s *scope, clauses []ast.Stmt) flow {
	for _, stmt := range clauses {
		c, ok := stmt.(*ast.CaseClause)
		if !ok {
			return goesOn
		}
		if end := in.block(f, s.inside(), c.Body); end != goesOn || !fallsThrough(c.Body) {
			return end
		}
	}
	return goesOn
}

func fallsThrough(body []ast.Stmt) bool {
	if len(body) == 0 {
		return false
	}
	last, ok := body[len(body)-1].(*ast.BranchStmt)
	return ok && last.Tok == token.FALLTHROUGH
}

// matches says whether a case is the one, and whether that is known.
func (in *interp) matches(f *frame, s *scope, tag value, cases []ast.Expr) (same, known bool) {
	known = true
	for _, expr := range cases {
		eq, ok := equal(tag, in.eval(f, s, expr)).(boolean)
		if !ok {
			known = false
		} else if eq {
			return true, true
		}
	}
	return false, known
}

// typeSwitch runs every case: what a value's type is, is rarely known, and the name stands for the value in all of them.
func (in *interp) typeSwitch(f *frame, s *scope, st *ast.TypeSwitchStmt) flow {
	if st.Init != nil {
		in.exec(f, s, st.Init)
	}
	name, v := "_", value(nil)
	switch a := st.Assign.(type) {
	case *ast.AssignStmt:
		if id, ok := a.Lhs[0].(*ast.Ident); ok {
			name = id.Name
		}
		v = in.eval(f, s, a.Rhs[0])
	case *ast.ExprStmt:
		v = in.eval(f, s, a.X)
	}
	for _, stmt := range st.Body.List {
		c, ok := stmt.(*ast.CaseClause)
		if !ok {
			continue
		}
		in.perhaps(func() flow {
			inner, bound := s.inside(), v
			if len(c.List) == 1 && !isSomething(v) {
				bound = unknown{typ{c.List[0], f.file, s}}
			}
			inner.declare(name, bound)
			return in.block(f, inner, c.Body)
		})
	}
	return goesOn
}

// isSomething says whether more is known of a value than its type.
func isSomething(v value) bool {
	switch v.(type) {
	case nil, unknown, null:
		return false
	}
	return true
}
