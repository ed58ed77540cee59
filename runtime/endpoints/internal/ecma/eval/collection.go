package eval

import "slices"

// collection is a Map or a Set.
type collection struct {
	set    bool
	keys   []Value
	values []Value
}

func newCollection(set bool) Value {
	return Native("Map", func(c *Call) Value {
		made := &collection{set: set}
		items, _ := c.M.Items(c.Arg(0))
		for _, item := range items {
			if set {
				made.put(item, item)
				continue
			}
			if pair, ok := item.(*Array); ok && len(pair.Items) > 1 {
				made.put(pair.Items[0], pair.Items[1])
			}
		}
		return made
	})
}

func (o *collection) put(key, v Value) {
	for i := range o.keys {
		if same("===", o.keys[i], key) {
			o.values[i] = v
			return
		}
	}
	if len(o.keys) < 2000 {
		o.keys, o.values = append(o.keys, key), append(o.values, v)
	}
}

func (o *collection) drop(key Value) bool {
	for i := range o.keys {
		if same("===", o.keys[i], key) {
			o.keys, o.values = slices.Delete(slices.Clone(o.keys), i, i+1), slices.Delete(slices.Clone(o.values), i, i+1)
			return true
		}
	}
	return false
}

func (o *collection) items() []Value {
	if o.set {
		return o.values
	}
	var pairs []Value
	for i := range o.keys {
		pairs = append(pairs, &Array{Items: []Value{o.keys[i], o.values[i]}})
	}
	return pairs
}

// Get is a method of Map or Set.
func (o *collection) Get(_ *Machine, name string) Value {
	switch name {
	case "size":
		return Number(len(o.keys))
	case "set", "add":
		return Native(name, func(c *Call) Value {
			v := c.Arg(1)
			if o.set {
				v = c.Arg(0)
			}
			o.put(c.Arg(0), v)
			return o
		})
	case "get", "has":
		return Native(name, func(c *Call) Value {
			for i := range o.keys {
				if same("===", o.keys[i], c.Arg(0)) {
					if name == "has" {
						return Bool{V: true}
					}
					return o.values[i]
				}
			}
			if name == "has" {
				return Bool{}
			}
			return Undefined{}
		})
	case "delete":
		return Native(name, func(c *Call) Value { return Bool{V: o.drop(c.Arg(0))} })
	case "forEach":
		return Native(name, func(c *Call) Value {
			for i := range o.keys {
				c.M.Call(c.Arg(0), Undefined{}, []Value{o.values[i], o.keys[i], o}, c.Site)
			}
			return Undefined{}
		})
	case "values", "keys", "entries":
		return Native(name, func(*Call) Value {
			switch name {
			case "values":
				return &Array{Items: append([]Value{}, o.values...)}
			case "keys":
				return &Array{Items: append([]Value{}, o.keys...)}
			}
			return &Array{Items: o.items()}
		})
	}
	return &Unknown{Label: name}
}
