package golang

import (
	"go/ast"
	"strings"
)

// noCall stands in the place of a call that is not written anywhere.
var noCall = &ast.CallExpr{Fun: &ast.Ident{Name: "_"}}

func newNetHTTP() *framework {
	fw := &framework{
		name: "net/http", path: "net/http",
		made: set("NewServeMux"), types: set("ServeMux"), global: set("Handle HandleFunc DefaultServeMux"), zero: "ServeMux",
		join: func(_, p string) string { return p }, write: httpPath,
	}
	return fw.with("Handle HandleFunc", httpHandle).with("Handler", nothing)
}

// httpHandle is mux.HandleFunc(pattern, handler): "[METHOD ][HOST]/[PATH]" (net/http.ServeMux, "Patterns").
func httpHandle(in *interp, c routerCall) value {
	pattern, ok := target(c.arg(0)).(text)
	if !ok {
		return nil
	}
	var methods []string
	p := string(pattern)
	if method, rest, ok := strings.Cut(p, " "); ok && !strings.Contains(method, "/") {
		methods, p = []string{method}, strings.TrimLeft(rest, " \t")
	}
	if at := strings.IndexByte(p, '/'); at > 0 && !strings.HasPrefix(p, hole) {
		p = p[at:] // a host
	}
	in.add(c, methods, text(p), 0, c.arg(1))
	return nil
}

// httpPath takes the marks of net/http's patterns out.
func httpPath(p string) []string {
	p = strings.ReplaceAll(strings.TrimSuffix(p, "{$}"), "...}", "}")
	return []string{p}
}

// httpMember is what a name of package net/http means.
func (in *interp) httpMember(name string) (value, bool) {
	method, isMethod := strings.CutPrefix(name, "Method")
	switch {
	case isMethod:
		return text(strings.ToUpper(method)), true
	case name == "DefaultServeMux":
		return in.defaultMux(), true
	case name == "HandlerFunc", name == "Handler":
		return typeName{foreignType("net/http", name)}, true
	}
	return nil, false
}

// httpCall is a function of package net/http that makes routes.
func (in *interp) httpCall(fn foreign, site callSite) (value, bool) {
	if fn.path != "net/http" || fn.name != "Handle" && fn.name != "HandleFunc" {
		return nil, false
	}
	return httpHandle(in, routerCall{callSite: site, node: in.defaultMux(), name: fn.name}), true
}

func (in *interp) defaultMux() *node {
	if in.mux == nil {
		in.mux = &node{fw: in.prog.http}
		in.roots = append(in.roots, in.mux)
	}
	return in.mux
}
