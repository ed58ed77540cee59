package python

import (
	"slices"
	"strings"

	"previewd/runtime/endpoints/internal/syntax"
)

func (in *interpreter) listLiteral(f *frame, n syntax.Node) value {
	l := &list{}
	for c := range n.Children() {
		if c.Is("comment") {
			continue
		}
		if c.Is("list_splat") {
			for inner := range c.Children() {
				elements, _ := in.elements(in.eval(f, inner))
				in.extend(l, elements)
			}
			continue
		}
		in.extend(l, []value{in.eval(f, c)})
	}
	return l
}

func (in *interpreter) dictLiteral(f *frame, n syntax.Node) value {
	d := newDict()
	for c := range n.Children() {
		switch {
		case c.Is("pair"):
			d.set(in.eval(f, c.Field("key")), in.eval(f, c.Field("value")))
		case c.Is("dictionary_splat"):
			for inner := range c.Children() {
				if more, ok := in.eval(f, inner).(*dict); ok {
					for _, k := range more.keys {
						d.set(k, more.values[k])
					}
				}
			}
		}
	}
	return d
}

// elements are what iterating over a value gives, where it is known.
func (in *interpreter) elements(v value) ([]value, bool) {
	switch v := v.(type) {
	case *list:
		in.charge(len(v.items))
		return slices.Clone(v.items), true
	case *dict:
		in.charge(len(v.keys))
		return slices.Clone(v.keys), true
	case *class: // an enumeration
		var members []value
		for _, field := range v.fields {
			members = append(members, v.scope.vars[field.name])
		}
		return members, true
	}
	return nil, false
}

// comprehension is [a for b in c if d].
func (in *interpreter) comprehension(f *frame, n syntax.Node) value {
	l := &list{}
	in.clauses(f, n, func(inner *frame) { in.extend(l, []value{in.eval(inner, n.Field("body"))}) })
	return l
}

func (in *interpreter) dictComprehension(f *frame, n syntax.Node) value {
	d := newDict()
	pair := n.Field("body")
	in.clauses(f, n, func(inner *frame) {
		if len(d.keys) < maxElements {
			d.set(in.eval(inner, pair.Field("key")), in.eval(inner, pair.Field("value")))
		}
	})
	return d
}

// clauses calls do for every round of a comprehension's loops.
func (in *interpreter) clauses(f *frame, n syntax.Node, do func(*frame)) {
	var clauses []syntax.Node
	for c := range n.Children() {
		if c.Is("for_in_clause", "if_clause") {
			clauses = append(clauses, c)
		}
	}
	inner := *f
	inner.scope = newScope(f.scope)
	in.clause(&inner, clauses, do)
}

func (in *interpreter) clause(f *frame, clauses []syntax.Node, do func(*frame)) {
	if len(clauses) == 0 {
		do(f)
		return
	}
	first := clauses[0]
	if first.Is("if_clause") {
		for c := range first.Children() {
			if c.Is("if", "comment") {
				continue
			}
			if is, known := truth(in.eval(f, c)); known && !is {
				return
			}
		}
		in.clause(f, clauses[1:], do)
		return
	}
	elements, _ := in.elements(in.eval(f, first.Field("right")))
	for i, item := range elements {
		if i >= maxIterations {
			return
		}
		in.assign(f, first.Field("left"), item)
		in.clause(f, clauses[1:], do)
	}
}

func (in *interpreter) subscript(f *frame, n syntax.Node) value {
	owner := in.eval(f, n.Field("value"))
	at := n.Field("subscript")
	if at.Is("slice") {
		return in.slice(f, owner, at)
	}
	key := in.eval(f, at)
	switch owner := owner.(type) {
	case *dict:
		v, _ := owner.get(key)
		return v
	case *list:
		return index(owner, key)
	case *class:
		return owner // a generic class with its parameters, or a member of an enumeration
	case *external:
		return externalItem(f, n, owner)
	case *object:
		if s, ok := key.(string); ok {
			if v, ok := owner.attrs["["+s+"]"]; ok {
				return v
			}
			if owner.class != nil {
				v, _ := in.attribute(owner, s)
				return v
			}
		}
	}
	return nil
}

func index(l *list, key value) value {
	i, ok := key.(int64)
	if !ok {
		return nil
	}
	if i < 0 {
		i += int64(len(l.items))
	}
	if i < 0 || i >= int64(len(l.items)) {
		return nil
	}
	return l.items[i]
}

// slice is owner[from:to]. A step is passed over.
func (in *interpreter) slice(f *frame, owner value, n syntax.Node) value {
	text, isText := owner.(string)
	l, isList := owner.(*list)
	if !isText && !isList {
		return nil
	}
	size := len(text)
	if isList {
		size = len(l.items)
	}
	from, to := 0, size
	for c := range n.Children() {
		i, ok := in.eval(f, c).(int64)
		if !ok {
			continue
		}
		if i < 0 {
			i += int64(size)
		}
		bound := int(max(0, min(i, int64(size))))
		if colon := strings.IndexByte(n.Text(), ':'); c.Start()-n.Start() < colon {
			from = bound
		} else {
			to = bound
		}
	}
	to = max(from, to)
	if isList {
		return &list{items: slices.Clone(l.items[from:to])}
	}
	return text[from:to]
}

// listMethod is a method of list, set or tuple.
func (in *interpreter) listMethod(l *list, name string) (value, bool) {
	switch name {
	case "append", "add", "insert", "extend", "update", "copy", "union", "pop", "remove", "sort", "reverse", "clear", "discard":
	default:
		return nil, false
	}
	return nativeFunction(name, func(a args) value {
		switch name {
		case "append", "add":
			in.extend(l, []value{a.at(0, "")})
		case "insert":
			if i, ok := a.at(0, "").(int64); ok && len(l.items) < maxElements {
				l.items = slices.Insert(l.items, int(max(0, min(i, int64(len(l.items))))), a.at(1, ""))
			}
		case "extend", "update":
			if elements, known := in.elements(a.at(0, "")); known {
				in.extend(l, elements)
			}
		case "copy", "union":
			c := &list{items: slices.Clone(l.items)}
			for _, more := range a.positional {
				elements, _ := in.elements(more)
				in.extend(c, elements)
			}
			return c
		case "pop":
			return index(l, int64(-1))
		}
		return none{}
	}), true
}

// dictMethod is a method of dict.
func (in *interpreter) dictMethod(d *dict, name string) (value, bool) {
	switch name {
	case "get", "pop", "setdefault", "items", "keys", "values", "update", "copy":
	default:
		return nil, false
	}
	return nativeFunction(name, func(a args) value {
		switch name {
		case "get", "pop", "setdefault":
			if v, ok := d.get(a.at(0, "")); ok {
				return v
			}
			if a.has(1, "default") {
				return a.at(1, "default")
			}
			return none{}
		case "items":
			l := &list{}
			for _, k := range d.keys {
				l.items = append(l.items, &list{items: []value{k, d.values[k]}})
			}
			return l
		case "keys":
			return &list{items: slices.Clone(d.keys)}
		case "values":
			l := &list{}
			for _, k := range d.keys {
				l.items = append(l.items, d.values[k])
			}
			return l
		case "update":
			if more, ok := a.at(0, "").(*dict); ok {
				for _, k := range more.keys {
					d.set(k, more.values[k])
				}
			}
			for _, k := range a.order {
				d.set(k, a.named[k])
			}
		case "copy":
			return union(d, newDict())
		}
		return none{}
	}), true
}
