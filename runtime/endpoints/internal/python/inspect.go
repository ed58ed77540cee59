package python

import (
	"maps"
	"slices"
)

// members are the names of a module, a class or an object, sorted.
func members(v value) []string {
	switch v := v.(type) {
	case *module:
		return slices.Sorted(maps.Keys(v.scope.vars))
	case *class:
		names := map[string]bool{}
		for _, c := range v.order {
			for name := range c.scope.vars {
				names[name] = true
			}
		}
		return slices.Sorted(maps.Keys(names))
	case *object:
		names := slices.Collect(maps.Keys(v.attrs))
		if v.class != nil {
			names = append(names, members(v.class)...)
		}
		slices.Sort(names)
		return slices.Compact(names)
	}
	return nil
}

func builtinDir(a args) value {
	if v := a.at(0, ""); v != nil {
		return stringList(members(v))
	}
	return nil
}

// getMembers is inspect.getmembers: pairs of names and values.
func (in *interpreter) getMembers(a args) value {
	l := &list{}
	for _, name := range members(a.at(0, "object")) {
		v, ok := in.attribute(a.at(0, "object"), name)
		if !ok {
			continue
		}
		if predicate := a.at(1, "predicate"); predicate != nil {
			if is, known := truth(in.call(predicate, args{positional: []value{v}, node: a.node, frame: a.frame})); known && !is {
				continue
			}
		}
		in.extend(l, []value{&list{items: []value{name, v}}})
	}
	return l
}

// isInstance is isinstance, nil where it cannot be known.
func (in *interpreter) isInstance(a args) value {
	v := a.at(0, "")
	if v == nil {
		return nil
	}
	unknown := false
	kinds := []value{a.at(1, "")}
	if l, ok := a.at(1, "").(*list); ok {
		kinds = l.items
	}
	for _, kind := range kinds {
		is, known := in.is(v, kind)
		if known && is {
			return true
		}
		unknown = unknown || !known
	}
	if unknown {
		return nil
	}
	return false
}

func (in *interpreter) is(v, kind value) (is, known bool) {
	switch kind := kind.(type) {
	case *class:
		o, ok := v.(*object)
		return ok && o.class != nil && slices.Contains(o.class.order, kind), true
	case *external:
		return in.isExternal(v, kind.name)
	case *function:
		return isBuiltin(v, kind.name), kind.native != nil
	}
	return false, false
}

// isExternal compares with a class from outside: the same name, or another name of the same.
func (in *interpreter) isExternal(v value, name string) (is, known bool) {
	o, ok := v.(*object)
	if !ok {
		e, outside := v.(*external)
		return false, !outside || isCapital(last(e.name)) // what is written like a class is one
	}
	native := in.natives.class(name)
	kinds := []string{o.kind}
	if o.class != nil {
		kinds = o.class.externals()
	}
	for _, kind := range kinds {
		if kind == name || native != nil && in.natives.class(kind) == native {
			return true, true
		}
	}
	return false, native != nil
}

func isCapital(name string) bool { return name != "" && name[0] >= 'A' && name[0] <= 'Z' }

func isBuiltin(v value, name string) bool {
	switch v := v.(type) {
	case string:
		return name == "str"
	case int64:
		return name == "int"
	case float64:
		return name == "float"
	case bool:
		return name == "bool" || name == "int"
	case *dict:
		return name == "dict"
	case *list:
		return name == "list" || name == "tuple" || name == "set"
	case *class:
		return name == "type"
	case *module, *function:
		return false
	case *object:
		return v == nil
	}
	return false
}

// isSubclass is issubclass, nil where it cannot be known.
func (in *interpreter) isSubclass(a args) value {
	c, ok := a.at(0, "").(*class)
	if !ok {
		return nil
	}
	switch kind := a.at(1, "").(type) {
	case *class:
		return slices.Contains(c.order, kind)
	case *external:
		return c.derives(last(kind.name))
	}
	return nil
}
