package eval

import (
	"slices"
	"strconv"
	"strings"
)

// InstallGlobals gives the machine what JavaScript and Node.js offer without an import.
func (m *Machine) InstallGlobals() {
	env := &environment{m.Env}
	m.Globals["process.env"] = env
	m.Globals["process"] = &Partial{Name: "process", Props: map[string]Value{
		"env": env, "cwd": Native("cwd", func(c *Call) Value { return Str{S: absolute(c.M.Cwd())} }),
		"argv": &Array{Items: []Value{Str{S: "node"}}, Open: true}, "platform": Str{S: "linux"},
	}}
	m.Globals["Object"] = m.objectGlobal()
	m.Globals["Array"] = &Partial{Name: "Array", Props: map[string]Value{
		"isArray": Native("isArray", func(c *Call) Value {
			if IsUnknown(c.Arg(0)) {
				return &Unknown{}
			}
			_, ok := c.Arg(0).(*Array)
			return Bool{V: ok}
		}),
		"from": Native("from", arrayFrom),
		"of":   Native("of", func(c *Call) Value { return &Array{Items: c.Args} }),
	}, Make: func(c *Call) Value { return &Array{Items: c.Args} }}
	m.Globals["Map"], m.Globals["WeakMap"] = newCollection(false), newCollection(false)
	m.Globals["Set"], m.Globals["WeakSet"] = newCollection(true), newCollection(true)
	m.Globals["Promise"] = promiseGlobal()
	m.Globals["Proxy"] = Native("Proxy", func(c *Call) Value { return c.Arg(0) })
	m.Globals["Reflect"] = m.reflectGlobal()
	m.Globals["JSON"] = &Partial{Name: "JSON", Props: map[string]Value{"parse": Native("parse", func(c *Call) Value {
		if s, ok := c.Text(0); ok {
			return parseJSON([]byte(s))
		}
		return c.Arg(0)
	}), "stringify": Native("stringify", func(*Call) Value { return &Unknown{Label: "json"} })}}
	m.Globals["String"] = Native("String", func(c *Call) Value {
		if IsUnknown(c.Arg(0)) {
			return c.Arg(0)
		}
		return Str{S: str(c.Arg(0))}
	})
	m.Globals["Number"], m.Globals["parseInt"] = Native("Number", toNumber), Native("parseInt", toNumber)
	m.Globals["Boolean"] = Native("Boolean", func(c *Call) Value {
		val, certain := truth(c.Arg(0))
		return Bool{V: val, Soft: !certain}
	})
	m.Globals["URL"] = Native("URL", newURL)
	m.Globals["Symbol"] = &Partial{Name: "Symbol", Make: func(c *Call) Value {
		s, _ := c.Text(0)
		return Str{S: "Symbol(" + s + ")"}
	}, Props: map[string]Value{"for": Native("for", func(c *Call) Value { return c.Arg(0) })}}
	m.timers()
	for _, name := range []string{"globalThis", "global"} {
		m.Globals[name] = &globalObject{}
	}
}

func (m *Machine) timers() {
	for _, name := range []string{"setTimeout", "setImmediate", "queueMicrotask"} {
		m.Globals[name] = Native(name, func(c *Call) Value {
			if f, ok := c.Arg(0).(*Func); ok {
				c.M.Call(f, Undefined{}, nil, c.Site)
			}
			return &Unknown{}
		})
	}
}

// Partial is an object of the host of which only some properties are known.
type Partial struct {
	Name  string
	Props map[string]Value
	Make  func(c *Call) Value
}

// Get is a property.
func (p *Partial) Get(_ *Machine, name string) Value {
	if v, ok := p.Props[name]; ok {
		return v
	}
	if name == "default" {
		return p
	}
	return &Unknown{Label: name, Pkg: p.Name}
}

// Set sets a property.
func (p *Partial) Set(_ *Machine, name string, v Value) {
	if p.Props == nil {
		p.Props = map[string]Value{}
	}
	p.Props[name] = v
}

// Call calls or constructs it.
func (p *Partial) Call(c *Call) Value {
	if p.Make != nil {
		return p.Make(c)
	}
	return c.M.callUnknown(&Unknown{Label: p.Name, Pkg: p.Name}, c.Args, c.Site)
}

// globalObject is globalThis.
type globalObject struct{}

func (*globalObject) Get(m *Machine, name string) Value {
	if v, ok := m.Globals[name]; ok {
		return v
	}
	return &Unknown{Label: name}
}

func (*globalObject) Set(m *Machine, name string, v Value) { m.Globals[name] = v }

// environment is process.env: what the project's example files give, and otherwise what may be set or not.
type environment struct{ vars map[string]string }

func (e *environment) Get(_ *Machine, name string) Value {
	if v, ok := e.vars[name]; ok {
		return Str{S: v, Soft: true}
	}
	if name == "NODE_ENV" {
		return Str{S: "development", Soft: true}
	}
	return &Unknown{Label: strings.ToLower(name), Env: name}
}

func (e *environment) Set(_ *Machine, name string, v Value) {
	if s, ok := Text(v); ok {
		e.vars[name] = s
	}
}

// EnvValue is the value of an environment variable as the program would read it.
func (m *Machine) EnvValue(name string) Value { return (&environment{m.Env}).Get(m, name) }

func arrayFrom(c *Call) Value {
	items, open := c.M.Items(c.Arg(0))
	if o, ok := c.Arg(0).(*Object); ok {
		if n, ok := c.M.Get(o, "length").(Number); ok && n >= 0 && n <= maxItems {
			items, open = slices.Repeat([]Value{Undefined{}}, int(n)), false
		}
	}
	c.M.spend(len(items))
	out := &Array{Items: append([]Value{}, items...), Open: open}
	if _, mapped := c.Arg(1).(*Func); !mapped {
		return out
	}
	return arrayMethod(out, "map")(&Call{M: c.M, Args: c.Args[1:], Site: c.Site})
}

func toNumber(c *Call) Value {
	switch v := c.Arg(0).(type) {
	case Number:
		return v
	case Str:
		if i, err := strconv.ParseFloat(strings.TrimSpace(v.S), 64); err == nil {
			return Number(i)
		}
	}
	return &Unknown{Label: "number"}
}

func newURL(c *Call) Value {
	ref, ok := c.Text(0)
	base, ok2 := c.Text(1)
	if !ok || !ok2 || !strings.HasPrefix(base, fileURL) {
		return &Unknown{Label: "url"}
	}
	dir := base[:strings.LastIndexByte(base, '/')+1]
	at := Str{S: joinPath(strings.TrimPrefix(dir, "file://"), ref)}
	return ObjectOf(map[string]Value{"pathname": at, "href": at, "toString": Native("toString", func(*Call) Value { return at })})
}

func promiseGlobal() Value {
	return &Partial{Name: "Promise", Props: map[string]Value{
		"resolve": Native("resolve", func(c *Call) Value { return c.Arg(0) }),
		"all":     Native("all", func(c *Call) Value { return c.Arg(0) }),
	}, Make: func(c *Call) Value {
		var result Value = &Unknown{}
		if f, ok := c.Arg(0).(*Func); ok {
			resolve := Native("resolve", func(inner *Call) Value {
				result = inner.Arg(0)
				return Undefined{}
			})
			c.M.Call(f, Undefined{}, []Value{resolve, Native("reject", func(*Call) Value { return Undefined{} })}, c.Site)
		}
		return result
	}}
}
