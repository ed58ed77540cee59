package python

import (
	"slices"
	"strings"

	"previewd/runtime/endpoints/internal/syntax"
)

// define makes a function, applies its decorators and binds its name.
func (in *interpreter) define(f *frame, n syntax.Node, decorators []syntax.Node) {
	fn := &function{
		name: n.Field("name").Text(), node: n, module: f.module, closure: f.scope, class: f.class, calls: new(int),
	}
	if f.scope.class {
		fn.closure = f.scope.parent
	}
	f.set(fn.name, fn) // a decorator's call may need it
	v := in.decorate(f, fn, decorators)
	f.set(fn.name, v)
}

// decorated is a function or a class with decorators, which Python evaluates from the top and applies from the bottom.
func (in *interpreter) decorated(f *frame, n syntax.Node) {
	var decorators []syntax.Node
	for c := range n.Children() {
		if c.Is("decorator") {
			decorators = append(decorators, c)
		}
	}
	definition := n.Field("definition")
	if definition.Is("class_definition") {
		in.defineClass(f, definition, decorators)
		return
	}
	in.define(f, definition, decorators)
}

func (in *interpreter) decorate(f *frame, v value, decorators []syntax.Node) value {
	evaluated := make([]value, len(decorators))
	for i, d := range decorators {
		for expression := range d.Children() {
			if !expression.Is("comment") {
				evaluated[i] = in.eval(f, expression)
			}
		}
	}
	for i := len(decorators) - 1; i >= 0; i-- {
		v = in.applyDecorator(f, v, evaluated[i], decorators[i])
	}
	return v
}

// applyDecorator calls a decorator for its effects. A wrapper that it returns stands for the function inside, which has
// the name, the parameters and the words.
func (in *interpreter) applyDecorator(f *frame, v, decorator value, n syntax.Node) value {
	if decorator == nil {
		return v
	}
	replaced := in.call(decorator, args{positional: []value{v}, node: n, frame: f})
	switch replaced := replaced.(type) {
	case nil, none:
		return v
	case *function:
		original, ok := v.(*function)
		if !ok || replaced.property || replaced.static || replaced.classMethod {
			return replaced
		}
		if original.methods == nil {
			original.methods = replaced.methods
		}
		return original
	case *class:
		if _, ok := v.(*class); !ok {
			return v
		}
	case *external:
		return v
	case *object:
		if replaced.class == nil && replaced.native == nil {
			return v
		}
	}
	return replaced
}

// defineClass executes a class's body, applies its decorators and binds its name.
func (in *interpreter) defineClass(f *frame, n syntax.Node, decorators []syntax.Node) {
	c := &class{name: n.Field("name").Text(), node: n, module: f.module, scope: newScope(f.scope), keys: map[string]value{}}
	c.scope.class = true
	for base := range n.Field("superclasses").Children() {
		switch {
		case base.Is("comment"):
		case base.Is("keyword_argument"):
			c.keys[base.Field("name").Text()] = in.eval(f, base.Field("value"))
		default:
			c.bases = append(c.bases, in.eval(f, base))
		}
	}
	c.order = linearise(c)
	for _, d := range decorators {
		c.data = c.data || strings.Contains(d.Text(), "dataclass") || strings.Contains(d.Text(), "attr")
	}
	in.block(&frame{module: f.module, scope: c.scope, class: c, maybe: f.maybe, weak: 0}, n.Field("body"))
	f.set(c.name, in.decorate(f, c, decorators))
	in.subclassed(c)
}

// subclassed tells a base of the project's that it has a new subclass, as Python does.
func (in *interpreter) subclassed(c *class) {
	for _, base := range c.order[1:] {
		if hook, ok := base.scope.vars["__init_subclass__"].(*function); ok {
			a := args{positional: []value{c}, named: map[string]value{}}
			for name, v := range c.keys {
				a.name(name, v)
			}
			in.call(hook, a)
			return
		}
	}
}

// linearise is the order in which a class and its bases of the project are asked for a name.
func linearise(c *class) []*class {
	all := []*class{c}
	for _, b := range c.bases {
		if base, ok := b.(*class); ok && base != c {
			all = append(all, base.order...)
		}
	}
	var order []*class
	for i, c := range all {
		if !slices.Contains(all[i+1:], c) {
			order = append(order, c)
		}
	}
	return order
}
