package golang

import (
	"strings"
)

func newGorilla(path string) *framework {
	fw := &framework{
		name: "gorilla", path: path, nests: false,
		made: set("NewRouter"), types: set("Router"), zero: "Router", join: joinGorilla, write: braces,
	}
	return fw.with("HandleFunc Handle", muxHandle).with("Use StrictSlash SkipClean UseEncodedPath OmitRouteFromContext", itself).
		with("NewRoute Methods Path PathPrefix Host Schemes Queries Headers HeadersRegexp Name MatcherFunc", muxNewRoute).
		with("Get GetRoute Walk Match BuildVarsFunc", nothing)
}

// muxRoute is what router.Methods(...), router.Path(...) and the like begin.
type muxRoute struct {
	*routeOf
	of *node
}

func muxHandle(in *interp, c routerCall) value {
	p, ok := target(c.arg(0)).(text)
	r := &muxRoute{of: c.node, routeOf: &routeOf{path: p, pos: c.pos(), file: c.file, literal: c.literalArg(0), handler: c.arg(1)}}
	if ok {
		in.muxServe(r)
	}
	return r
}

func muxNewRoute(in *interp, c routerCall) value {
	r := &muxRoute{of: c.node, routeOf: &routeOf{pos: c.pos(), file: c.file, unset: true}}
	return in.muxRouteCall(r, c.name, c.callSite)
}

// muxServe adds a route, or mounts the router that is its handler. Gorilla's routers see the whole path.
func (in *interp) muxServe(r *muxRoute) {
	r.unset = false
	in.handle(r.of, r.routeOf)
}

func (in *interp) muxRouteCall(r *muxRoute, name string, site callSite) value {
	switch name {
	case "Methods":
		for _, arg := range site.args {
			r.methods = append(r.methods, methodsIn(arg)...)
		}
	case "Path", "PathPrefix":
		p := pathText(site.arg(0))
		r.path, r.subtree = text(joinGorilla(string(r.path), string(p))), name == "PathPrefix"
		r.literal = site.literalArg(0)
	case "Handler", "HandlerFunc":
		r.handler = site.arg(0)
		r.pos = site.pos()
		in.muxServe(r)
	case "Subrouter":
		sub := in.group(r.of, r.path)
		r.of.mounts[len(r.of.mounts)-1].methods = r.methods
		return sub
	}
	return r
}

func joinGorilla(prefix, p string) string {
	if p == "" {
		return prefix
	}
	return strings.TrimRight(prefix, "/") + p
}
