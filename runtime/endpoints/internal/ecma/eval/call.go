package eval

import (
	"regexp"

	"previewd/runtime/endpoints/internal/ecma/ast"
)

func siteOf(n *ast.Node, sc *scope) Site {
	line := n.Line
	if f := n.Get("function"); f != nil {
		if p := f.Get("property"); p != nil {
			line = p.Line
		}
	}
	return Site{File: sc.mod.Path, Line: line, Node: n, Mod: sc.mod}
}

func (m *Machine) callExpr(n *ast.Node, sc *scope) Value {
	callee := n.Get("function")
	if callee == nil {
		return &Unknown{}
	}
	switch callee.Kind {
	case "import":
		return m.require(n, sc)
	case "super":
		return m.superCall(n, sc)
	case "identifier":
		if callee.Text == "require" && sc.find("require") == nil {
			return m.require(n, sc)
		}
	}
	var f Value
	var this Value = Undefined{}
	target := callee
	for target.Kind == "non_null_expression" || target.Kind == "parenthesized_expression" {
		if target.First() == nil {
			break
		}
		target = target.First()
	}
	if target.Kind == "member_expression" || target.Kind == "subscript_expression" {
		f, this = m.access(target, sc)
	} else {
		f = m.eval(callee, sc)
	}
	arguments := n.Get("arguments")
	if arguments != nil && arguments.Kind == "template_string" {
		return &Unknown{}
	}
	args := m.args(arguments, sc)
	return m.Call(f, this, args, siteOf(n, sc))
}

func (m *Machine) args(n *ast.Node, sc *scope) []Value {
	if n == nil {
		return nil
	}
	var args []Value
	for _, kid := range n.Kids {
		if kid.Kind == "spread_element" {
			items, open := m.Items(m.eval(kid.First(), sc))
			m.spend(len(items))
			args = append(args, items...)
			if open && len(items) == 0 {
				args = append(args, &Unknown{})
			}
			continue
		}
		args = append(args, m.eval(kid, sc))
	}
	return args
}

func (m *Machine) superCall(n *ast.Node, sc *scope) Value {
	args := m.args(n.Get("arguments"), sc)
	o, _ := m.special("this", sc).(*Object)
	if o == nil || sc.fn == nil || sc.fn.fn == nil || sc.fn.fn.home == nil {
		return Undefined{}
	}
	c := sc.fn.fn.home
	m.superConstruct(c, o, args, siteOf(n, sc), 0)
	m.fields(c, o)
	return Undefined{}
}

func (m *Machine) newExpr(n *ast.Node, sc *scope) Value {
	f := m.eval(n.Get("constructor"), sc)
	return m.Construct(f, m.args(n.Get("arguments"), sc), siteOf(n, sc))
}

func (m *Machine) closure(n *ast.Node, sc *scope) Value {
	f := &Func{Name: n.Get("name").Name(), Node: n, Mod: sc.mod, scope: sc}
	if n.Kind == "arrow_function" {
		if sc.fn != nil && sc.fn.fn != nil {
			f.home = sc.fn.fn.home
		}
		return f
	}
	if f.Name != "" && (n.Kind == "function_expression" || n.Kind == "function") {
		f.scope = sc.child()
		f.scope.declare(f.Name, f)
	}
	return f
}

// Call is f.apply(this, args).
func (m *Machine) Call(f, this Value, args []Value, site Site) Value {
	defer m.leave()
	if !m.enter() {
		return &Unknown{}
	}
	switch f := f.(type) {
	case *Func:
		if f.bound {
			this = f.this
			args = append(append([]Value{}, f.args...), args...)
		}
		if f.Native != nil {
			return f.Native(&Call{M: m, This: this, Args: args, Site: site})
		}
		return m.run(f, this, args)
	case Callee:
		return f.Call(&Call{M: m, This: this, Args: args, Site: site})
	case *Object:
		if callee, ok := f.Under.(Callee); ok {
			return callee.Call(&Call{M: m, This: this, Args: args, Site: site})
		}
	case *Class:
		return m.Construct(f, args, site)
	}
	if u, ok := f.(*Unknown); ok && resolving(u.Label) && len(args) > 0 {
		if c, ok := args[0].(*Class); ok {
			return m.Inject(c)
		}
	}
	if u, ok := f.(*Unknown); ok && len(u.Any) > 0 {
		return m.callAny(u, this, args, site)
	}
	result := m.callUnknown(f, args, site)
	if u, ok := result.(*Unknown); ok && u.Like == nil {
		if c, ok := this.(*Class); ok {
			u.Like = c // a method of a parent that is not known, such as forRoot(): most probably makes a kind of c
		}
	}
	return result
}

// callAny calls every function that may be meant, and gives the first result that is known.
func (m *Machine) callAny(u *Unknown, this Value, args []Value, site Site) Value {
	var result Value = &Unknown{}
	for _, v := range u.Any {
		f, ok := v.(*Func)
		if !ok {
			continue
		}
		if got := m.Call(f, this, args, site); IsUnknown(result) && !isNullish(got) {
			result = got
		}
	}
	return result
}

// resolving reports whether a method of a container for dependency injection has the name.
func resolving(name string) bool {
	return name == "get" || name == "resolve" || name == "getInstance" || name == "create"
}

// run executes a closure.
func (m *Machine) run(f *Func, this Value, args []Value) Value {
	if m.calls >= maxCalls || m.active[f.Node] >= maxReentry || m.spent {
		return &Unknown{}
	}
	m.calls++
	m.active[f.Node]++
	defer func() { m.calls--; m.active[f.Node]-- }()
	fr := &frame{fn: f, args: args}
	sc := &scope{parent: f.scope, fn: fr, mod: f.Mod}
	if f.Node.Kind != "arrow_function" {
		sc.declare("this", this)
		if f.home != nil {
			m.declareSuper(sc, f)
		}
	}
	m.bindParams(f.Node, args, sc)
	body := f.Node.Get("body")
	if body == nil {
		return Undefined{}
	}
	if body.Kind != "statement_block" {
		return m.eval(body, sc)
	}
	m.block(body, sc)
	if fr.result == nil {
		return Undefined{}
	}
	return fr.result
}

func (m *Machine) declareSuper(sc *scope, f *Func) {
	switch parent := f.home.Super.(type) {
	case *Class:
		sc.declare("super", parent.Proto)
	case nil:
	default:
		if o, ok := sc.find("this").read().(*Object); ok && o.Under != nil {
			sc.declare("super", o.Under)
			return
		}
		sc.declare("super", &Unknown{})
	}
}

func params(n *ast.Node) []*ast.Node {
	list := n.Get("parameters")
	if list == nil {
		if single := n.Get("parameter"); single != nil {
			return []*ast.Node{single}
		}
		return nil
	}
	var found []*ast.Node
	for _, kid := range list.Kids {
		if pattern := kid.Get("pattern"); pattern != nil && pattern.Kind == "this" || kid.Kind == "decorator" {
			continue
		}
		found = append(found, kid)
	}
	return found
}

func (m *Machine) bindParams(n *ast.Node, args []Value, sc *scope) {
	for i, p := range params(n) {
		pattern := p
		if inner := p.Get("pattern"); inner != nil && inner.Kind == "rest_pattern" {
			pattern = inner
		}
		if pattern.Kind == "rest_pattern" {
			m.bind(pattern.First(), &Array{Items: rest(args, i)}, sc, declareIn)
			return
		}
		var v Value = Undefined{}
		if i < len(args) {
			v = args[i]
		}
		m.bind(p, v, sc, declareIn)
	}
}

func declareIn(name string, v Value, sc *scope) { sc.declare(name, v) }

// callUnknown is a call of a library: its callbacks run once, and its result most probably stands for the one host it got.
func (m *Machine) callUnknown(f Value, args []Value, site Site) Value {
	u, _ := f.(*Unknown)
	result := &Unknown{}
	if u != nil {
		result.Label, result.Pkg = u.Label, u.Pkg
	}
	for _, arg := range args {
		if h, ok := hostOf(arg); ok && result.Like == nil {
			if _, routing := h.(Routing); routing {
				result.Like = h
			}
		}
		callback, ok := arg.(*Func)
		if !ok || callback.Native != nil {
			continue
		}
		if len(result.Wraps) < 4 {
			result.Wraps = append(result.Wraps, callback)
		}
		if startsSomething(callback) {
			m.callback(callback, site)
		}
	}
	return result
}

// callback runs a function that a library was given, with nothing known of its arguments.
func (m *Machine) callback(f *Func, _ Site) {
	if m.active[f.Node] > 0 {
		return
	}
	args := make([]Value, len(params(f.Node)))
	for i, p := range params(f.Node) {
		args[i] = &Unknown{Label: bindingName(p)}
	}
	m.Call(f, Undefined{}, args, Site{})
}

func bindingName(p *ast.Node) string {
	if pattern := p.Get("pattern"); pattern != nil {
		return pattern.Name()
	}
	return p.Name()
}

var starting = regexp.MustCompile(`listen|use\(|\.(get|post|put|patch|delete|del|all|route|register)\(|require\(|import\(|[rR]oute|[aA]pp\b|[sS]erver|start|boot|init|setup`)

// startsSomething reports whether a callback may have a part in declaring routes. Handlers of requests have not.
func startsSomething(f *Func) bool {
	list := params(f.Node)
	if len(list) >= 2 {
		switch bindingName(list[0]) {
		case "req", "request", "_req", "_request", "ctx", "_", "c", "_ctx":
			return false
		}
	}
	return starting.Match(f.Mod.Source()[f.Node.Start:f.Node.End])
}
