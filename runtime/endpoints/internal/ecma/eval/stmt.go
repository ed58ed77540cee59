package eval

import "previewd/runtime/endpoints/internal/ecma/ast"

// flow is how a statement ended.
type flow int

const (
	next flow = iota
	broke
	continued
	returned
	brokeFar     // to the statement with the machine's target for a label
	continuedFar // likewise
)

// block runs the statements of a function, block or module in order.
func (m *Machine) block(n *ast.Node, sc *scope) flow {
	m.hoist(n, sc)
	for _, kid := range n.Kids {
		if f := m.exec(kid, sc); f != next {
			return f
		}
	}
	return next
}

// hoist declares the functions of a block before its statements run.
func (m *Machine) hoist(n *ast.Node, sc *scope) {
	for _, kid := range n.Kids {
		if kid.Kind == "export_statement" {
			kid = kid.Get("declaration")
		}
		if kid == nil || kid.Kind != "function_declaration" && kid.Kind != "generator_function_declaration" {
			continue
		}
		if name := kid.Get("name").Name(); name != "" {
			f, _ := m.closure(kid, sc).(*Func)
			sc.declare(name, f)
		}
	}
}

func (m *Machine) exec(n *ast.Node, sc *scope) flow {
	if n == nil {
		return next
	}
	defer m.leave()
	if !m.enter() {
		return returned
	}
	switch n.Kind {
	case "expression_statement":
		if space := n.Find("internal_module"); space != nil {
			m.namespace(space, sc)
			return next
		}
		m.eval(n.First(), sc)
	case "lexical_declaration", "variable_declaration":
		m.declaration(n, sc)
	case "statement_block":
		return m.block(n, sc.child())
	case "if_statement":
		return m.ifStatement(n, sc)
	case "return_statement":
		return m.returnStatement(n, sc)
	case "throw_statement":
		if sc.fn == nil || sc.fn.fn == nil {
			return next // a module that cannot be loaded would be of no use: more probably we are wrong
		}
		if sc.fn.unsure == 0 {
			sc.fn.give(&Unknown{})
		}
		return m.leaveFrame(sc, returned)
	case "break_statement", "continue_statement":
		return m.leaveFrame(sc, m.jump(n))
	case "class_declaration", "abstract_class_declaration":
		sc.declare(n.Get("name").Name(), m.class(n, sc))
	case "import_statement":
		// Done before the module's statements run.
	case "export_statement":
		m.export(n, sc)
	default:
		return m.execMore(n, sc)
	}
	return next
}

func (m *Machine) execMore(n *ast.Node, sc *scope) flow {
	switch n.Kind {
	case "for_statement":
		return m.forStatement(n, sc)
	case "for_in_statement":
		return m.forIn(n, sc)
	case "while_statement", "do_statement":
		return m.while(n, sc)
	case "try_statement":
		return m.try(n, sc)
	case "switch_statement":
		return m.switchStatement(n, sc)
	case "labeled_statement":
		return m.labelled(n, sc)
	case "enum_declaration":
		m.enum(n, sc)
	case "internal_module", "module":
		m.namespace(n, sc)
	case "import_alias":
		m.importAlias(n, sc)
	default:
		m.eval(n, sc) // a loop's initialiser may be an expression
	}
	return next
}

// leaveFrame obeys a jump unless a condition that is not known led to it.
func (m *Machine) leaveFrame(sc *scope, f flow) flow {
	if sc.fn != nil && sc.fn.unsure > 0 {
		return next
	}
	return f
}

func (m *Machine) returnStatement(n *ast.Node, sc *scope) flow {
	v := m.eval(n.First(), sc)
	if sc.fn != nil {
		sc.fn.give(v)
	}
	return m.leaveFrame(sc, returned)
}

func (m *Machine) declaration(n *ast.Node, sc *scope) {
	for _, kid := range n.Kids {
		if kid.Kind != "variable_declarator" {
			continue
		}
		value := kid.Get("value")
		if m.lazyRequire(kid.Get("name"), value, sc) {
			continue
		}
		v := m.eval(value, sc)
		if f, ok := v.(*Func); ok && f.Name == "" && f.Native == nil {
			f.Name = kid.Get("name").Name()
		}
		if c, ok := v.(*Class); ok && c.Name == "" {
			c.Name = kid.Get("name").Name()
		}
		if value == nil && n.Kind == "variable_declaration" && sc.find(kid.Get("name").Name()) != nil {
			continue // var again, without a value
		}
		m.bind(kid.Get("name"), v, sc, declareIn)
	}
}

func (m *Machine) ifStatement(n *ast.Node, sc *scope) flow {
	val, certain := truth(m.eval(n.Get("condition"), sc))
	yes := n.Get("consequence")
	var no *ast.Node
	if alternative := n.Get("alternative"); alternative != nil {
		no = alternative.First()
	}
	if certain {
		if val {
			return m.exec(yes, sc)
		}
		return m.exec(no, sc)
	}
	if sc.fn != nil {
		sc.fn.unsure++
		defer func() { sc.fn.unsure-- }()
	}
	if val {
		m.exec(yes, sc)
		m.exec(no, sc)
	} else {
		m.exec(no, sc)
		m.exec(yes, sc)
	}
	return next
}

func (m *Machine) forStatement(n *ast.Node, sc *scope) flow {
	sc = sc.child()
	m.exec(n.Get("initializer"), sc)
	condition := n.Get("condition")
	for range maxLoop {
		val, certain := true, true
		if condition != nil && condition.Kind != "empty_statement" {
			expr := condition
			if condition.Kind == "expression_statement" {
				expr = condition.First()
			}
			val, certain = truth(m.eval(expr, sc))
		}
		if certain && !val || m.spent {
			return next
		}
		if f, over := m.round(n, m.exec(n.Get("body"), sc.child())); over {
			return f
		}
		if !certain {
			return next
		}
		m.eval(n.Get("increment"), sc)
	}
	return next
}

func (m *Machine) forIn(n *ast.Node, sc *scope) flow {
	from := m.eval(n.Get("right"), sc)
	var items []Value
	if op := n.Get("operator"); op != nil && op.Kind == "in" {
		for _, key := range Keys(from) {
			items = append(items, Str{S: key})
		}
		if len(items) == 0 && IsUnknown(from) {
			items = []Value{&Unknown{Label: n.Get("left").Name()}}
		}
	} else {
		var open bool
		if items, open = m.Items(from); open && len(items) == 0 {
			items = []Value{&Unknown{Label: n.Get("left").Name()}}
		}
	}
	for i, item := range items {
		if i > maxItems || m.spent {
			break
		}
		inner := sc.child()
		if n.Get("kind") != nil {
			m.bind(n.Get("left"), item, inner, declareIn)
		} else {
			m.assign(n.Get("left"), item, inner)
		}
		if f, over := m.round(n, m.exec(n.Get("body"), inner)); over {
			return f
		}
	}
	return next
}

func (m *Machine) while(n *ast.Node, sc *scope) flow {
	val, certain := true, true
	if n.Kind == "while_statement" {
		val, certain = truth(m.eval(n.Get("condition"), sc))
	}
	for range maxLoop {
		if certain && !val || m.spent {
			return next
		}
		if f, over := m.round(n, m.exec(n.Get("body"), sc.child())); over {
			return f
		}
		if !certain {
			return next
		}
		val, certain = truth(m.eval(n.Get("condition"), sc))
	}
	return next
}

// try runs the block and what comes finally. Nothing is known to fail, so no catch runs.
func (m *Machine) try(n *ast.Node, sc *scope) flow {
	f := m.exec(n.Get("body"), sc)
	if finalizer := n.Get("finalizer"); finalizer != nil {
		if g := m.exec(finalizer.Get("body"), sc); g != next {
			return g
		}
	}
	return f
}

func (m *Machine) switchStatement(n *ast.Node, sc *scope) flow {
	value := m.eval(n.Get("value"), sc)
	body := n.Get("body")
	if body == nil {
		return next
	}
	known := !IsUnknown(value)
	if _, certain := truth(value); !certain {
		known = false
	}
	if !known {
		return m.allCases(body, sc)
	}
	from := -1
	for i, kid := range body.Kids {
		if kid.Kind == "switch_case" && same("===", value, m.eval(kid.Get("value"), sc)) {
			from = i
			break
		}
		if kid.Kind == "switch_default" {
			from = i
		}
	}
	if from < 0 {
		return next
	}
	inner := sc.child()
	for _, kid := range body.Kids[from:] {
		if f := m.caseBody(kid, inner); f == broke {
			return next
		} else if f != next {
			return f
		}
	}
	return next
}

func (m *Machine) caseBody(n *ast.Node, sc *scope) flow {
	for _, kid := range n.Kids {
		if kid.Field == "value" || kid.Kind == "case" || kid.Kind == "default" {
			continue
		}
		if f := m.exec(kid, sc); f != next {
			return f
		}
	}
	return next
}

func (m *Machine) allCases(body *ast.Node, sc *scope) flow {
	if sc.fn != nil {
		sc.fn.unsure++
		defer func() { sc.fn.unsure-- }()
	}
	for _, kid := range body.Kids {
		m.caseBody(kid, sc.child())
	}
	return next
}

func (m *Machine) enum(n *ast.Node, sc *scope) {
	o := NewObject()
	inner := sc.child()
	count := Number(0)
	if body := n.Get("body"); body != nil {
		for _, kid := range body.Kids {
			var v Value = count
			name := kid.Name()
			if kid.Kind == "enum_assignment" {
				name = m.propertyName(kid.Get("name"), sc)
				v = m.eval(kid.Get("value"), inner)
			}
			if i, ok := v.(Number); ok {
				count = i + 1
			}
			o.Put(name, v)
			inner.declare(name, v)
		}
	}
	sc.declare(n.Get("name").Name(), o)
}

// namespace is TypeScript's: what its block exports becomes an object.
func (m *Machine) namespace(n *ast.Node, sc *scope) {
	name, body := n.Get("name").Name(), n.Get("body")
	if body == nil || name == "" {
		return
	}
	inner := sc.child()
	m.block(body, inner)
	o := NewObject()
	for key, r := range inner.names {
		o.Put(key, r.read())
	}
	sc.declare(name, o)
}
