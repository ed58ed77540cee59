package golang

import (
	"go/ast"
	"go/token"
)

// callSite is one call as it is written.
type callSite struct {
	expr *ast.CallExpr
	file *file
	args []value
	env  *scope
}

// pos is the place to show: the line of the method's name, which in a chain of calls is not the line of its beginning.
func (c callSite) pos() token.Pos {
	if sel, ok := c.expr.Fun.(*ast.SelectorExpr); ok {
		return sel.Sel.Pos()
	}
	return c.expr.Pos()
}

func (c callSite) arg(i int) value {
	if i < len(c.args) {
		return c.args[i]
	}
	return nil
}

// literalArg says whether an argument is written out in place, if only by the name of a constant, and not handed on.
func (c callSite) literalArg(i int) bool {
	if i >= len(c.expr.Args) {
		return false
	}
	found := false
	ast.Inspect(c.expr.Args[i], func(n ast.Node) bool {
		switch e := n.(type) {
		case *ast.BasicLit:
			found = found || e.Kind == token.STRING
		case *ast.SelectorExpr:
			if x, ok := e.X.(*ast.Ident); ok && c.env.find(x.Name) != nil {
				return false
			}
		case *ast.Ident:
			found = found || c.env.find(e.Name) == nil
		}
		return !found
	})
	return found
}

// writtenAt is the innermost call under way that has a path written out, where the one that makes a route has not: the one to
// show of a route that the project's own functions make.
func (in *interp) writtenAt() (callSite, bool) {
	for i := len(in.sites) - 1; i >= 0; i-- {
		for j, arg := range in.sites[i].args {
			p, ok := arg.(text)
			if ok && len(p) > 0 && p[0] == '/' && in.sites[i].literalArg(j) {
				return in.sites[i], true
			}
		}
	}
	return callSite{}, false
}

func (in *interp) callExpr(f *frame, s *scope, e *ast.CallExpr) value {
	callee := in.eval(f, s, e.Fun)
	if b, ok := callee.(builtin); ok {
		return in.builtin(f, s, b, e)
	}
	if in.forNothing(callee, e) {
		return nil
	}
	site := callSite{expr: e, file: f.file, env: s}
	for _, arg := range e.Args {
		site.args = append(site.args, copied(in.eval(f, s, arg)))
	}
	if len(site.args) == 1 {
		if all, ok := site.args[0].(tuple); ok {
			site.args = all // f(g()) with several results
		}
	}
	if e.Ellipsis.IsValid() {
		site.args = spread(site.args)
	}
	in.sites = append(in.sites, site)
	defer func() { in.sites = in.sites[:len(in.sites)-1] }()
	return in.apply(callee, site)
}

// forNothing says whether a call is of no use: nobody takes its result, and calls of the function never had an effect. Logging is
// half of what large programs do.
func (in *interp) forNothing(callee value, e *ast.CallExpr) bool {
	fn, ok := callee.(*function)
	if !ok || in.statement != e || in.duds[fn.node()] < 5*maxDuds || fn.assigns() {
		return false
	}
	for _, arg := range e.Args {
		if _, isFunc := arg.(*ast.FuncLit); isFunc {
			return false
		}
	}
	return true
}

// assigns says whether a function changes more than its own variables.
func (fn *function) assigns() bool {
	_, body := fn.signature()
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		if st, ok := n.(*ast.AssignStmt); ok {
			for _, left := range st.Lhs {
				_, isName := left.(*ast.Ident)
				found = found || !isName
			}
		}
		return !found
	})
	return found
}

// spread puts the last argument's items in its place.
func spread(args []value) []value {
	if len(args) == 0 {
		return args
	}
	last, ok := target(args[len(args)-1]).(*list)
	if !ok {
		return args
	}
	all := append([]value(nil), args[:len(args)-1]...)
	for _, c := range last.items {
		all = append(all, c.v)
	}
	return all
}

// apply calls whatever it is.
func (in *interp) apply(callee value, site callSite) value {
	switch fn := target(callee).(type) {
	case *function:
		return in.call(fn, site.args)
	case several:
		var result value
		for i, one := range fn {
			if v := in.call(one, site.args); i == 0 || better(result, v) {
				result = v
			}
		}
		return result
	case member:
		return in.member(fn, site)
	case typeName:
		return in.convert(fn.typ, site.arg(0))
	case foreign:
		return in.foreignCall(fn, site)
	}
	return in.foreignCall(foreign{path: "?", inner: &[]value{}}, site)
}

// convert is T(v). A function stays what it is: http.HandlerFunc(f) is f.
func (in *interp) convert(t typ, v value) value {
	if n, ok := v.(number); ok {
		if k := t.kindOf(in.prog); k.path == "" && k.name == "string" {
			return text(string(rune(n)))
		}
	}
	if isSomething(v) {
		return v
	}
	return unknown{t}
}

// call runs a function of the project.
func (in *interp) call(fn *function, args []value) value {
	sig, body := fn.signature()
	if body == nil || in.depth > maxDepth*4 || in.spent() {
		return nil
	}
	node := fn.node()
	if in.active[node] >= maxAgain {
		return in.resultOf(fn, sig, nil)
	}
	in.active[node]++
	in.depth += 4
	limit, effects := in.limit, in.effects
	switch duds := in.duds[node]; {
	case duds >= maxDuds && !carries(args), duds >= 10*maxDuds:
		in.limit = min(limit, in.steps+dudSteps)
	case !in.isKeen(fn):
		in.limit = min(limit, in.steps+idleSteps)
	}
	f := &frame{fn: fn, file: fn.file}
	s := &scope{outer: fn.env}
	in.bind(s, fn, sig, args)
	in.block(f, s, body.List)
	if in.limit > 0 {
		in.limit = limit
	}
	in.depth -= 4
	in.active[node]--
	if in.effects == effects {
		in.duds[node]++
	} else {
		in.duds[node] = -1 << 30
	}
	if fn.decl != nil {
		in.ran[node] = true
	}
	return in.resultOf(fn, sig, f.results)
}

// carries says whether a router or a function is handed on.
func carries(args []value) bool {
	for _, arg := range args {
		switch target(arg).(type) {
		case *node, *muxRoute, *function, member:
			return true
		}
	}
	return false
}

// bind gives the parameters their values. Of those that are not known the type is.
func (in *interp) bind(s *scope, fn *function, sig *ast.FuncType, args []value) {
	if fn.decl != nil && fn.decl.Recv != nil && len(fn.decl.Recv.List) > 0 {
		in.bindReceiver(s, fn, &args)
	}
	i := 0
	for _, param := range sig.Params.List {
		t := typ{param.Type, fn.file, fn.env}
		names := param.Names
		if len(names) == 0 {
			names = []*ast.Ident{{Name: "_"}}
		}
		for _, name := range names {
			if dots, ok := param.Type.(*ast.Ellipsis); ok {
				s.declare(name.Name, rest(args, i, typ{dots.Elt, fn.file, fn.env}))
				return
			}
			v := value(unknown{t})
			if i < len(args) && isSomething(args[i]) || i < len(args) && args[i] == (null{}) {
				v = args[i]
			}
			s.declare(name.Name, copied(v))
			i++
		}
	}
	if sig.Results == nil {
		return
	}
	for _, result := range sig.Results.List {
		for _, name := range result.Names {
			s.declare(name.Name, in.zero(typ{result.Type, fn.file, fn.env}, ""))
		}
	}
}

func (in *interp) bindReceiver(s *scope, fn *function, args *[]value) {
	field := fn.decl.Recv.List[0]
	recv := fn.recv
	if recv == nil && len(*args) > 0 && isSomething((*args)[0]) {
		recv, *args = (*args)[0], (*args)[1:] // a method expression
	}
	if recv == nil {
		recv = in.concrete(unknown{typ{field.Type, fn.file, fn.env}})
	}
	for _, name := range field.Names {
		if _, byPointer := field.Type.(*ast.StarExpr); !byPointer {
			recv = copied(target(recv))
		}
		s.declare(name.Name, recv)
	}
}

func rest(args []value, from int, elem typ) *list {
	made := &list{elem: elem, known: from <= len(args)}
	for ; from < len(args); from++ {
		made.items = append(made.items, &cell{copied(args[from])})
	}
	return made
}

// resultOf tells the types of results that are not known.
func (in *interp) resultOf(fn *function, sig *ast.FuncType, v value) value {
	if sig.Results == nil {
		return v
	}
	var types []typ
	for _, result := range sig.Results.List {
		for range max(1, len(result.Names)) {
			types = append(types, typ{result.Type, fn.file, fn.env})
		}
	}
	if len(types) == 1 {
		if v == nil || isError(types[0]) {
			return unknown{types[0]}
		}
		return v
	}
	all, _ := v.(tuple)
	made := make(tuple, len(types))
	for i, t := range types {
		if i < len(all) {
			made[i] = all[i]
		}
		if made[i] == nil || isError(t) {
			made[i] = unknown{t} // things may go well or not
		}
	}
	return made
}

func isError(t typ) bool {
	id, ok := t.expr.(*ast.Ident)
	return ok && id.Name == "error"
}
