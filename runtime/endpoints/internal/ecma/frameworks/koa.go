package frameworks

import (
	"strings"

	"previewd/runtime/endpoints/internal/ecma/eval"
)

func koaDialect() *dialect {
	return &dialect{name: "koa", pattern: pattern{regexp: '(', groups: true, splat: true, optionals: true, stars: true}, get: koaGet}
}

// Koa is the package koa.
func Koa(*eval.Machine) eval.Value {
	d := koaDialect()
	return &eval.Partial{Name: "Koa", Make: func(c *eval.Call) eval.Value { return newRouter(c.M, d, true) }}
}

// KoaRouter is @koa/router and its relatives.
func KoaRouter(*eval.Machine) eval.Value {
	d := koaDialect()
	p := &eval.Partial{Name: "Router"}
	p.Make = func(c *eval.Call) eval.Value {
		r := newRouter(c.M, d, false)
		r.Prefix = option(c.M, c.Arg(0), "prefix")
		return r
	}
	p.Props = map[string]eval.Value{"default": p, "Router": p}
	return p
}

// option is the text of a property of an argument that holds options.
func option(m *eval.Machine, v eval.Value, names ...string) string {
	o, ok := v.(*eval.Object)
	if !ok {
		return ""
	}
	for _, name := range names {
		if s, ok := eval.Text(m.Get(o, name)); ok {
			return s
		}
	}
	return ""
}

// KoaMount is koa-mount: mount([prefix,] app).
func KoaMount(*eval.Machine) eval.Value {
	d := koaDialect()
	return eval.Native("mount", func(c *eval.Call) eval.Value {
		at, ok := paths(c.Arg(0))
		r := newRouter(c.M, d, false)
		args := c.Args
		if ok {
			args = args[1:]
		}
		r.koaMount(args, at)
		return r
	})
}

// KoaCompose is koa-compose, and what else makes one middleware of many: koa-combine-routers.
func KoaCompose(*eval.Machine) eval.Value {
	d := koaDialect()
	return eval.Native("compose", func(c *eval.Call) eval.Value {
		r := newRouter(c.M, d, false)
		r.koaMount(c.Args, nil)
		return r
	})
}

func (r *Router) koaMount(args []eval.Value, at []string) {
	for _, h := range flat(args) {
		if child, ok := routerOf(h); ok {
			r.mount(child, at)
		}
	}
}

func koaGet(r *Router, _ *eval.Machine, name string) eval.Value {
	if method, ok := verbs[name]; ok {
		return r.method(name, func(c *eval.Call) { r.koaRoute(c, method) })
	}
	switch name {
	case "use":
		return r.method(name, func(c *eval.Call) {
			at, ok := paths(c.Arg(0))
			args := c.Args
			if ok {
				args = args[1:]
			}
			r.koaMount(args, at)
		})
	case "prefix":
		return r.method(name, func(c *eval.Call) {
			if s, ok := c.Text(0); ok {
				r.Prefix = s + r.Prefix
			}
		})
	case "routes", "middleware", "callback":
		return eval.Native(name, func(*eval.Call) eval.Value { return r })
	case "register":
		return r.method(name, func(c *eval.Call) {
			if at, ok := paths(c.Arg(0)); ok {
				r.add(methods(c.Arg(1)), at, Route{Handlers: flat(c.Args[2:]), Site: c.Site})
			}
		})
	case "route":
		return r.method(name, func(c *eval.Call) { r.joiRoute(c) })
	case "redirect":
		return r.method(name, func(c *eval.Call) {
			if at, ok := paths(c.Arg(0)); ok && strings.HasPrefix(at[0], "/") {
				r.add([]string{"*"}, at, Route{Site: c.Site})
			}
		})
	case "param", "on":
		return r.self(name)
	case "allowedMethods":
		return eval.Native(name, func(*eval.Call) eval.Value { return &eval.Unknown{Label: name} })
	case "listen":
		return eval.Native(name, callLast)
	}
	return &eval.Unknown{Label: name}
}

// koaRoute is router.get([name,] path, ...middleware).
func (r *Router) koaRoute(c *eval.Call, method string) {
	name, args := "", c.Args
	if len(args) > 2 {
		if _, ok := paths(args[1]); ok {
			name, _ = c.Text(0)
			args = args[1:]
		}
	}
	if len(args) == 0 {
		return
	}
	at, ok := paths(args[0])
	switch {
	case ok:
		args = args[1:]
	case eval.IsUnknown(args[0]) && len(args) > 1:
		at, args = unknownPath(args[0]), args[1:]
	}
	if len(args) == 0 {
		return
	}
	if name == "" {
		name = handlerName(c)
	}
	r.add([]string{method}, at, Route{Handlers: flat(args), Site: c.Site, Name: name})
}

// joiRoute is koa-joi-router's route({method, path, handler}).
func (r *Router) joiRoute(c *eval.Call) {
	for _, v := range flat(c.Args) {
		o, ok := v.(*eval.Object)
		if !ok {
			continue
		}
		if at, ok := paths(c.M.Get(o, "path")); ok {
			r.add(methods(c.M.Get(o, "method")), at, Route{Handlers: flat([]eval.Value{c.M.Get(o, "handler")}), Site: c.Site})
		}
	}
}

// methods reads a method or a list of them.
func methods(v eval.Value) []string {
	switch v := v.(type) {
	case eval.Str:
		upper := strings.ToUpper(v.S)
		switch upper {
		case "DEL":
			upper = "DELETE"
		case "ALL", "ANY", "*":
			upper = "*"
		}
		if upper == "" || strings.ContainsAny(upper, " \x01") {
			upper = "*"
		}
		return []string{upper}
	case *eval.Array:
		var out []string
		for _, item := range v.Items {
			if one, ok := item.(eval.Str); ok && len(out) < 40 {
				out = append(out, methods(one)...)
			}
		}
		return out
	}
	return []string{"*"}
}
