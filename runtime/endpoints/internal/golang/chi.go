package golang

import (
	"strings"
)

const titleVerbs = "Get Post Put Delete Patch Head Options Connect Trace"

func newChi(path string) *framework {
	fw := &framework{
		name: "chi", path: path, nests: true,
		made: set("NewRouter NewMux"), types: set("Router Mux"), zero: "Mux", join: joinChi, write: braces,
	}
	return fw.with(titleVerbs, verb).with("Handle HandleFunc", chiHandle).with("Method MethodFunc", byMethod).
		with("Route", chiRoute).with("Group", chiGroup).with("Mount", chiMount).with("With Use", itself).
		with("NotFound MethodNotAllowed Routes Middlewares Match", nothing)
}

// chiHandle is r.Handle(pattern, handler); the pattern may begin with a method.
func chiHandle(in *interp, c routerCall) value {
	p := pathText(c.arg(0))
	if method, rest, ok := strings.Cut(string(p), " "); ok && method != "" {
		in.add(c, []string{method}, text(strings.TrimSpace(rest)), 0, c.arg(1))
		return nil
	}
	in.add(c, nil, c.arg(0), 0, c.arg(1))
	return nil
}

// chiRoute is r.Route(pattern, func(r chi.Router)).
func chiRoute(in *interp, c routerCall) value {
	sub := in.group(c.node, c.arg(0))
	in.giveRouter(c.arg(1), sub)
	return sub
}

func chiGroup(in *interp, c routerCall) value {
	in.giveRouter(c.arg(0), c.node)
	return c.node
}

// giveRouter calls a function that takes a router.
func (in *interp) giveRouter(fn value, n *node) {
	if target(fn) != nil {
		in.apply(fn, callSite{expr: noCall, args: []value{n}})
	}
}

// chiMount is r.Mount(pattern, handler). What is mounted may be no router that is known here: then it answers everything below.
func chiMount(in *interp, c routerCall) value {
	prefix := pathText(c.arg(0))
	sub := in.routersIn(c.arg(1), 0)
	for _, s := range sub {
		in.mount(c.node, text(strings.TrimSuffix(strings.TrimSuffix(string(prefix), "*"), "/")), s)
	}
	if len(sub) == 0 && prefix.known() {
		below := text(strings.TrimSuffix(string(prefix), "/") + "/*")
		in.add(c, nil, below, 0, nil)
	}
	return nil
}

func joinChi(prefix, p string) string {
	return strings.TrimSuffix(strings.TrimSuffix(prefix, "*"), "/") + "/" + strings.TrimPrefix(p, "/")
}

// braces takes patterns out of {name:pattern}, and names a * at the end.
func braces(p string) []string {
	var b strings.Builder
	depth, pattern := 0, false
	for _, r := range p {
		switch {
		case r == '{':
			depth++
			if depth > 1 {
				continue
			}
		case r == '}':
			depth--
			if depth > 0 {
				continue
			}
			pattern = false
		case depth > 0 && r == ':':
			pattern = true
		}
		if !pattern && depth <= 1 && r != ' ' {
			b.WriteRune(r)
		}
	}
	written := b.String()
	if head, ok := strings.CutSuffix(written, "*"); ok {
		written = head + "{" + wildcard + "}"
	}
	return []string{written}
}
