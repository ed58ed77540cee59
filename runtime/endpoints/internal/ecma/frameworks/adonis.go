package frameworks

import (
	"slices"
	"strings"

	"previewd/runtime/endpoints/internal/ecma/eval"
)

// Adonis is AdonisJS's router.
func Adonis(m *eval.Machine) eval.Value {
	d := &dialect{name: "adonis", pattern: pattern{optionals: true}, get: adonisGet}
	r := newRouter(m, d, true)
	r.Props["default"] = r
	return r
}

// adonisRoute is what declaring a route, a resource or a group returns: it can still be narrowed or moved.
type adonisRoute struct {
	router *Router
	from   int
	group  *Router
}

func adonisGet(r *Router, _ *eval.Machine, name string) eval.Value {
	if method, ok := verbs[name]; ok {
		return eval.Native(name, func(c *eval.Call) eval.Value {
			target := r.current()
			from := len(target.Entries)
			target.expressRoute(c, method)
			return &adonisRoute{router: target, from: from}
		})
	}
	switch name {
	case "route":
		return eval.Native(name, func(c *eval.Call) eval.Value {
			target := r.current()
			from := len(target.Entries)
			if at, ok := paths(c.Arg(0)); ok {
				target.add(methods(c.Arg(1)), at, Route{Handlers: c.Args[1:], Site: c.Site})
			}
			return &adonisRoute{router: target, from: from}
		})
	case "on":
		return eval.Native(name, func(c *eval.Call) eval.Value {
			target := r.current()
			from := len(target.Entries)
			if at, ok := paths(c.Arg(0)); ok {
				target.add([]string{"GET"}, at, Route{Site: c.Site})
			}
			return &adonisRoute{router: target, from: from}
		})
	case "resource", "apiResource":
		return eval.Native(name, func(c *eval.Call) eval.Value { return r.current().resource(c, name == "apiResource") })
	case "group":
		return eval.Native(name, func(c *eval.Call) eval.Value {
			target := r.current()
			child := newRouter(c.M, r.Dialect, false)
			target.mount(child, nil)
			r.Options = &adonisScope{router: child, outer: r.Options}
			c.M.Call(c.Arg(0), eval.Undefined{}, nil, c.Site)
			r.Options = r.Options.(*adonisScope).outer
			return &adonisRoute{router: target, from: len(target.Entries), group: child}
		})
	}
	return r.self(name)
}

// adonisScope is the group whose callback runs.
type adonisScope struct {
	router *Router
	outer  eval.Value
}

func (r *Router) current() *Router {
	if scope, ok := r.Options.(*adonisScope); ok {
		return scope.router
	}
	return r
}

// resource declares the seven routes of a resource, in the order of AdonisJS.
func (r *Router) resource(c *eval.Call, api bool) eval.Value {
	from := len(r.Entries)
	name, ok := c.Text(0)
	if !ok {
		return &adonisRoute{router: r, from: from}
	}
	parts := strings.Split(strings.Trim(name, "/"), ".")
	for i, part := range parts[:len(parts)-1] {
		parts[i] = part + "/:" + singular(part) + "_id"
	}
	base := "/" + strings.Join(parts, "/")
	for _, action := range []struct{ name, verb, path string }{
		{"index", "GET", base},
		{"create", "GET", base + "/create"},
		{"store", "POST", base},
		{"show", "GET", base + "/:id"},
		{"edit", "GET", base + "/:id/edit"},
		{"update", "PUT", base + "/:id"},
		{"update", "PATCH", base + "/:id"},
		{"destroy", "DELETE", base + "/:id"},
	} {
		if api && (action.name == "create" || action.name == "edit") {
			continue
		}
		r.add([]string{action.verb}, []string{action.path}, Route{Site: c.Site, Name: action.name})
	}
	return &adonisRoute{router: r, from: from}
}

func singular(s string) string {
	if before, ok := strings.CutSuffix(s, "ies"); ok {
		return before + "y"
	}
	return strings.TrimSuffix(s, "s")
}

// Get is a step after a declaration.
func (a *adonisRoute) Get(_ *eval.Machine, name string) eval.Value {
	return eval.Native(name, func(c *eval.Call) eval.Value {
		switch name {
		case "prefix":
			s, _ := c.Text(0)
			if a.group != nil {
				a.group.Prefix = join(s, a.group.Prefix, false)
				break
			}
			for i := a.from; i < len(a.router.Entries); i++ {
				for j, p := range a.router.Entries[i].Paths {
					a.router.Entries[i].Paths[j] = join(s, p, false)
				}
			}
		case "apiOnly":
			a.keep(func(action string) bool { return action != "create" && action != "edit" })
		case "only", "except":
			wanted := texts(c.Arg(0))
			a.keep(func(action string) bool {
				return slices.Contains(wanted, action) == (name == "only")
			})
		}
		return a
	})
}

func (a *adonisRoute) keep(wanted func(action string) bool) {
	kept := a.router.Entries[:a.from:a.from]
	for _, e := range a.router.Entries[a.from:] {
		if wanted(e.Name) {
			kept = append(kept, e)
		}
	}
	a.router.Entries = kept
}
