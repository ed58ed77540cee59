package python

import "previewd/runtime/endpoints/internal/syntax"

func (in *interpreter) assignment(f *frame, n syntax.Node) value {
	target, right := n.Field("left"), n.Field("right")
	if f.class != nil && target.Is("identifier") {
		f.class.fields = append(f.class.fields, field{name: target.Text(), annotation: n.Field("type"), defaultNode: right})
	}
	if !right.Valid() {
		return nil // a declaration
	}
	v := in.eval(f, right)
	in.assign(f, target, v)
	return v
}

// assign binds what stands on the left of an assignment, a loop or an import.
func (in *interpreter) assign(f *frame, target syntax.Node, v value) {
	in.step()
	switch target.Kind() {
	case "identifier":
		f.set(target.Text(), v)
	case "attribute":
		in.setAttribute(in.eval(f, target.Field("object")), target.Field("attribute").Text(), v)
	case "subscript":
		in.setItem(in.eval(f, target.Field("value")), in.eval(f, target.Field("subscript")), v)
	case "pattern_list", "tuple_pattern", "list_pattern", "expression_list", "tuple", "list", "parenthesized_expression":
		in.unpack(f, target, v)
	case "as_pattern_target", "list_splat_pattern":
		for inner := range target.Children() {
			in.assign(f, inner, v)
		}
	}
}

func (in *interpreter) unpack(f *frame, target syntax.Node, v value) {
	elements, _ := in.elements(v)
	i := 0
	for inner := range target.Children() {
		if inner.Is("comment") {
			continue
		}
		var item value
		if i < len(elements) {
			item = elements[i]
		}
		if inner.Is("list_splat_pattern") {
			item = &list{items: elements[min(i, len(elements)):]}
		}
		in.assign(f, inner, item)
		i++
	}
}

func (in *interpreter) setAttribute(owner value, name string, v value) {
	switch owner := owner.(type) {
	case *object:
		if owner.native != nil && owner.native.set != nil && owner.native.set(owner, name, v) {
			return
		}
		if old, bound := owner.attrs[name]; bound && v == nil && old != nil {
			return
		}
		owner.attrs[name] = v
	case *class:
		owner.scope.vars[name] = v
	case *module:
		owner.scope.vars[name] = v
	case *function:
		if owner.attrs == nil {
			owner.attrs = map[string]value{}
		}
		owner.attrs[name] = v
	}
}

func (in *interpreter) setItem(owner, key, v value) {
	switch owner := owner.(type) {
	case *dict:
		if len(owner.keys) < maxElements {
			owner.set(key, v)
		}
	case *list:
		if i, ok := key.(int64); ok && i >= 0 && int(i) < len(owner.items) {
			owner.items[i] = v
		}
	case *object:
		if owner.native != nil && owner.native.set != nil {
			if s, ok := key.(string); ok {
				owner.attrs["["+s+"]"] = v
			}
		}
	}
}

// augmented is a += b. A list is changed in place, for others may hold it.
func (in *interpreter) augmented(f *frame, n syntax.Node) value {
	target := n.Field("left")
	old, more := in.eval(f, target), in.eval(f, n.Field("right"))
	operator := n.Field("operator").Text()
	if l, ok := old.(*list); ok && operator == "+=" {
		if elements, known := in.elements(more); known {
			in.extend(l, elements)
		} else if more != nil {
			in.extend(l, []value{more})
		}
		return l
	}
	if old == nil && operator == "+=" {
		in.assign(f, target, more)
		return more
	}
	v := in.binary(operator[:len(operator)-1], old, more)
	in.assign(f, target, v)
	return v
}

func (in *interpreter) extend(l *list, more []value) {
	if len(l.items)+len(more) <= maxElements {
		l.items = append(l.items, more...)
	}
}
