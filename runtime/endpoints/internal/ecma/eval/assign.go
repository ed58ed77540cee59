package eval

import "previewd/runtime/endpoints/internal/ecma/ast"

func (m *Machine) assignment(n *ast.Node, sc *scope) Value {
	target := n.Get("left")
	v := m.eval(n.Get("right"), sc)
	if f, ok := v.(*Func); ok && f.Name == "" {
		f.Name = label(target)
	}
	m.assign(target, v, sc)
	return v
}

// assign gives the target, a name, property or pattern, the value.
func (m *Machine) assign(n *ast.Node, v Value, sc *scope) {
	if n == nil {
		return
	}
	switch n.Kind {
	case "identifier", "shorthand_property_identifier_pattern":
		m.setName(n.Text, v, sc)
	case "member_expression":
		m.setMember(m.eval(n.Get("object"), sc), n.Get("property").Name(), v, sc)
	case "subscript_expression":
		object := m.eval(n.Get("object"), sc)
		if name, ok := Text(m.eval(n.Get("index"), sc)); ok {
			m.setMember(object, name, v, sc)
		}
	case "parenthesized_expression", "non_null_expression", "as_expression":
		m.assign(n.First(), v, sc)
	default:
		m.bind(n, v, sc, m.setName)
	}
}

func (m *Machine) setName(name string, v Value, sc *scope) {
	r := sc.find(name)
	if r == nil {
		m.Globals[name] = v
		return
	}
	if sc.fn != nil && sc.fn.unsure > 0 && keeps(r.read(), v) {
		return
	}
	v = sc.soften(v)
	r.value, r.get = v, nil
	sc.mod.reexport(name, v)
}

func (m *Machine) setMember(object Value, name string, v Value, sc *scope) {
	if o, ok := object.(*Object); ok && sc.fn != nil && sc.fn.unsure > 0 {
		if old, there := o.Own(name); there && keeps(old, v) {
			return
		}
	}
	m.setProperty(object, name, sc.soften(v))
}

// soften is the value that an assignment in a branch that may not run gives.
func (s *scope) soften(v Value) Value {
	if s.fn != nil && s.fn.unsure > 0 {
		return Soften(v)
	}
	return v
}

// keeps reports whether a variable keeps its value although a branch that may not run gives it another.
func keeps(old, v Value) bool {
	if isNullish(v) || IsUnknown(v) {
		return !isNullish(old)
	}
	switch old := old.(type) {
	case Str:
		return old.S != ""
	case Bool:
		return old.V
	}
	return false
}

// bind takes a value apart along a pattern and hands its parts to set.
func (m *Machine) bind(n *ast.Node, v Value, sc *scope, set func(name string, v Value, sc *scope)) {
	if n == nil || !m.enter() {
		return
	}
	defer m.leave()
	switch n.Kind {
	case "identifier", "shorthand_property_identifier_pattern":
		set(n.Text, v, sc)
	case "assignment_pattern", "object_assignment_pattern":
		m.bind(n.Get("left"), m.orDefault(v, n.Get("right"), sc), sc, set)
	case "object_pattern":
		m.bindObject(n, v, sc, set)
	case "array_pattern":
		items, _ := m.Items(v)
		for i, kid := range n.Kids {
			if kid.Kind == "rest_pattern" {
				m.bind(kid.First(), &Array{Items: rest(items, i)}, sc, set)
				return
			}
			var item Value = &Unknown{}
			if i < len(items) {
				item = items[i]
			} else if _, known := v.(*Array); known {
				item = Undefined{}
			}
			m.bind(kid, item, sc, set)
		}
	case "rest_pattern":
		m.bind(n.First(), v, sc, set)
	case "required_parameter", "optional_parameter":
		m.bind(n.Get("pattern"), m.orDefault(v, n.Get("value"), sc), sc, set)
	case "member_expression", "subscript_expression":
		m.assign(n, v, sc)
	}
}

// orDefault is v, or the default when v is undefined or may be.
func (m *Machine) orDefault(v Value, n *ast.Node, sc *scope) Value {
	if n == nil {
		return v
	}
	if _, ok := v.(Undefined); ok || v == nil {
		return m.eval(n, sc)
	}
	if u, ok := v.(*Unknown); ok && u.Like == nil {
		if alt := m.eval(n, sc); isPlain(alt) && !isNullish(alt) {
			return Soften(alt)
		}
	}
	return v
}

func (m *Machine) bindObject(n *ast.Node, v Value, sc *scope, set func(string, Value, *scope)) {
	taken := map[string]bool{}
	for _, kid := range n.Kids {
		switch kid.Kind {
		case "shorthand_property_identifier_pattern":
			taken[kid.Text] = true
			m.bind(kid, m.part(v, kid.Text), sc, set)
		case "pair_pattern":
			name := m.propertyName(kid.Get("key"), sc)
			taken[name] = true
			m.bind(kid.Get("value"), m.part(v, name), sc, set)
		case "object_assignment_pattern":
			name := kid.Get("left").Name()
			taken[name] = true
			m.bind(kid, m.part(v, name), sc, set)
		case "rest_pattern":
			remaining := NewObject()
			for _, key := range Keys(v) {
				if !taken[key] {
					remaining.Put(key, m.Get(v, key))
				}
			}
			if IsUnknown(v) {
				m.bind(kid.First(), v, sc, set)
				continue
			}
			m.bind(kid.First(), remaining, sc, set)
		}
	}
}

func (m *Machine) part(v Value, name string) Value {
	if isNullish(v) {
		return &Unknown{Label: name}
	}
	return m.Get(v, name)
}
