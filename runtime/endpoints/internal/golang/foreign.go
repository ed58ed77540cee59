package golang

import (
	"strings"
)

// foreignMember is a function, type or variable of a package outside of the project.
func (in *interp) foreignMember(path, name string) value {
	if path == "net/http" {
		if v, ok := in.httpMember(name); ok {
			return v
		}
	}
	if fw := in.prog.frameworkOf(path); fw != nil && fw.types[name] {
		return typeName{foreignType(path, name)}
	}
	return foreign{path: path, name: name, inner: &[]value{}}
}

// foreignCall calls code outside of the project.
func (in *interp) foreignCall(fn foreign, site callSite) value {
	if fw := in.prog.frameworkOf(fn.path); fw != nil {
		if fw.made[fn.name] {
			return in.newRouter(fw)
		}
		if fn.name == "StripPrefix" && fn.path == "net/http" {
			prefix, _ := site.arg(0).(text)
			return stripped{prefix.filled(), site.arg(1)}
		}
		if v, ok := in.httpCall(fn, site); ok {
			return v
		}
	}
	if v, ok := in.standard(fn, site); ok {
		return v
	}
	if v, ok := in.guess(fn, site); ok {
		return v
	}
	made := foreign{path: fn.path, name: fn.name + "()", inner: &[]value{}}
	if fn.inner != nil {
		*made.inner = append(*made.inner, *fn.inner...)
	}
	for _, arg := range site.args {
		in.spoil(arg)
		in.escape(arg, 0)
		made.take(arg)
		if fn.inner != nil {
			fn.take(arg)
		}
	}
	if fn.result.expr != nil {
		return unknown{fn.result}
	}
	return made
}

// take notes a handler that foreign code was given: it may serve it.
func (f foreign) take(v value) {
	if f.inner == nil || len(*f.inner) > 50 {
		return
	}
	switch v := v.(type) {
	case *node, stripped, *function, pointer, *object:
		*f.inner = append(*f.inner, v)
	case foreign:
		if v.inner != nil && v.inner != f.inner && len(*v.inner) > 0 {
			*f.inner = append(*f.inner, v)
		}
	}
}

// spoil forgets the switches of what foreign code may have changed.
func (in *interp) spoil(v value) {
	p, ok := v.(pointer)
	if !ok {
		return
	}
	if _, ok := p.to.v.(boolean); ok {
		p.to.v = nil
	}
	if o, ok := p.to.v.(*object); ok {
		o.whole = false
		for _, c := range o.fields {
			if _, ok := c.v.(boolean); ok {
				c.v = nil
			}
		}
	}
}

// guess takes `x.Get("/path", handler)` for a route where x is not known but the rest can hardly be anything else.
func (in *interp) guess(fn foreign, site callSite) (value, bool) {
	name := fn.name[strings.LastIndexByte(fn.name, '.')+1:]
	p, ok := site.arg(0).(text)
	if !ok || !strings.HasPrefix(string(p), "/") || len(site.args) < 2 || fn.path != "?" && !strings.Contains(fn.name, ".") {
		return nil, false
	}
	if _, ok := site.args[len(site.args)-1].(*function); !ok {
		return nil, false
	}
	op := in.prog.any.methods[name]
	if op == nil {
		return nil, false
	}
	return op(in, routerCall{callSite: site, node: in.single(in.prog.any), name: name}), true
}
