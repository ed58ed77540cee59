package eval

import "strings"

// lodash has the few functions of it by which programs go through lists of routes.
func lodash() Value {
	p := &Partial{Name: "lodash", Props: map[string]Value{}}
	for _, name := range []string{"forEach", "each", "map", "filter", "flatMap", "reduce", "find", "forOwn", "mapValues", "forIn"} {
		p.Props[name] = Native(name, func(c *Call) Value { return overCollection(c, name) })
	}
	for _, name := range []string{"merge", "assign", "extend", "defaults", "defaultsDeep"} {
		p.Props[name] = Native(name, objectAssign)
	}
	object, _ := (*Machine)(nil).objectGlobal().(*Partial)
	for _, name := range []string{"keys", "values", "entries", "toPairs"} {
		p.Props[name] = object.Props[name]
	}
	p.Props["toPairs"] = object.Props["entries"]
	p.Props["get"] = Native("get", lodashGet)
	p.Props["default"] = p
	return p
}

// lodashPart is lodash/name, or lodash.name whose names are in lower case.
func lodashPart(m *Machine, part string) Value {
	whole, _ := lodash().(*Partial)
	for name, v := range whole.Props {
		if strings.EqualFold(name, part) {
			return v
		}
	}
	return whole.Get(m, part)
}

// overCollection is _.name(collection, ...): over an array, or over an object's values.
func overCollection(c *Call, name string) Value {
	switch name {
	case "each", "forOwn", "forIn":
		name = "forEach"
	case "mapValues":
		name = "map"
	}
	inner := &Call{M: c.M, This: Undefined{}, Args: rest(c.Args, 1), Site: c.Site}
	switch v := c.Arg(0).(type) {
	case *Array:
		if f := arrayMethod(v, name); f != nil {
			return f(inner)
		}
	case *Object:
		out := &Array{}
		for _, key := range Keys(v) {
			out.Items = append(out.Items, c.M.Call(c.Arg(1), Undefined{}, []Value{c.M.Get(v, key), Str{S: key}, v}, c.Site))
		}
		return out
	}
	return c.M.callUnknown(&Unknown{Label: name}, c.Args, c.Site)
}

func lodashGet(c *Call) Value {
	name, ok := c.Text(1)
	if !ok {
		return &Unknown{}
	}
	v := c.M.Path(c.Arg(0), name)
	if isNullish(v) && len(c.Args) > 2 {
		return c.Arg(2)
	}
	return v
}

// Path is v.a.b.c for the name "a.b.c".
func (m *Machine) Path(v Value, name string) Value {
	parts, _ := splitText(name, Str{S: "."}).(*Array)
	for _, part := range parts.Items {
		if isNullish(v) {
			return Undefined{}
		}
		v = m.Get(v, str(part))
	}
	return v
}
