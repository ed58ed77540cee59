package eval

import (
	"strconv"
	"strings"

	"previewd/runtime/endpoints/internal/ecma/ast"
)

func (m *Machine) eval(n *ast.Node, sc *scope) Value {
	if n == nil {
		return Undefined{}
	}
	defer m.leave()
	if !m.enter() {
		return &Unknown{}
	}
	switch n.Kind {
	case "identifier", "shorthand_property_identifier", "nested_identifier", "type_identifier":
		return m.name(n, sc)
	case "string":
		return Str{S: n.Text}
	case "number":
		return number(n.Text)
	case "template_string":
		return m.template(n, sc)
	case "true", "false":
		return Bool{V: n.Kind == "true"}
	case "null":
		return Null{}
	case "undefined":
		return Undefined{}
	case "this", "super":
		return m.special(n.Kind, sc)
	case "regex":
		end := strings.LastIndexByte(n.Text, '/')
		return Regexp{Source: n.Text[1:max(1, end)], Flags: n.Text[end+1:]}
	case "object":
		return m.object(n, sc)
	case "array":
		return m.array(n, sc)
	case "member_expression", "subscript_expression":
		v, _ := m.access(n, sc)
		return v
	case "call_expression":
		return m.callExpr(n, sc)
	case "new_expression":
		return m.newExpr(n, sc)
	case "arrow_function", "function_expression", "function", "generator_function", "function_declaration", "generator_function_declaration":
		return m.closure(n, sc)
	case "class", "class_declaration", "abstract_class_declaration":
		return m.class(n, sc)
	default:
		return m.operator(n, sc)
	}
}

// operator evaluates what is neither a literal nor an access nor a call.
func (m *Machine) operator(n *ast.Node, sc *scope) Value {
	switch n.Kind {
	case "parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression", "await_expression",
		"instantiation_expression":
		return m.eval(n.First(), sc)
	case "type_assertion":
		return m.eval(n.Kids[len(n.Kids)-1], sc)
	case "spread_element":
		return m.eval(n.First(), sc)
	case "yield_expression":
		m.eval(n.First(), sc)
		return &Unknown{}
	case "sequence_expression":
		var last Value = Undefined{}
		for _, kid := range n.Kids {
			last = m.eval(kid, sc)
		}
		return last
	case "assignment_expression":
		return m.assignment(n, sc)
	case "augmented_assignment_expression":
		return m.augmented(n, sc)
	case "binary_expression":
		return m.binary(n, sc)
	case "unary_expression":
		return m.unary(n, sc)
	case "update_expression":
		return m.update(n, sc)
	case "ternary_expression":
		return m.ternary(n, sc)
	case "meta_property":
		return ObjectOf(map[string]Value{
			"url": Str{S: fileURL + sc.mod.Path}, "dirname": Str{S: absolute(sc.mod.Dir())}, "filename": Str{S: absolute(sc.mod.Path)},
			"env": m.Globals["process.env"], "main": Unsure(true),
		})
	}
	return &Unknown{}
}

func number(text string) Value {
	text = strings.ReplaceAll(text, "_", "")
	if i, err := strconv.ParseInt(text, 0, 64); err == nil {
		return Number(i)
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return &Unknown{Label: "number"}
	}
	return Number(f)
}

func (m *Machine) name(n *ast.Node, sc *scope) Value {
	if r := sc.find(n.Text); r != nil {
		v := r.read()
		if u, ok := v.(*Unknown); ok && u.Label == "" {
			return &Unknown{Label: n.Text, Pkg: u.Pkg, Env: u.Env, Like: u.Like}
		}
		return v
	}
	if v, ok := m.Globals[n.Text]; ok {
		return v
	}
	if n.Text == "arguments" && sc.fn != nil {
		return &Array{Items: sc.fn.args}
	}
	if n.Text == "require" {
		return requireFunc(sc.mod)
	}
	if n.Text == "undefined" {
		return Undefined{}
	}
	return &Unknown{Label: n.Text}
}

func (m *Machine) special(kind string, sc *scope) Value {
	if r := sc.find(kind); r != nil {
		return r.read()
	}
	return Undefined{}
}

func (m *Machine) template(n *ast.Node, sc *scope) Value {
	var out strings.Builder
	soft := false
	for _, kid := range n.Kids {
		if kid.Kind != "template_substitution" {
			out.WriteString(kid.Text)
			continue
		}
		v := m.eval(kid.First(), sc)
		if u, ok := v.(*Unknown); ok && u.Label == "" {
			v = &Unknown{Label: label(kid.First()), Env: u.Env}
		}
		if s, ok := v.(Str); ok {
			soft = soft || s.Soft
		}
		out.WriteString(str(v))
		if out.Len() > maxText {
			break
		}
	}
	m.spend(out.Len())
	return Str{S: out.String(), Soft: soft}
}

// label is a readable name for what an expression stands for.
func label(n *ast.Node) string {
	switch {
	case n == nil:
		return ""
	case n.Kind == "member_expression":
		return n.Get("property").Name()
	case n.Kind == "call_expression":
		return label(n.Get("function"))
	default:
		return n.Name()
	}
}

func (m *Machine) object(n *ast.Node, sc *scope) Value {
	o := NewObject()
	for _, kid := range n.Kids {
		switch kid.Kind {
		case "shorthand_property_identifier":
			o.Put(kid.Text, m.eval(kid, sc))
		case "pair":
			o.Put(m.propertyName(kid.Get("key"), sc), m.eval(kid.Get("value"), sc))
		case "method_definition":
			name := m.propertyName(kid.Get("name"), sc)
			f := &Func{Name: name, Node: kid, Mod: sc.mod, scope: sc}
			switch {
			case kid.Has("get"):
				o.Put(name, accessor{f})
			case !kid.Has("set"):
				o.Put(name, f)
			}
		case "spread_element":
			m.spread(o, m.eval(kid.First(), sc))
		}
	}
	return o
}

func (m *Machine) spread(o *Object, from Value) {
	o.open = o.open || opens(from)
	keys := Keys(from)
	m.spend(4 * len(keys))
	for i, key := range keys {
		if i > maxItems {
			return
		}
		o.Put(key, m.Get(from, key))
	}
}

// opens reports whether a value brings properties that are not known into an object that takes its own over.
func opens(v Value) bool {
	switch v := v.(type) {
	case *Unknown:
		return true
	case *Object:
		return v.open
	}
	return false
}

func (m *Machine) array(n *ast.Node, sc *scope) Value {
	a := &Array{}
	for _, kid := range n.Kids {
		if kid.Kind != "spread_element" {
			a.Items = append(a.Items, m.eval(kid, sc))
			continue
		}
		items, open := m.Items(m.eval(kid.First(), sc))
		m.spend(len(items))
		a.Items = append(a.Items, items...)
		a.Open = a.Open || open
		if len(a.Items) > maxItems {
			a.Items, a.Open = a.Items[:maxItems], true
		}
	}
	return a
}

// propertyName is the name that a key in a literal, class or pattern stands for.
func (m *Machine) propertyName(n *ast.Node, sc *scope) string {
	if n == nil {
		return ""
	}
	if n.Kind == "computed_property_name" {
		return str(m.eval(n.First(), sc))
	}
	return n.Name()
}

// access reads a property: its value, and what it was read from.
func (m *Machine) access(n *ast.Node, sc *scope) (v, object Value) {
	at := n.Get("object")
	if at != nil && at.Kind == "super" {
		this := m.special("this", sc)
		v = m.lookup(m.special("super", sc), this, n.Get("property").Name(), 0)
		if a, ok := v.(accessor); ok {
			v = m.Call(a.get, this, nil, Site{})
		}
		return v, this
	}
	object = m.eval(at, sc)
	name := n.Get("property").Name()
	if n.Kind == "subscript_expression" {
		key := m.eval(n.Get("index"), sc)
		text, known := Text(key)
		if !known {
			return m.anyProperty(object, key), object
		}
		name = text
	}
	if isNullish(object) {
		return Undefined{}, object
	}
	v = m.Get(object, name)
	if u, ok := v.(*Unknown); ok && u.Label == "" {
		v = &Unknown{Label: name, Pkg: u.Pkg, Env: u.Env, Like: u.Like}
	}
	return v, object
}

// anyProperty is object[key] with a key that is not known: a host's verbs with the method "any", else the only value there is.
func (m *Machine) anyProperty(object, key Value) Value {
	if h, ok := hostOf(object); ok {
		if _, routing := h.(Routing); routing {
			return h.Get(m, AnyName)
		}
	}
	if keys := Keys(object); len(keys) == 1 {
		return m.Get(object, keys[0])
	} else if len(keys) > 0 && len(keys) <= maxChoice {
		return m.choice(object, keys, key)
	}
	u, ok := key.(*Unknown)
	if !ok {
		return &Unknown{}
	}
	return &Unknown{Label: u.Label}
}

// maxChoice is how many values may be gone through where the program takes one of them.
const maxChoice = 12

// choice is one of the object's functions, objects or classes.
func (m *Machine) choice(object Value, keys []string, key Value) Value {
	u := &Unknown{}
	if named, ok := key.(*Unknown); ok {
		u.Label = named.Label
	}
	for _, name := range keys {
		switch v := m.Get(object, name).(type) {
		case *Func, *Object, *Class:
			u.Any = append(u.Any, v)
		}
	}
	return u
}

// AnyName is the name that a host is asked for when the program computes it.
const AnyName = "*"

// hostOf is the host behind v.
func hostOf(v Value) (Host, bool) {
	for range 10 {
		switch at := v.(type) {
		case Host:
			return at, true
		case *Object:
			v = at.Under
		case *Unknown:
			v = at.Like
		default:
			return nil, false
		}
	}
	return nil, false
}

// HostOf is the host behind v: itself, what an instance of its subclass stands on, or what a wrapper holds.
func HostOf(v Value) (Host, bool) { return hostOf(v) }

func (m *Machine) ternary(n *ast.Node, sc *scope) Value {
	val, certain := truth(m.eval(n.Get("condition"), sc))
	yes, no := n.Get("consequence"), n.Get("alternative")
	if certain {
		if val {
			return m.eval(yes, sc)
		}
		return m.eval(no, sc)
	}
	a, b := m.unsureEval(yes, sc), m.unsureEval(no, sc)
	if !val {
		a, b = b, a
	}
	if isNullish(a) || IsUnknown(a) {
		return b
	}
	return a
}

func (m *Machine) unsureEval(n *ast.Node, sc *scope) Value {
	if sc.fn != nil {
		sc.fn.unsure++
		defer func() { sc.fn.unsure-- }()
	}
	return m.eval(n, sc)
}
