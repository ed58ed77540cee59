package python

import (
	"cmp"
	"slices"
)

// builtins are Python's own names.
func (in *interpreter) builtins() map[string]value {
	table := map[string]value{}
	for name, do := range map[string]func(args) value{
		"str": func(a args) value {
			if a.has(0, "object") {
				return text(a.at(0, "object"))
			}
			return ""
		},
		"len":       in.builtinLen,
		"list":      in.builtinList,
		"tuple":     in.builtinList,
		"set":       in.builtinList,
		"frozenset": in.builtinList,
		"sorted":    in.builtinSorted,
		"reversed":  in.builtinReversed,
		"dict":      in.builtinDict,
		"enumerate": in.builtinEnumerate,
		"zip":       in.builtinZip,
		"range":     builtinRange,
		"getattr":   in.builtinGetattr,
		"hasattr":   in.builtinHasattr,
		"setattr": func(a args) value {
			in.setAttribute(a.at(0, ""), a.text(1, ""), a.at(2, ""))
			return none{}
		},
		"map":          in.builtinMap,
		"property":     marked(func(f *function) { f.property = true }),
		"staticmethod": marked(func(f *function) { f.static = true }),
		"classmethod":  marked(func(f *function) { f.classMethod = true }),
		"print":        func(args) value { return none{} },
		"isinstance":   in.isInstance,
		"issubclass":   in.isSubclass,
		"dir":          builtinDir,
		"bool": func(a args) value {
			if is, known := truth(a.at(0, "")); known {
				return is
			}
			return nil
		},
		"type": func(a args) value {
			if o, ok := a.at(0, "").(*object); ok && o.class != nil {
				return o.class
			}
			return nil
		},
		"int":        func(a args) value { return a.at(0, "") },
		"float":      func(a args) value { return a.at(0, "") },
		"iter":       func(a args) value { return a.at(0, "") },
		"globals":    func(a args) value { return variables(a.frame) },
		"vars":       builtinVars,
		"__import__": func(a args) value { return in.importByName(a.frame, a.text(0, "name"), "") },
	} {
		table[name] = nativeFunction(name, do)
	}
	return table
}

func (in *interpreter) builtinMap(a args) value {
	l := &list{}
	elements, _ := in.elements(a.at(1, ""))
	for _, e := range elements {
		in.extend(l, []value{in.call(a.at(0, ""), args{positional: []value{e}})})
	}
	return l
}

func builtinVars(a args) value {
	if m, ok := a.at(0, "").(*module); ok {
		return variables(&frame{module: m})
	}
	return variables(a.frame)
}

func text(v value) value {
	if v == nil {
		return nil
	}
	return display(v)
}

func variables(f *frame) value {
	d := newDict()
	if f == nil {
		return d
	}
	for _, name := range members(f.module) {
		d.set(name, f.module.scope.vars[name])
	}
	return d
}

// marked is a decorator that marks what it is given.
func marked(mark func(*function)) func(args) value {
	return func(a args) value {
		f, ok := a.at(0, "").(*function)
		if !ok {
			return a.at(0, "")
		}
		changed := *f
		mark(&changed)
		return &changed
	}
}

func (in *interpreter) builtinLen(a args) value {
	if s, ok := a.at(0, "").(string); ok {
		return int64(len(s))
	}
	if elements, known := in.elements(a.at(0, "")); known {
		return int64(len(elements))
	}
	return nil
}

func (in *interpreter) builtinList(a args) value {
	elements, known := in.elements(a.at(0, ""))
	if !known && len(a.positional) > 0 {
		return a.at(0, "")
	}
	return &list{items: elements}
}

func (in *interpreter) builtinSorted(a args) value {
	elements, known := in.elements(a.at(0, ""))
	if !known {
		return nil
	}
	slices.SortStableFunc(elements, func(x, y value) int { return cmp.Compare(display(x), display(y)) })
	return &list{items: elements}
}

func (in *interpreter) builtinReversed(a args) value {
	elements, known := in.elements(a.at(0, ""))
	if !known {
		return nil
	}
	slices.Reverse(elements)
	return &list{items: elements}
}

func (in *interpreter) builtinDict(a args) value {
	d := newDict()
	if from, ok := a.at(0, "").(*dict); ok {
		for _, k := range from.keys {
			d.set(k, from.values[k])
		}
	}
	if pairs, ok := a.at(0, "").(*list); ok {
		for _, item := range pairs.items {
			if pair, ok := item.(*list); ok && len(pair.items) == 2 {
				d.set(pair.items[0], pair.items[1])
			}
		}
	}
	for _, name := range a.order {
		d.set(name, a.named[name])
	}
	return d
}

func (in *interpreter) builtinEnumerate(a args) value {
	elements, known := in.elements(a.at(0, ""))
	if !known {
		return nil
	}
	l := &list{}
	for i, e := range elements {
		l.items = append(l.items, &list{items: []value{int64(i), e}})
	}
	return l
}

func (in *interpreter) builtinZip(a args) value {
	l := &list{}
	var columns [][]value
	for _, v := range a.positional {
		elements, known := in.elements(v)
		if !known {
			return nil
		}
		columns = append(columns, elements)
	}
	for i := 0; len(columns) > 0; i++ {
		row := &list{}
		for _, column := range columns {
			if i >= len(column) {
				return l
			}
			row.items = append(row.items, column[i])
		}
		l.items = append(l.items, row)
	}
	return l
}

func builtinRange(a args) value {
	from, to := int64(0), a.at(0, "")
	if a.has(1, "") {
		from, _ = a.at(0, "").(int64)
		to = a.at(1, "")
	}
	end, ok := to.(int64)
	if !ok {
		return nil
	}
	l := &list{}
	for i := from; i < end && len(l.items) < maxIterations; i++ {
		l.items = append(l.items, i)
	}
	return l
}

func (in *interpreter) builtinGetattr(a args) value {
	name, ok := a.at(1, "").(string)
	if !ok {
		return nil
	}
	if v, ok := in.attribute(a.at(0, ""), name); ok {
		if e, outside := v.(*external); !outside || !a.has(2, "") || e == nil {
			return v
		}
	}
	return a.at(2, "")
}

func (in *interpreter) builtinHasattr(a args) value {
	name, ok := a.at(1, "").(string)
	owner := a.at(0, "")
	if !ok || owner == nil {
		return nil
	}
	v, found := in.attribute(owner, name)
	if _, outside := v.(*external); outside {
		return nil
	}
	return found
}
