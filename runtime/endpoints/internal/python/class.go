package python

import "strings"

// member is a name in a class or its bases.
func (c *class) member(name string) (value, bool) {
	for _, one := range c.order {
		if v, ok := one.scope.vars[name]; ok {
			return v, true
		}
	}
	return nil, false
}

// externals are the names of the classes from outside of the project that a class derives from, nearest first.
func (c *class) externals() []string {
	var names []string
	for _, one := range c.order {
		for _, base := range one.bases {
			switch base := base.(type) {
			case *external:
				names = append(names, base.name)
			case *object: // made by a call: declarative_base()
				names = append(names, base.kind)
			}
		}
	}
	return names
}

// derives reports whether a class is or derives from an external one.
func (c *class) derives(names ...string) bool {
	for _, external := range c.externals() {
		for _, name := range names {
			if external == name || strings.HasSuffix(external, "."+name) {
				return true
			}
		}
	}
	return false
}

// instantiate makes an object of a class of the project.
func (in *interpreter) instantiate(c *class, a args) value {
	if v, ok := in.enumMember(c, a); ok {
		return v
	}
	o := &object{class: c, args: a, made: a, attrs: map[string]value{}}
	for _, name := range c.externals() {
		if native := in.natives.class(name); native != nil {
			o.kind, o.native = name, native
			break
		}
	}
	if init, ok := c.member("__init__"); ok {
		if fn, ok := init.(*function); ok {
			in.call(fn.bind(o), a)
			in.ready(o, args{named: map[string]value{}, node: a.node, frame: a.frame})
			return o
		}
	}
	if o.native != nil {
		in.ready(o, a)
		return o
	}
	for _, name := range a.order { // a model or a dataclass
		o.attrs[name] = a.named[name]
	}
	in.positionalFields(o, a)
	return o
}

// ready lets the framework's own constructor run, once.
func (in *interpreter) ready(o *object, a args) {
	if o.native == nil || o.ready {
		return
	}
	o.ready = true
	o.args = a
	if o.native.init != nil {
		o.native.init(o, a)
	}
}

func (in *interpreter) positionalFields(o *object, a args) {
	i := 0
	for _, f := range o.class.fields {
		if f.annotation.Valid() && i < len(a.positional) {
			o.attrs[f.name] = a.positional[i]
			i++
		}
	}
}

// enumMember is Enumeration("value"), which is the value.
func (in *interpreter) enumMember(c *class, a args) (value, bool) {
	if !c.derives("enum.Enum", "enum.IntEnum", "enum.StrEnum") {
		return nil, false
	}
	return a.at(0, "value"), true
}

// superProxy is super(): the names of the classes after one, bound to an object.
type superProxy struct {
	self  value
	after *class
}

func (in *interpreter) superOf(f *frame) value {
	if f.fn == nil || f.fn.class == nil {
		return nil
	}
	for p := range f.fn.node.Field("parameters").Children() {
		self, _ := f.scope.lookup(parameterName(p))
		return &superProxy{self: self, after: f.fn.class}
	}
	return nil
}

func (in *interpreter) superAttribute(s *superProxy, name string) (value, bool) {
	o, isObject := s.self.(*object)
	c, _ := s.self.(*class)
	if isObject {
		c = o.class
	}
	if c == nil {
		return nil, false
	}
	seen := false
	for _, one := range c.order {
		if v, ok := one.scope.vars[name]; ok && seen {
			return in.bound(v, s.self, c), true
		}
		seen = seen || one == s.after
	}
	if !isObject {
		return nil, false
	}
	if name == "__init__" {
		return nativeFunction(name, func(a args) value {
			in.ready(o, a)
			if o.native == nil {
				for _, key := range a.order {
					o.attrs[key] = a.named[key]
				}
			}
			return none{}
		}), true
	}
	return in.nativeAttribute(o, name)
}
