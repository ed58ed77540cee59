package python

import "strings"

// attribute is owner.name. The second result tells whether there is such an attribute, as far as is known.
func (in *interpreter) attribute(owner value, name string) (value, bool) {
	switch owner := owner.(type) {
	case *object:
		return in.objectAttribute(owner, name)
	case *class:
		return in.classAttribute(owner, name)
	case *module:
		if name == "__dict__" {
			return variables(&frame{module: owner}), true
		}
		return in.member(owner, name)
	case *external:
		return in.externalAttribute(owner, name), true
	case *superProxy:
		return in.superAttribute(owner, name)
	case string:
		if v, ok := in.pathAttribute(owner, name); ok {
			return v, true
		}
		if name == "value" || name == "name" { // of an enumeration's member
			return owner, true
		}
		return in.stringMethod(owner, name)
	case *list:
		switch {
		case name == "name" && len(owner.items) == 3: // of what pkgutil tells of a module
			return owner.items[1], true
		case name == "ispkg" && len(owner.items) == 3:
			return owner.items[2], true
		}
		return in.listMethod(owner, name)
	case *dict:
		return in.dictMethod(owner, name)
	case *function:
		return in.functionAttribute(owner, name)
	case *view:
		return owner.attribute(name)
	}
	return nil, false
}

func (in *interpreter) functionAttribute(fn *function, name string) (value, bool) {
	if v, ok := fn.attrs[name]; ok {
		return v, true
	}
	switch name {
	case "__name__", "__qualname__":
		return fn.name, true
	case "__module__":
		if fn.module != nil {
			return in.dotted(fn.module), true
		}
	case "__wrapped__", "__func__":
		return fn, true
	case "mapping": // of an action of Django REST framework
		return &object{kind: "rest_framework.mapping", attrs: map[string]value{"function": fn}, native: in.natives.class("rest_framework.mapping")}, true
	}
	return nil, false
}

func (in *interpreter) objectAttribute(o *object, name string) (value, bool) {
	if v, ok := o.attrs[name]; ok {
		return v, true
	}
	if o.class != nil {
		if v, ok := o.class.member(name); ok {
			return in.bound(v, o, o.class), true
		}
		switch name {
		case "__class__":
			return o.class, true
		case "__dict__":
			return nil, false
		}
		if getter, ok := o.class.member("__getattr__"); ok {
			if fn, ok := getter.(*function); ok {
				if v := in.call(fn.bind(o), args{positional: []value{name}}); !isNothing(v) {
					return v, true
				}
			}
		}
	}
	return in.nativeAttribute(o, name)
}

// nativeAttribute is what an object has from outside of the project.
func (in *interpreter) nativeAttribute(o *object, name string) (value, bool) {
	if o.native != nil && o.native.get != nil {
		if v, ok := o.native.get(o, name); ok {
			return v, true
		}
	}
	if o.class != nil && o.native == nil {
		if len(o.class.externals()) > 0 {
			return nil, false
		}
		return nil, false
	}
	return &external{name: o.kind + "()." + name}, true
}

func (in *interpreter) classAttribute(c *class, name string) (value, bool) {
	if v, ok := c.member(name); ok {
		if fn, ok := v.(*function); ok && fn.classMethod {
			return fn.bind(c), true
		}
		if o, ok := v.(*object); ok && o.native == nil && o.class == nil && strings.HasSuffix(o.kind, ".auto") {
			return strings.ToLower(name), true // of an enumeration of strings
		}
		return v, true
	}
	switch name {
	case "__name__", "__qualname__":
		return c.name, true
	case "__members__":
		d := newDict()
		for _, f := range c.fields {
			d.set(f.name, c.scope.vars[f.name])
		}
		return d, true
	case "__module__":
		return in.dotted(c.module), true
	case "as_view":
		return nativeFunction(name, func(a args) value { return newView(c, a) }), true
	case "as_asgi":
		return nil, false
	}
	return in.nativeClassAttribute(c, name)
}

// bound is a member of a class as its object sees it.
func (in *interpreter) bound(v, self value, c *class) value {
	fn, ok := v.(*function)
	if !ok {
		return v
	}
	switch {
	case fn.property:
		return in.call(fn.bind(self), args{})
	case fn.static, fn.native != nil && fn.class == nil:
		return fn
	case fn.classMethod:
		return fn.bind(c)
	}
	return fn.bind(self)
}
