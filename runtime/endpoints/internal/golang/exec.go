package golang

import (
	"go/ast"
	"go/token"
)

// block runs statements until one leaves.
func (in *interp) block(f *frame, s *scope, list []ast.Stmt) flow {
	for _, stmt := range list {
		if end := in.exec(f, s, stmt); end != goesOn {
			return end
		}
		if in.steps > in.limit {
			return returns
		}
	}
	return goesOn
}

func (in *interp) exec(f *frame, s *scope, stmt ast.Stmt) flow {
	if in.spent() {
		return returns
	}
	switch st := stmt.(type) {
	case *ast.ExprStmt:
		in.statement, _ = st.X.(*ast.CallExpr)
		in.eval(f, s, st.X)
		if isExit(st.X) {
			return returns
		}
	case *ast.AssignStmt:
		in.assign(f, s, st)
	case *ast.DeclStmt:
		in.declare(f, s, st)
	case *ast.GoStmt:
		in.eval(f, s, st.Call)
	case *ast.DeferStmt:
		in.eval(f, s, st.Call)
	case *ast.ReturnStmt:
		in.leave(f, s, st)
		return returns
	case *ast.BranchStmt:
		return in.branch(st)
	case *ast.IncDecStmt:
		in.step(f, s, st)
	case *ast.SendStmt:
		in.escape(in.eval(f, s, st.Value), 0)
	default:
		return in.compound(f, s, stmt)
	}
	return goesOn
}

// compound runs statements made of statements.
func (in *interp) compound(f *frame, s *scope, stmt ast.Stmt) flow {
	switch st := stmt.(type) {
	case *ast.BlockStmt:
		return in.block(f, s.inside(), st.List)
	case *ast.LabeledStmt:
		return in.labelled(f, s, st)
	case *ast.IfStmt:
		return in.ifElse(f, s.inside(), st)
	case *ast.ForStmt:
		return in.loop(f, s.inside(), st)
	case *ast.RangeStmt:
		return in.ranges(f, s.inside(), st)
	case *ast.SwitchStmt:
		return in.switches(f, s.inside(), st)
	case *ast.TypeSwitchStmt:
		return in.typeSwitch(f, s.inside(), st)
	case *ast.SelectStmt:
		for _, clause := range st.Body.List {
			if c, ok := clause.(*ast.CommClause); ok {
				in.perhaps(func() flow { return in.block(f, s.inside(), c.Body) })
			}
		}
	}
	return goesOn
}

// labelled runs a statement that tells its name to those that leave it. Of others nobody asks.
func (in *interp) labelled(f *frame, s *scope, st *ast.LabeledStmt) flow {
	switch st.Stmt.(type) {
	case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt:
		in.named = st.Label.Name
	}
	return in.exec(f, s, st.Stmt)
}

// isExit says whether a statement ends the program or the function.
func isExit(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	switch fn := call.Fun.(type) {
	case *ast.Ident:
		return fn.Name == "panic"
	case *ast.SelectorExpr:
		x, ok := fn.X.(*ast.Ident)
		return ok && (x.Name == "os" && fn.Sel.Name == "Exit" || x.Name == "log" && (fn.Sel.Name == "Fatal" || fn.Sel.Name == "Fatalf" || fn.Sel.Name == "Fatalln"))
	}
	return false
}

func (in *interp) branch(st *ast.BranchStmt) flow {
	in.label = ""
	if st.Label != nil {
		in.label = st.Label.Name
	}
	switch st.Tok {
	case token.BREAK:
		return breaks
	case token.CONTINUE:
		return continues
	}
	return goesOn
}

func (in *interp) leave(f *frame, s *scope, st *ast.ReturnStmt) {
	var v value
	switch {
	case len(st.Results) == 1:
		v = copied(in.eval(f, s, st.Results[0]))
	case len(st.Results) > 1:
		all := make(tuple, len(st.Results))
		for i, r := range st.Results {
			all[i] = copied(in.eval(f, s, r))
		}
		v = all
	default:
		v = in.namedResults(f, s)
	}
	f.results = joined(f.results, v, f.done)
	f.done = true
}

// namedResults are what a bare return returns.
func (in *interp) namedResults(f *frame, s *scope) value {
	var all tuple
	for _, name := range f.fn.resultNames() {
		var v value
		if c := s.find(name); c != nil {
			v = c.v
		}
		all = append(all, v)
	}
	if len(all) == 1 {
		return all[0]
	}
	if len(all) == 0 {
		return nil
	}
	return all
}

// joined is what a function returns that may return either.
func joined(old, fresh value, had bool) value {
	if !had {
		return fresh
	}
	a, okA := old.(tuple)
	b, okB := fresh.(tuple)
	if !okA || !okB || len(a) != len(b) {
		if better(old, fresh) {
			return fresh
		}
		return old
	}
	all := make(tuple, len(a))
	for i := range a {
		all[i] = a[i]
		if better(a[i], b[i]) {
			all[i] = b[i]
		}
	}
	return all
}

func (in *interp) ifElse(f *frame, s *scope, st *ast.IfStmt) flow {
	if st.Init != nil {
		in.exec(f, s, st.Init)
	}
	cond, known := in.eval(f, s, st.Cond).(boolean)
	switch {
	case known && bool(cond):
		return in.block(f, s.inside(), st.Body.List)
	case known && st.Else != nil:
		return in.exec(f, s, st.Else)
	case known:
		return goesOn
	}
	one := in.perhaps(func() flow { return in.block(f, s.inside(), st.Body.List) })
	if st.Else == nil {
		return goesOn
	}
	two := in.perhaps(func() flow { return in.exec(f, s, st.Else) })
	if one == two {
		return one
	}
	return goesOn
}
