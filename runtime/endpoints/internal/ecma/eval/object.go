package eval

// objectMethod is what every object has.
func objectMethod(name string) Value {
	switch name {
	case "hasOwnProperty":
		return Native(name, func(c *Call) Value {
			key, _ := c.Text(0)
			o, ok := c.This.(*Object)
			if !ok {
				return &Unknown{}
			}
			_, there := o.Own(key)
			return Bool{V: there}
		})
	}
	return nil
}

// settled is a promise's method on the value that it settles to; nil where the value has its own or is not known.
func settled(v Value, name string) Value {
	switch at := v.(type) {
	case *Unknown:
		if at.Like == nil {
			return nil
		}
	case *Object:
		if _, own := at.Own(name); own {
			return nil
		}
	case Routing:
	case Host:
		return nil
	}
	if name != "then" {
		return Native(name, func(*Call) Value { return v })
	}
	return Native(name, func(c *Call) Value { return c.M.Call(c.Arg(0), Undefined{}, []Value{v}, c.Site) })
}

func (m *Machine) objectGlobal() Value {
	each := func(name string, pick func(m *Machine, v Value, key string) Value) Value {
		return Native(name, func(c *Call) Value {
			if IsUnknown(c.Arg(0)) {
				return &Unknown{Label: name}
			}
			out := &Array{}
			for _, key := range Keys(c.Arg(0)) {
				out.Items = append(out.Items, pick(c.M, c.Arg(0), key))
			}
			return out
		})
	}
	first := func(name string) Value { return Native(name, func(c *Call) Value { return c.Arg(0) }) }
	return &Partial{Name: "Object", Props: map[string]Value{
		"keys":   each("keys", func(_ *Machine, _ Value, key string) Value { return Str{S: key} }),
		"values": each("values", func(m *Machine, v Value, key string) Value { return m.Get(v, key) }),
		"entries": each("entries", func(m *Machine, v Value, key string) Value {
			return &Array{Items: []Value{Str{S: key}, m.Get(v, key)}}
		}),
		"getOwnPropertyNames": each("names", func(_ *Machine, _ Value, key string) Value { return Str{S: key} }),
		"freeze":              first("freeze"), "seal": first("seal"),
		"assign":         Native("assign", objectAssign),
		"fromEntries":    Native("fromEntries", fromEntries),
		"defineProperty": Native("defineProperty", defineProperty),
		"create": Native("create", func(c *Call) Value {
			o := NewObject()
			o.Proto, _ = c.Arg(0).(*Object)
			return o
		}),
		"getPrototypeOf": Native("getPrototypeOf", func(c *Call) Value {
			if o, ok := c.Arg(0).(*Object); ok && o.Proto != nil {
				return o.Proto
			}
			return &Unknown{}
		}),
	}, Make: func(*Call) Value { return NewObject() }}
}

func objectAssign(c *Call) Value {
	target := c.Arg(0)
	for _, from := range rest(c.Args, 1) {
		if o, ok := target.(*Object); ok {
			o.open = o.open || opens(from)
		}
		keys := Keys(from)
		c.M.spend(4 * len(keys))
		for _, key := range keys {
			c.M.setProperty(target, key, c.M.Get(from, key))
		}
	}
	return target
}

func fromEntries(c *Call) Value {
	o := NewObject()
	items, open := c.M.Items(c.Arg(0))
	if open {
		return &Unknown{}
	}
	for _, item := range items {
		if pair, ok := item.(*Array); ok && len(pair.Items) > 1 {
			o.Put(str(pair.Items[0]), pair.Items[1])
		}
	}
	return o
}

func defineProperty(c *Call) Value {
	name, ok := c.Text(1)
	descriptor, ok2 := c.Arg(2).(*Object)
	if !ok || !ok2 || name == "__esModule" {
		return c.Arg(0)
	}
	if v, there := descriptor.Own("value"); there {
		c.M.setProperty(c.Arg(0), name, v)
	} else if get, there := descriptor.Own("get"); there {
		if f, ok := get.(*Func); ok {
			c.M.setProperty(c.Arg(0), name, accessor{f})
		}
	}
	return c.Arg(0)
}

// reflectGlobal is Reflect with reflect-metadata, on which home-made controllers are built.
func (m *Machine) reflectGlobal() Value {
	define := func(c *Call, key, v, target, prop Value) {
		store := c.M.metadata[metadataKey(target)]
		if store == nil {
			store = map[string]map[string]Value{}
			c.M.metadata[metadataKey(target)] = store
		}
		at := optional(prop)
		if store[at] == nil {
			store[at] = map[string]Value{}
		}
		store[at][str(key)] = v
	}
	get := Native("getMetadata", func(c *Call) Value { return c.M.readMetadata(str(c.Arg(0)), c.Arg(1), optional(c.Arg(2))) })
	has := Native("hasMetadata", func(c *Call) Value {
		return Bool{V: !isNullish(c.M.readMetadata(str(c.Arg(0)), c.Arg(1), optional(c.Arg(2))))}
	})
	return &Partial{Name: "Reflect", Props: map[string]Value{
		"defineMetadata": Native("defineMetadata", func(c *Call) Value {
			if metadataKey(c.Arg(2)) != nil {
				define(c, c.Arg(0), c.Arg(1), c.Arg(2), c.Arg(3))
			}
			return Undefined{}
		}),
		"getMetadata": get, "getOwnMetadata": get, "hasMetadata": has, "hasOwnMetadata": has,
		"ownKeys": Native("ownKeys", func(c *Call) Value {
			out := &Array{}
			for _, key := range Keys(c.Arg(0)) {
				out.Items = append(out.Items, Str{S: key})
			}
			return out
		}),
		"metadata": Native("metadata", func(c *Call) Value {
			key, v := c.Arg(0), c.Arg(1)
			return Native("metadata", func(inner *Call) Value {
				if metadataKey(inner.Arg(0)) != nil {
					define(inner, key, v, inner.Arg(0), inner.Arg(1))
				}
				return Undefined{}
			})
		}),
	}}
}

// optional is the name of a property, "" for the class itself.
func optional(v Value) string {
	if isNullish(v) {
		return ""
	}
	return str(v)
}

// metadataKey is what metadata hangs on: a prototype's and its instances' is the same.
func metadataKey(target Value) any {
	switch target := target.(type) {
	case *Class:
		return target
	case *Func:
		return target
	case *Object:
		if target.Of == nil && target.Class != nil {
			return target.Class.Proto
		}
		return target
	}
	return nil
}

func (m *Machine) readMetadata(key string, target Value, prop string) Value {
	for range 20 {
		if v, ok := m.metadata[metadataKey(target)][prop][key]; ok {
			return v
		}
		switch at := target.(type) {
		case *Class:
			target = at.Super
		case *Object:
			if at.Of == nil && at.Class != nil {
				at = at.Class.Proto
			}
			if at.Proto == nil {
				return Undefined{}
			}
			target = at.Proto
		default:
			return Undefined{}
		}
		if target == nil {
			return Undefined{}
		}
	}
	return Undefined{}
}
