package frameworks

import (
	"strings"

	"previewd/runtime/endpoints/internal/ecma/eval"
)

func honoDialect() *dialect {
	return &dialect{name: "hono", pattern: pattern{regexp: '{', optionals: true}, get: honoGet}
}

// Hono is the package hono, or @hono/zod-openapi.
func Hono(m *eval.Machine) eval.Value {
	d := honoDialect()
	class := &eval.Partial{Name: "Hono", Make: func(c *eval.Call) eval.Value { return newRouter(c.M, d, true) }}
	create := eval.Native("createRoute", func(c *eval.Call) eval.Value { return c.Arg(0) })
	factory := func(c *eval.Call) eval.Value {
		init := c.M.Get(c.Arg(0), "initApp")
		return &eval.Partial{Name: "factory", Props: map[string]eval.Value{
			"createApp": eval.Native("createApp", func(c *eval.Call) eval.Value {
				app := newRouter(c.M, d, true)
				if f, ok := init.(*eval.Func); ok {
					c.M.Call(f, eval.Undefined{}, []eval.Value{app}, c.Site)
				}
				return app
			}),
			"createHandlers": eval.Native("createHandlers", func(c *eval.Call) eval.Value { return &eval.Array{Items: c.Args} }),
		}}
	}
	return &eval.Partial{Name: "hono", Props: map[string]eval.Value{
		"z":    Zod(m),
		"Hono": class, "OpenAPIHono": class, "createRoute": create, "createFactory": eval.Native("createFactory", factory),
		"Factory": eval.Native("Factory", factory),
		// Adapters turn an app into a handler: the app stays what it is.
		"handle": eval.Native("handle", func(c *eval.Call) eval.Value { return &eval.Unknown{Label: "handle", Like: c.Arg(0)} }),
	}}
}

func honoGet(r *Router, _ *eval.Machine, name string) eval.Value {
	if method, ok := verbs[name]; ok {
		return r.method(name, func(c *eval.Call) { r.honoRoute(c, []string{method}) })
	}
	switch name {
	case "on":
		return r.method(name, func(c *eval.Call) {
			if at, ok := paths(c.Arg(1)); ok {
				r.add(methods(c.Arg(0)), at, Route{Handlers: flat(c.Args[2:]), Site: c.Site})
			}
		})
	case "basePath":
		return eval.Native(name, func(c *eval.Call) eval.Value {
			at, _ := paths(c.Arg(0))
			child := newRouter(c.M, r.Dialect, false)
			child.parent = r
			r.mount(child, at)
			return child
		})
	case "route", "mount":
		return r.method(name, func(c *eval.Call) {
			at, ok := paths(c.Arg(0))
			if !ok {
				at = nil
			}
			if child, ok := routerOf(c.Arg(1)); ok {
				r.mount(child.top(), at)
			}
		})
	case "openapi":
		return r.method(name, r.honoOpenAPI)
	case "openapiRoutes":
		return r.method(name, func(c *eval.Call) { r.honoOpenAPIs(c) })
	case "doc", "doc31":
		return r.method(name, func(c *eval.Call) {
			if at, ok := paths(c.Arg(0)); ok {
				r.add([]string{"GET"}, at, Route{Site: c.Site, Builtin: true})
			}
		})
	case "use":
		return r.method(name, func(c *eval.Call) {
			if at, ok := paths(c.Arg(0)); ok {
				r.Options = eval.Str{S: at[0]}
			}
		})
	case "notFound", "onError":
		return r.self(name)
	}
	return &eval.Unknown{Label: name}
}

// top is the app that basePath was called on: routes are looked up in it whatever it was called since.
func (r *Router) top() *Router {
	for depth := 0; r.parent != nil && depth < 50; depth++ {
		r = r.parent
	}
	return r
}

// honoRoute is app.get([path,] ...handlers): without a path, it is the one before.
func (r *Router) honoRoute(c *eval.Call, verb []string) {
	at, ok := paths(c.Arg(0))
	args := c.Args
	switch {
	case ok:
		args = args[1:]
	case eval.IsUnknown(c.Arg(0)) && len(args) > 1 && !isPackage(c.Arg(0)):
		at, args = unknownPath(c.Arg(0)), args[1:]
	case r.lastPaths() != nil:
		at = r.lastPaths()
	default:
		at = []string{"/*"}
	}
	if len(args) > 0 {
		r.add(verb, at, Route{Handlers: flat(args), Site: c.Site, Name: handlerName(c)})
	}
}

func (r *Router) lastPaths() []string {
	for i := len(r.Entries) - 1; i >= 0; i-- {
		if r.Entries[i].Child == nil {
			return r.Entries[i].Paths
		}
	}
	return nil
}

// honoOpenAPI is app.openapi(createRoute({...}), handler).
func (r *Router) honoOpenAPI(c *eval.Call) {
	o, ok := c.Arg(0).(*eval.Object)
	if !ok {
		return
	}
	at, ok := paths(c.M.Get(o, "path"))
	if !ok {
		return
	}
	for i, p := range at {
		at[i] = strings.NewReplacer("{", ":", "}", "").Replace(p)
	}
	r.add(methods(c.M.Get(o, "method")), at, Route{
		Handlers: c.Args[1:], Site: c.Site, Options: o, Summary: option(c.M, o, "summary"), Text: option(c.M, o, "description"),
		Name: option(c.M, o, "operationId"),
	})
	r.Entries[len(r.Entries)-1].Tags = texts(c.M.Get(o, "tags"))
}

func (r *Router) honoOpenAPIs(c *eval.Call) {
	items, _ := c.M.Items(c.Arg(0))
	for _, item := range items {
		r.honoOpenAPI(&eval.Call{M: c.M, Args: []eval.Value{c.M.Get(item, "route"), c.M.Get(item, "handler")}, Site: c.Site})
	}
}

// texts are the strings in a list.
func texts(v eval.Value) []string {
	var out []string
	if a, ok := v.(*eval.Array); ok {
		for _, item := range a.Items {
			if s, ok := eval.Text(item); ok {
				out = append(out, s)
			}
		}
	}
	return out
}
