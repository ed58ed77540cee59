package eval

import (
	"math"
	"strings"

	"previewd/runtime/endpoints/internal/ecma/ast"
)

func (m *Machine) binary(n *ast.Node, sc *scope) Value {
	op := n.Get("operator").Kind
	left := m.eval(n.Get("left"), sc)
	switch op {
	case "||", "&&", "??":
		return m.logical(op, left, n.Get("right"), sc)
	}
	right := m.eval(n.Get("right"), sc)
	switch op {
	case "+":
		sum := add(left, right)
		if s, ok := sum.(Str); ok {
			m.spend(len(s.S))
		}
		return sum
	case "==", "===", "!=", "!==":
		return equality(op, left, right)
	case "<", ">", "<=", ">=":
		return compare(op, left, right)
	case "-", "*", "/", "%", "**", "&", "|", "^", "<<", ">>", ">>>":
		return arithmetic(op, left, right)
	case "instanceof":
		return instanceOf(left, right)
	case "in":
		if name, ok := Text(left); ok && !IsUnknown(right) {
			return Bool{V: !isNullish(m.Get(right, name))}
		}
	}
	return &Unknown{}
}

func (m *Machine) logical(op string, left Value, right *ast.Node, sc *scope) Value {
	val, certain := truth(left)
	if op == "??" {
		val = !isNullish(left)
		_, unknown := left.(*Unknown)
		certain = !unknown
		if u, ok := left.(*Unknown); ok && u.Env != "" {
			val = false
		}
	}
	stay := val == (op != "&&")
	if certain {
		if stay {
			return left
		}
		return m.eval(right, sc)
	}
	other := m.unsureEval(right, sc)
	switch u, unknown := left.(*Unknown); {
	case op == "&&":
		if stay && !unknown {
			return left
		}
		return other
	case unknown && u.Env != "":
		return Soften(other)
	case unknown && !isNullish(other) && u.Like == nil && isPlain(other):
		return other
	case stay:
		return left
	}
	return other
}

// isPlain reports whether v can stand in for a value that is not known: "x || '/api'".
func isPlain(v Value) bool {
	switch v := v.(type) {
	case *Object:
		return len(v.keys) > 0
	case *Array:
		return len(v.Items) > 0
	case *Unknown:
		return false
	}
	return true
}

// Soften makes of a value one that may be another: it hangs on the environment.
func Soften(v Value) Value {
	switch v := v.(type) {
	case Str:
		return Str{S: v.S, Soft: true}
	case Bool:
		return Bool{V: v.V, Soft: true}
	}
	return v
}

func add(left, right Value) Value {
	if a, ok := left.(Number); ok {
		if b, ok := right.(Number); ok {
			return a + b
		}
	}
	if IsUnknown(left) && IsUnknown(right) {
		return &Unknown{}
	}
	a, b := str(left), str(right)
	if len(a)+len(b) > maxText {
		return &Unknown{}
	}
	return Str{S: a + b, Soft: softText(left) || softText(right)}
}

func softText(v Value) bool {
	s, ok := v.(Str)
	return ok && s.Soft
}

func equality(op string, left, right Value) Value {
	if IsUnknown(left) || IsUnknown(right) || isHost(left) != isHost(right) && !isNullish(left) && !isNullish(right) {
		return Unsure(strings.HasPrefix(op, "!"))
	}
	soft := false
	for _, v := range []Value{left, right} {
		switch v := v.(type) {
		case Str:
			soft = soft || v.Soft
		case Bool:
			soft = soft || v.Soft
		}
	}
	return Bool{V: same(op, left, right) == (op[0] == '='), Soft: soft}
}

func isHost(v Value) bool {
	_, ok := v.(Host)
	return ok
}

// Unsure is a condition that is not known, with the side to take where only one can be.
func Unsure(likely bool) Value { return Bool{V: likely, Soft: true} }

func same(op string, left, right Value) bool {
	if len(op) == 2 && isNullish(left) && isNullish(right) {
		return true
	}
	a, aText := Text(left)
	b, bText := Text(right)
	if aText && bText {
		_, x := left.(Str)
		_, y := right.(Str)
		return a == b && (x == y || len(op) == 2)
	}
	if x, ok := left.(Bool); ok {
		y, ok := right.(Bool)
		return ok && x.V == y.V
	}
	return hasIdentity(left) && hasIdentity(right) && left == right
}

// hasIdentity guards == between interfaces: a Host's type may not be comparable.
func hasIdentity(v Value) bool {
	switch v.(type) {
	case *Object, *Array, *Func, *Class, Undefined, Null, Regexp:
		return true
	}
	return false
}

func compare(op string, left, right Value) Value {
	a, ok := left.(Number)
	b, ok2 := right.(Number)
	if !ok || !ok2 {
		x, isText := left.(Str)
		y, isText2 := right.(Str)
		if !isText || !isText2 {
			return &Unknown{}
		}
		a, b = Number(strings.Compare(x.S, y.S)), 0
	}
	switch op {
	case "<":
		return Bool{V: a < b}
	case ">":
		return Bool{V: a > b}
	case "<=":
		return Bool{V: a <= b}
	}
	return Bool{V: a >= b}
}

func arithmetic(op string, left, right Value) Value {
	a, ok := left.(Number)
	b, ok2 := right.(Number)
	if !ok || !ok2 {
		return &Unknown{}
	}
	switch op {
	case "-":
		return a - b
	case "*":
		return a * b
	case "/":
		return a / b
	case "%":
		return Number(math.Mod(float64(a), float64(b)))
	case "**":
		return Number(math.Pow(float64(a), float64(b)))
	}
	return bitwise(op, a, b)
}

// bitwise is what an operator makes of the lower 32 bits.
func bitwise(op string, a, b Number) Value {
	if math.Abs(float64(a)) > math.MaxInt32 || math.Abs(float64(b)) > math.MaxInt32 {
		return &Unknown{}
	}
	x, y := int32(a), int32(b)
	switch op {
	case "&":
		return Number(x & y)
	case "|":
		return Number(x | y)
	case "^":
		return Number(x ^ y)
	case "<<":
		return Number(x << (y & 31))
	case ">>":
		return Number(x >> (y & 31))
	}
	return Number(uint32(x) >> (y & 31)) //nolint:gosec // the operator takes the bits for an unsigned number
}

func instanceOf(left, right Value) Value {
	class, ok := right.(*Class)
	if !ok {
		return &Unknown{}
	}
	o, ok := left.(*Object)
	return Bool{V: ok && o.Class != nil && o.Class.Is(class)}
}

func (m *Machine) unary(n *ast.Node, sc *scope) Value {
	v := m.eval(n.Get("argument"), sc)
	switch n.Get("operator").Kind {
	case "!":
		val, certain := truth(v)
		return Bool{V: !val, Soft: !certain}
	case "typeof":
		return typeOf(v)
	case "void":
		return Undefined{}
	case "-":
		if i, ok := v.(Number); ok {
			return -i
		}
	case "+":
		if i, ok := v.(Number); ok {
			return i
		}
		if s, ok := v.(Str); ok {
			return number(s.S)
		}
	case "delete":
		m.remove(n.Get("argument"), sc)
		return Bool{V: true}
	}
	return &Unknown{}
}

func (m *Machine) remove(n *ast.Node, sc *scope) {
	if n == nil || n.Kind != "member_expression" || sc.fn != nil && sc.fn.unsure > 0 {
		return
	}
	if o, ok := m.eval(n.Get("object"), sc).(*Object); ok {
		o.drop(n.Get("property").Name())
	}
}

func typeOf(v Value) Value {
	switch v := v.(type) {
	case Str:
		return Str{S: "string"}
	case Number:
		return Str{S: "number"}
	case Bool:
		return Str{S: "boolean"}
	case Undefined, nil:
		return Str{S: "undefined"}
	case *Func, *Class:
		return Str{S: "function"}
	case *Unknown:
		return &Unknown{}
	case Host:
		if _, ok := v.(Callee); ok {
			return Str{S: "function"}
		}
	}
	return Str{S: "object"}
}

func (m *Machine) update(n *ast.Node, sc *scope) Value {
	target := n.Get("argument")
	v := m.eval(target, sc)
	i, ok := v.(Number)
	if !ok {
		return &Unknown{}
	}
	next := i + 1
	if n.Get("operator").Kind == "--" {
		next = i - 1
	}
	m.assign(target, next, sc)
	if n.Kids[0].Field == "operator" {
		return next
	}
	return i
}

func (m *Machine) augmented(n *ast.Node, sc *scope) Value {
	target, op := n.Get("left"), strings.TrimSuffix(n.Get("operator").Kind, "=")
	left := m.eval(target, sc)
	var v Value
	switch op {
	case "||", "&&", "??":
		v = m.logical(op, left, n.Get("right"), sc)
	case "+":
		v = add(left, m.eval(n.Get("right"), sc))
	default:
		v = arithmetic(op, left, m.eval(n.Get("right"), sc))
	}
	m.assign(target, v, sc)
	return v
}
