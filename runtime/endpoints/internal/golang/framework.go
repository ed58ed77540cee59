package golang

import (
	"go/ast"
	"regexp"
	"strings"
)

// framework is what a router package's names mean.
type framework struct {
	name    string
	path    string // without the major version
	made    map[string]bool
	types   map[string]bool
	global  map[string]bool // functions of the package that make routes
	zero    string          // the type whose zero value is a router
	nests   bool            // a router mounted in another of its kind does not see the prefix
	methods map[string]operation
	join    func(prefix, path string) string
	write   func(path string) []string // in the form with {name}
}

// operation is what a router's method does.
type operation func(in *interp, c routerCall) value

// routerCall is a call of a router's method.
type routerCall struct {
	callSite
	node *node
	name string
}

func set(names string) map[string]bool {
	made := map[string]bool{}
	for name := range strings.FieldsSeq(names) {
		made[name] = true
	}
	return made
}

var version = regexp.MustCompile(`/v[0-9]+(/|$)`)

// frameworkOf is the framework of an import path, or nil.
func (p *program) frameworkOf(path string) *framework {
	fw, ok := p.byPath[path]
	if !ok {
		plain := strings.TrimSuffix(version.ReplaceAllString(path, "/"), "/")
		for _, one := range p.frameworks {
			if one.path == plain {
				fw = one
			}
		}
		p.byPath[path] = fw
	}
	return fw
}

// routerType is the framework whose router a type is.
func (p *program) routerType(k kind) *framework {
	if k.path == "" {
		return nil
	}
	fw := p.frameworkOf(k.path)
	if fw == nil || !fw.types[k.name] {
		return nil
	}
	return fw
}

// foreignType names a type of a package outside of the project.
func foreignType(path, name string) typ {
	f := &file{pkg: &pkg{}, imports: map[string]string{"p": path}}
	return typ{&ast.SelectorExpr{X: &ast.Ident{Name: "p"}, Sel: &ast.Ident{Name: name}}, f, nil}
}

// member calls a router's or a route's method.
func (in *interp) member(m member, site callSite) value {
	switch of := m.of.(type) {
	case *muxRoute:
		return in.muxRouteCall(of, m.name, site)
	case *chain:
		return in.chainCall(of, m.name, site)
	case *node:
		if op := of.fw.methods[m.name]; op != nil {
			return op(in, routerCall{callSite: site, node: of, name: m.name})
		}
		switch {
		case m.name == "ServeHTTP":
			return nil
		case strings.HasPrefix(m.name, "Use"), strings.HasPrefix(m.name, "With"), strings.HasPrefix(m.name, "Set"):
			return of
		}
		in.escapeAll(site)
	}
	return nil
}

func (in *interp) escapeAll(site callSite) {
	for _, arg := range site.args {
		in.escape(arg, 0)
	}
}

// add makes a route of methods on a path.
func (in *interp) add(c routerCall, methods []string, path value, at int, handler value) *routeOf {
	p := pathText(path)
	if t, ok := target(path).(text); !ok || t != "" && strings.Trim(t.filled(), "/") == "" && !t.known() {
		return &routeOf{} // nothing of it is known
	}
	return in.handle(c.node, &routeOf{
		methods: methods, path: p, handler: handler, pos: c.pos(), file: c.file, literal: c.literalArg(at),
	})
}

func (c routerCall) last() value {
	if len(c.args) == 0 {
		return nil
	}
	return c.args[len(c.args)-1]
}

// verb is router.GET(path, handlers...).
func verb(in *interp, c routerCall) value {
	in.add(c, []string{strings.ToUpper(c.name)}, c.arg(0), 0, c.last())
	return c.node
}

// echoVerb is e.GET(path, handler, middleware...).
func echoVerb(in *interp, c routerCall) value {
	in.add(c, []string{strings.ToUpper(c.name)}, c.arg(0), 0, c.arg(1))
	return c.node
}

// every is router.Any(path, handlers...).
func every(in *interp, c routerCall) value {
	in.add(c, nil, c.arg(0), 0, c.arg(1))
	return c.node
}

// byMethod is router.Handle(method, path, handlers...), the method a text or a list of them.
func byMethod(in *interp, c routerCall) value {
	in.add(c, methodsIn(c.arg(0)), c.arg(1), 1, c.last())
	return c.node
}

// byMethodFirst is the same where middleware follows the handler.
func byMethodFirst(in *interp, c routerCall) value {
	in.add(c, methodsIn(c.arg(0)), c.arg(1), 1, c.arg(2))
	return c.node
}

// methodsIn are the methods named in a value; none when they are not known.
func methodsIn(v value) []string {
	var all []string
	switch v := target(v).(type) {
	case text:
		if v.known() && v != "" {
			all = append(all, strings.ToUpper(string(v)))
		}
	case *list:
		for _, c := range v.items {
			all = append(all, methodsIn(c.v)...)
		}
	}
	return all
}

// grouped is router.Group(prefix, ...).
func grouped(in *interp, c routerCall) value { return in.group(c.node, c.arg(0)) }

// itself is a method that returns the router.
func itself(_ *interp, c routerCall) value { return c.node }

// nothing is a method without a meaning here.
func nothing(_ *interp, _ routerCall) value { return nil }

// with gives names the same operation.
func (fw *framework) with(names string, op operation) *framework {
	if fw.methods == nil {
		fw.methods = map[string]operation{}
	}
	for name := range strings.FieldsSeq(names) {
		fw.methods[name] = op
	}
	return fw
}
