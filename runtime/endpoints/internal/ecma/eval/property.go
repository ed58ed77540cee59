package eval

import "strconv"

// accessor is a property with a getter.
type accessor struct{ get *Func }

// Get is v.name.
func (m *Machine) Get(v Value, name string) Value {
	got := m.lookup(v, v, name, 0)
	for range 3 {
		a, ok := got.(accessor)
		if !ok {
			return got
		}
		got = m.Call(a.get, v, nil, Site{})
	}
	return &Unknown{Label: name}
}

func (m *Machine) lookup(v, this Value, name string, depth int) Value {
	if depth > 30 {
		return Undefined{}
	}
	if name == "then" || name == "catch" || name == "finally" {
		if got := settled(v, name); got != nil {
			return got
		}
	}
	switch v := v.(type) {
	case *Object:
		return m.objectProperty(v, this, name, depth)
	case *Array:
		return m.arrayProperty(v, name)
	case Str:
		return m.stringProperty(v, name)
	case *Class:
		return m.classProperty(v, name, depth)
	case *Func:
		return m.funcProperty(v, name)
	case Host:
		return v.Get(m, name)
	case Regexp:
		return regexpProperty(v, name)
	case *Unknown:
		return m.unknownProperty(v, name)
	}
	return &Unknown{Label: name}
}

func (m *Machine) objectProperty(o *Object, this Value, name string, depth int) Value {
	for at := o; at != nil && depth < 30; depth++ {
		if got, ok := at.Own(name); ok {
			return got
		}
		if at.Of != nil && name == "constructor" {
			return at.Of
		}
		if at.Under != nil {
			return m.lookup(at.Under, this, name, depth+1)
		}
		at = at.Proto
	}
	if method := objectMethod(name); method != nil {
		return method
	}
	if o.open || o.Class != nil && o.Class.open() {
		return &Unknown{Label: name}
	}
	return Undefined{}
}

func (m *Machine) funcProperty(f *Func, name string) Value {
	if f.Props != nil {
		if got, ok := f.Props.Own(name); ok {
			return got
		}
	}
	switch name {
	case "call":
		return Native("call", func(c *Call) Value {
			return c.M.Call(f, c.Arg(0), rest(c.Args, 1), c.Site)
		})
	case "apply":
		return Native("apply", func(c *Call) Value {
			args, _ := c.Arg(1).(*Array)
			if args == nil {
				args = &Array{}
			}
			return c.M.Call(f, c.Arg(0), args.Items, c.Site)
		})
	case "bind":
		return Native("bind", func(c *Call) Value {
			bound := *f
			bound.this, bound.bound = c.Arg(0), true
			bound.args = append(append([]Value{}, f.args...), rest(c.Args, 1)...)
			return &bound
		})
	case "name":
		return Str{S: f.Name}
	case "prototype":
		proto := NewObject()
		m.setProperty(f, "prototype", proto)
		return proto
	case "default":
		return f // a CommonJS module seen through the eyes of ESM
	}
	return Undefined{}
}

func (m *Machine) unknownProperty(u *Unknown, name string) Value {
	if u.Like != nil {
		got := m.lookup(u.Like, u.Like, name, 1)
		if !isNullish(got) && !IsUnknown(got) {
			return got
		}
		if name == "app" || name == "router" || name == "default" || name == "instance" {
			return u.Like
		}
	}
	result := &Unknown{Label: name, Pkg: u.Pkg}
	for _, v := range u.Any {
		switch got := m.lookup(v, v, name, 1).(type) {
		case *Func, *Object, *Class:
			result.Any = append(result.Any, got)
		}
	}
	return result
}

// setProperty is v.name = value.
func (m *Machine) setProperty(v Value, name string, value Value) {
	switch v := v.(type) {
	case *Object:
		if v.Under != nil {
			if s, ok := v.Under.(Setter); ok {
				s.Set(m, name, value)
			}
		}
		v.Put(name, value)
	case *Array:
		i, err := strconv.Atoi(name)
		if err != nil || i < 0 || i > len(v.Items) || i >= maxItems {
			return
		}
		if i == len(v.Items) {
			v.Items = append(v.Items, nil)
		}
		v.Items[i] = value
	case *Func:
		if v.Props == nil {
			v.Props = NewObject()
		}
		v.Props.Put(name, value)
	case *Class:
		v.Statics.Put(name, value)
	case Setter:
		v.Set(m, name, value)
	}
}

// Set is v.name = value.
func (m *Machine) Set(v Value, name string, value Value) { m.setProperty(v, name, value) }

func rest(args []Value, from int) []Value {
	if from >= len(args) {
		return nil
	}
	return args[from:]
}

// Keys are the names of v's own enumerable properties.
func Keys(v Value) []string {
	switch v := v.(type) {
	case *Object:
		return append([]string{}, v.keys...)
	case *Class:
		return append([]string{}, v.Statics.keys...)
	case *Array:
		keys := make([]string, len(v.Items))
		for i := range v.Items {
			keys[i] = strconv.Itoa(i)
		}
		return keys
	}
	return nil
}
