package eval

import (
	"path"

	"previewd/runtime/endpoints/internal/ecma/ast"
)

// configModule is the package config: the object of the file config/default, asked by paths.
func (m *Machine) configModule() Value {
	var v Value = &Unknown{Label: "config"}
	for _, ext := range append(ast.Extensions(), ".json") {
		if name := path.Join(m.Cwd(), "config", "default"+ext); m.Files.IsFile(name) {
			v = m.ConfigOf(name)
			break
		}
	}
	return m.asked(v, func(found Value) Value { return found })
}

// convict is the package convict: a schema whose leaves have defaults and names of environment variables.
func (m *Machine) convict() Value {
	return &Partial{Name: "convict", Make: func(c *Call) Value {
		made := m.asked(c.Arg(0), leaf)
		made.Props["validate"] = Native("validate", func(*Call) Value { return made })
		made.Props["getProperties"] = Native("getProperties", func(c *Call) Value { return leaf(c.This) })
		return made
	}}
}

// leaf is the default of a leaf of a schema; of a branch, the defaults of all below.
func leaf(v Value) Value {
	o, ok := v.(*Object)
	if !ok {
		return v
	}
	if found, there := o.Own("default"); there {
		return Soften(found)
	}
	out := NewObject()
	for _, key := range o.keys[:min(len(o.keys), 200)] {
		if inner, ok := o.props[key].(*Object); ok && inner != o {
			if found, there := inner.Own("default"); there {
				out.Put(key, Soften(found))
			}
		}
	}
	return out
}

// asked is an object that is asked for values by paths: get("a.b").
func (m *Machine) asked(v Value, read func(Value) Value) *Partial {
	p := &Partial{Name: "config", Props: map[string]Value{}}
	p.Props["get"] = Native("get", func(c *Call) Value {
		name, ok := c.Text(0)
		if !ok || IsUnknown(v) {
			return &Unknown{Label: "config"}
		}
		found := read(m.Path(v, name))
		if isNullish(found) {
			return &Unknown{Label: path.Base(name)}
		}
		return found
	})
	p.Props["has"] = Native("has", func(c *Call) Value {
		name, _ := c.Text(0)
		return Unsure(!isNullish(m.Path(v, name)))
	})
	for _, key := range Keys(v) {
		if _, taken := p.Props[key]; !taken {
			p.Props[key] = read(m.Get(v, key))
		}
	}
	return p
}
