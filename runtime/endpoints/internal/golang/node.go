package golang

import (
	"go/ast"
	"go/token"
	"strings"
)

// node is a router, or a group of one.
type node struct {
	fw      *framework
	routes  []*routeOf
	mounts  []mount
	mounted bool // it has a place in another router
	own     text // gorilla: the prefix that its routes carry wherever it is served
}

// routeOf is what a router was told to answer.
type routeOf struct {
	methods []string // none is any
	path    text
	handler value
	pos     token.Pos
	file    *file
	literal bool // the path is written where the route is made
	subtree bool // everything below the path, too
	unset   bool // no handler was given yet
}

// mount is a router's place in another one.
type mount struct {
	prefix  text
	to      *node
	whole   bool // the other sees the request's whole path, without what was stripped from it
	methods []string
}

func (in *interp) newRouter(fw *framework) *node {
	n := &node{fw: fw}
	in.effects++
	in.roots = append(in.roots, n)
	in.singles[fw] = n
	return n
}

// single is the router that is meant where only the type is known.
func (in *interp) single(fw *framework) *node {
	if n := in.singles[fw]; n != nil {
		return n
	}
	return in.newRouter(fw)
}

// group is a router under a prefix of another one.
func (in *interp) group(of *node, prefix value) *node {
	n := &node{fw: of.fw, mounted: true}
	in.effects++
	if of.fw == in.prog.gorilla {
		n.own = text(of.fw.join(string(of.own), string(pathText(prefix))))
	}
	of.mounts = append(of.mounts, mount{prefix: pathText(prefix), to: n})
	in.roots = append(in.roots, n)
	return n
}

// pathText is a path as far as it is known.
func pathText(v value) text {
	switch v := target(v).(type) {
	case text:
		return v
	case nil, unknown:
		return missing("path")
	case foreign:
		return missing(v.name)
	}
	return ""
}

// handle adds a route. A handler that is a router itself is mounted instead.
func (in *interp) handle(of *node, r *routeOf) *routeOf {
	in.effects++
	if site, ok := in.writtenAt(); !r.literal && ok {
		r.pos, r.literal = site.pos(), true
	}
	if sub := in.routersIn(r.handler, 0); len(sub) > 0 {
		for _, s := range sub {
			in.mount(of, r.path, s)
		}
		return r
	}
	of.routes = append(of.routes, r)
	return r
}

// found is a router inside a handler, and what is taken off the path before it.
type found struct {
	to       *node
	strip    string
	stripped bool
}

// mount puts a router below a path. One of the same framework goes on where the path ends; any other handler sees all of it.
func (in *interp) mount(of *node, prefix text, sub found) {
	if sub.to == of {
		return
	}
	in.effects++
	sub.to.mounted = true
	switch {
	case sub.stripped:
		of.mounts = append(of.mounts, mount{prefix: text(sub.strip), to: sub.to, whole: true})
	case sub.to.fw == of.fw && of.fw.nests:
		of.mounts = append(of.mounts, mount{prefix: prefix, to: sub.to})
	default:
		of.mounts = append(of.mounts, mount{to: sub.to, whole: true})
	}
}

// routersIn finds the routers a handler leads to.
func (in *interp) routersIn(v value, depth int) []found {
	if depth > 6 {
		return nil
	}
	switch v := target(v).(type) {
	case *node:
		return []found{{to: v}}
	case stripped:
		all := in.routersIn(v.inner, depth+1)
		for i := range all {
			all[i] = found{to: all[i].to, strip: v.prefix + all[i].strip, stripped: true}
		}
		return all
	case foreign:
		return in.routersOf(v, depth)
	case *object:
		return in.routersBehind(v, depth)
	case *function:
		return in.delegates(v, depth)
	case unknown:
		if k := v.typ.kindOf(in.prog); in.prog.routerType(k) != nil && in.prog.routerType(k).zero != "" {
			return in.routersIn(in.singles[in.prog.routerType(k)], depth+1)
		}
	}
	return nil
}

func (in *interp) routersOf(f foreign, depth int) []found {
	if f.inner == nil {
		return nil
	}
	var all []found
	for _, v := range *f.inner {
		all = append(all, in.routersIn(v, depth+1)...)
	}
	return all
}

// routersBehind finds the routers in a struct that serves HTTP.
func (in *interp) routersBehind(o *object, depth int) []found {
	k := o.typ.kindOf(in.prog)
	if k.named != nil {
		if m := k.named.methods["ServeHTTP"]; m != nil {
			return in.delegates(m.bound(pointer{&cell{o}}), depth)
		}
	}
	var all []found
	for _, fd := range k.fields() {
		if c := o.fields[fd.name]; c != nil && fd.embedded {
			all = append(all, in.routersIn(c.v, depth+1)...)
		}
	}
	return all
}

// delegates finds the routers that a handler function hands its request on to.
func (in *interp) delegates(fn *function, depth int) []found {
	_, body := fn.signature()
	if body == nil || depth > 4 {
		return nil
	}
	s := &scope{outer: fn.env}
	if fn.recv != nil && len(fn.decl.Recv.List) > 0 {
		for _, name := range fn.decl.Recv.List[0].Names {
			s.declare(name.Name, fn.recv)
		}
	}
	f := &frame{fn: fn, file: fn.file}
	var all []found
	ast.Inspect(body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || in.steps > in.limit {
			return true
		}
		if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "ServeHTTP" {
			all = append(all, in.routersIn(in.eval(f, s, sel.X), depth+1)...)
		}
		return true
	})
	return all
}

// joinPlain puts a prefix before a path, with one slash between them.
func joinPlain(prefix, p string) string {
	if strings.HasSuffix(prefix, "/") && strings.HasPrefix(p, "/") {
		return prefix + p[1:]
	}
	return prefix + p
}
