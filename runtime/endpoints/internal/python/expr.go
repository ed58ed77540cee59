package python

import (
	"slices"
	"strconv"
	"strings"

	"previewd/runtime/endpoints/internal/syntax"
)

// eval is what an expression comes to. Its calls happen.
func (in *interpreter) eval(f *frame, n syntax.Node) value {
	in.step()
	if in.expression++; in.expression > maxExpression {
		in.expression--
		return nil
	}
	defer func() { in.expression-- }()
	switch n.Kind() {
	case "identifier":
		return in.name(f, n.Text())
	case "string":
		return in.stringLiteral(f, n)
	case "concatenated_string":
		var b strings.Builder
		for part := range n.Children() {
			s, _ := in.eval(f, part).(string)
			b.WriteString(s)
		}
		return b.String()
	case "integer":
		return integer(n.Text())
	case "float":
		x, _ := strconv.ParseFloat(strings.ReplaceAll(n.Text(), "_", ""), 64)
		return x
	case "true":
		return true
	case "false":
		return false
	case "none":
		return none{}
	case "list", "tuple", "set", "expression_list", "pattern_list":
		return in.listLiteral(f, n)
	case "dictionary":
		return in.dictLiteral(f, n)
	case "assignment":
		return in.assignment(f, n)
	case "augmented_assignment":
		return in.augmented(f, n)
	case "named_expression":
		v := in.eval(f, n.Field("value"))
		in.assign(f, n.Field("name"), v)
		return v
	case "lambda":
		return &function{name: "<lambda>", node: n, module: f.module, closure: f.scope, calls: new(int)}
	}
	return in.operation(f, n)
}

func integer(text string) value {
	i, err := strconv.ParseInt(strings.ReplaceAll(text, "_", ""), 0, 64)
	if err != nil {
		return nil
	}
	return i
}

// operation is an expression made of others.
func (in *interpreter) operation(f *frame, n syntax.Node) value {
	switch n.Kind() {
	case "attribute":
		v, _ := in.attribute(in.eval(f, n.Field("object")), n.Field("attribute").Text())
		return v
	case "call":
		return in.callExpression(f, n)
	case "subscript":
		return in.subscript(f, n)
	case "binary_operator":
		return in.binary(n.Field("operator").Text(), in.eval(f, n.Field("left")), in.eval(f, n.Field("right")))
	case "boolean_operator":
		return in.boolean(f, n)
	case "not_operator":
		if is, known := truth(in.eval(f, n.Field("argument"))); known {
			return !is
		}
		return nil
	case "comparison_operator":
		return in.comparison(f, n)
	case "conditional_expression":
		return in.conditional(f, n)
	case "parenthesized_expression", "await", "unary_operator":
		return in.inner(f, n)
	case "as_pattern":
		return in.asPattern(f, n)
	case "list_comprehension", "set_comprehension", "generator_expression":
		return in.comprehension(f, n)
	case "dictionary_comprehension":
		return in.dictComprehension(f, n)
	case "yield":
		return in.yield(f, n)
	case "list_splat", "dictionary_splat", "keyword_argument", "comment", "type":
		return nil
	}
	return nil
}

func (in *interpreter) inner(f *frame, n syntax.Node) value {
	for c := range n.Children() {
		if c.FieldName() == "operator" {
			if v := in.eval(f, n.Field("argument")); c.Text() == "-" {
				if i, ok := v.(int64); ok {
					return -i
				}
			}
			return nil
		}
		if !c.Is("await", "comment") {
			return in.eval(f, c)
		}
	}
	return nil
}

func (in *interpreter) yield(f *frame, n syntax.Node) value {
	for c := range n.Children() {
		switch {
		case c.Is("yield", "comment"):
		case c.Is("from"):
		default:
			v := in.eval(f, c)
			if elements, ok := in.elements(v); ok && n.Has("from") {
				f.yields = append(f.yields, elements...)
			} else {
				f.yields = append(f.yields, v)
			}
			return nil
		}
	}
	f.yields = append(f.yields, nil)
	return nil
}

// name looks a name up in the program, then among Python's own.
func (in *interpreter) name(f *frame, name string) value {
	if v, ok := f.scope.lookup(name); ok {
		return v
	}
	if v, ok := in.natives.builtins[name]; ok {
		return v
	}
	return in.starred(f.module, name)
}

// starred is a name that a module can only have from one of the packages it takes all names from.
func (in *interpreter) starred(m *module, name string) value {
	for _, pkg := range m.stars {
		if in.natives.knows(pkg + "." + name) {
			return &external{name: pkg + "." + name}
		}
	}
	if len(m.stars) == 0 || !isCapital(name) && slices.Equal(m.stars, []string{"typing"}) {
		return nil
	}
	return &external{name: m.stars[len(m.stars)-1] + "." + name}
}

func (in *interpreter) boolean(f *frame, n syntax.Node) value {
	leftSide := in.eval(f, n.Field("left"))
	is, known := truth(leftSide)
	or := n.Field("operator").Text() == "or"
	if known && is == or {
		return leftSide
	}
	rightSide := in.eval(f, n.Field("right"))
	if known || or && rightSide != nil {
		return rightSide // what is not known is taken for what has a fallback: an unset variable of the environment
	}
	if is, known := truth(rightSide); known && is == or {
		return rightSide
	}
	return nil
}

func (in *interpreter) conditional(f *frame, n syntax.Node) value {
	var parts []syntax.Node
	for c := range n.Children() {
		if !c.Is("if", "else", "comment") {
			parts = append(parts, c)
		}
	}
	if len(parts) != 3 {
		return nil
	}
	is, known := truth(in.eval(f, parts[1]))
	if known && !is {
		return in.eval(f, parts[2])
	}
	v := in.eval(f, parts[0])
	if !known && isNothing(v) {
		return in.eval(f, parts[2])
	}
	return v
}

func (in *interpreter) comparison(f *frame, n syntax.Node) value {
	var sides []value
	operator := ""
	for c := range n.Children() {
		switch {
		case c.Is("comment"):
		case c.FieldName() == "operators":
			operator = strings.TrimSpace(operator + " " + c.Text())
		default:
			sides = append(sides, in.eval(f, c))
		}
	}
	if len(sides) != 2 {
		return nil
	}
	return compare(operator, sides[0], sides[1])
}

func compare(operator string, a, b value) value {
	if a == nil || b == nil {
		return nil
	}
	switch operator {
	case "==", "is":
		if !comparesByValue(a) || !comparesByValue(b) {
			return nil
		}
		return a == b
	case "!=", "is not", "<>":
		if !comparesByValue(a) || !comparesByValue(b) {
			return nil
		}
		return a != b
	case "in", "not in":
		found, known := contains(b, a)
		if !known {
			return nil
		}
		return found == (operator == "in")
	case ">", "<", ">=", "<=":
		return ordered(operator, a, b)
	}
	return nil
}

func ordered(operator string, a, b value) value {
	x, isInt := a.(int64)
	y, isInt2 := b.(int64)
	if !isInt || !isInt2 {
		return nil
	}
	switch operator {
	case ">":
		return x > y
	case "<":
		return x < y
	case ">=":
		return x >= y
	}
	return x <= y
}

// comparesByValue reports whether a value is equal to another exactly if Go says so.
func comparesByValue(v value) bool {
	switch v.(type) {
	case string, int64, float64, bool, none, *class, *function, *module:
		return true
	}
	return false
}

func contains(collection, v value) (found, known bool) {
	switch c := collection.(type) {
	case string:
		s, ok := v.(string)
		return ok && strings.Contains(c, s), ok
	case *dict:
		_, found := c.get(v)
		return found, true
	case *list:
		for _, item := range c.items {
			if item == nil {
				return false, false
			}
			if item == v {
				return true, true
			}
		}
		return false, comparesByValue(v)
	}
	return false, false
}

func (in *interpreter) binary(operator string, a, b value) value {
	if l, ok := a.(*list); ok && operator == "+" {
		in.charge(len(l.items))
		joined := &list{items: items(l)}
		if elements, known := in.elements(b); known {
			in.extend(joined, elements)
		} else if b != nil {
			in.extend(joined, []value{b})
		}
		return joined
	}
	if l, ok := b.(*list); ok && operator == "+" {
		if a == nil {
			return l
		}
		in.charge(len(l.items))
		return &list{items: append([]value{a}, l.items...)}
	}
	if _, ok := a.(*lazy); ok && operator == "+" {
		return &list{items: []value{a, b}}
	}
	if s, ok := a.(string); ok {
		in.charge(len(s) / 100)
	}
	return scalar(operator, a, b)
}

// scalar is an operation on strings and numbers.
func scalar(operator string, a, b value) value {
	x, isText := a.(string)
	y, isText2 := b.(string)
	switch {
	case operator == "%" && isText:
		return formatPercent(x, b)
	case operator == "+" && (isText && isText2 || isText && b == nil || isText2 && a == nil):
		return bounded(x + y)
	case operator == "/" && isText2: // a path of pathlib
		return bounded(strings.TrimSuffix(x, "/") + "/" + y)
	case operator == "|":
		return union(a, b)
	}
	i, isInt := a.(int64)
	j, isInt2 := b.(int64)
	if isInt && isInt2 {
		return arithmetic(operator, i, j)
	}
	return nil
}

func union(a, b value) value {
	if l, ok := a.(*list); ok {
		more, _ := b.(*list)
		if more == nil {
			return l
		}
		return &list{items: append(slices.Clone(l.items), more.items...)}
	}
	x, ok := a.(*dict)
	y, ok2 := b.(*dict)
	if !ok || !ok2 {
		return nil
	}
	joined := newDict()
	for _, d := range []*dict{x, y} {
		for _, k := range d.keys {
			joined.set(k, d.values[k])
		}
	}
	return joined
}

func arithmetic(operator string, i, j int64) value {
	switch operator {
	case "+":
		return i + j
	case "-":
		return i - j
	case "*":
		return i * j
	}
	return nil
}

func bounded(s string) value {
	if len(s) > maxText {
		return nil
	}
	return s
}
