package eval

import "previewd/runtime/endpoints/internal/ecma/ast"

// Target is what a decorator of the host stands at.
type Target struct {
	Class  *Class
	Member *Member // nil: at the class
	Param  *Param  // not nil: at a parameter
}

// Decorator makes the value of a decorator expression: apply is called for each place where it stands.
func Decorator(name string, apply func(m *Machine, t Target)) *Func {
	return Native(name, func(c *Call) Value {
		if target, ok := c.This.(*decorated); ok {
			apply(c.M, target.Target)
		} else if target, ok := c.target(); ok {
			apply(c.M, target)
		}
		return Undefined{}
	})
}

// decorated is the receiver by which decorators of the host learn where they stand.
type decorated struct{ Target }

func (m *Machine) decorateClass(c *Class, n *ast.Node) {
	var decorators []*ast.Node
	for _, kid := range n.Kids {
		if kid.Kind == "decorator" {
			decorators = append(decorators, kid)
		}
	}
	for i := range c.Params {
		m.decorateParam(c, nil, &c.Params[i], i)
	}
	for i := len(decorators) - 1; i >= 0; i-- {
		m.decorate(decorators[i], c.scope, Target{Class: c}, []Value{c})
	}
}

func (m *Machine) decorateMember(c *Class, member *Member, decorators []*ast.Node) {
	if member.Name == "constructor" {
		return
	}
	for i := range member.Params {
		m.decorateParam(c, member, &member.Params[i], i)
	}
	descriptor := NewObject()
	if member.Value != nil {
		descriptor.Put("value", member.Value)
	}
	var target Value = c.Proto
	if member.Static {
		target = c
	}
	for i := len(decorators) - 1; i >= 0; i-- {
		m.decorate(decorators[i], c.scope, Target{Class: c, Member: member}, []Value{target, Str{S: member.Name}, descriptor})
	}
}

func (m *Machine) decorateParam(c *Class, member *Member, p *Param, index int) {
	for _, kid := range p.Node.Kids {
		if kid.Kind != "decorator" {
			continue
		}
		var name Value = Undefined{}
		if member != nil {
			name = Str{S: member.Name}
		}
		m.decorate(kid, c.scope, Target{Class: c, Member: member, Param: p}, []Value{c.Proto, name, Number(index)})
	}
}

func (m *Machine) decorate(n *ast.Node, sc *scope, target Target, args []Value) {
	switch f := m.eval(n.First(), sc).(type) {
	case *Func:
		if f.Native != nil {
			f.Native(&Call{M: m, This: &decorated{target}, Args: args, Site: siteOf(n, sc)})
			return
		}
		m.Call(f, Undefined{}, args, siteOf(n, sc))
	}
}

// ApplyDecorators is Nest's: one decorator made of several.
func ApplyDecorators(c *Call) Value {
	decorators := c.Args
	return Native("applyDecorators", func(inner *Call) Value {
		for _, d := range decorators {
			if f, ok := d.(*Func); ok {
				if f.Native != nil {
					f.Native(inner)
				} else {
					inner.M.Call(f, Undefined{}, inner.Args, inner.Site)
				}
			}
		}
		return Undefined{}
	})
}

// ClassOf is the class at which a decorator of the host stands, or nil.
func ClassOf(c *Call) *Class {
	if target, ok := c.This.(*decorated); ok {
		return target.Class
	}
	target, _ := c.target()
	return target.Class
}

// target is where a decorator that the program calls itself stands: f(prototype, "name", descriptor) or f(class).
func (c *Call) target() (Target, bool) {
	class, _ := c.Arg(0).(*Class)
	if o, ok := c.Arg(0).(*Object); ok {
		class = o.Of
	}
	if class == nil {
		return Target{}, false
	}
	name, ok := c.Text(1)
	if !ok {
		return Target{Class: class}, true
	}
	for _, member := range class.Members {
		if member.Name == name {
			return Target{Class: class, Member: member}, true
		}
	}
	return Target{}, false
}
