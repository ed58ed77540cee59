package frameworks

import "previewd/runtime/endpoints/internal/ecma/eval"

// expressDialect is made anew where it is used: nothing at package level may change.
func expressDialect() *dialect {
	return &dialect{
		name:    "express",
		pattern: pattern{regexp: '(', groups: true, splat: true, optionals: true, stars: true},
		get:     expressGet,
	}
}

// Express is the package express.
func Express(*eval.Machine) eval.Value {
	d := expressDialect()
	middleware := func(name string) eval.Value {
		return eval.Native(name, func(*eval.Call) eval.Value { return &eval.Unknown{Label: name, Pkg: "express"} })
	}
	p := &eval.Partial{Name: "express", Props: map[string]eval.Value{
		"Router": ExpressRouter(d),
		"static": middleware("static"), "json": middleware("json"), "urlencoded": middleware("urlencoded"),
	}, Make: func(c *eval.Call) eval.Value { return newRouter(c.M, d, true) }}
	p.Props["default"], p.Props["application"] = p, &eval.Unknown{Label: "application"}
	return p
}

// ExpressRouter is express.Router, or a package that makes routers like it.
func ExpressRouter(d *dialect) eval.Value {
	p := &eval.Partial{Name: "Router", Make: func(c *eval.Call) eval.Value { return newRouter(c.M, d, false) }}
	p.Props = map[string]eval.Value{"default": p, "Router": p, "AsyncRouter": p, "PromiseRouter": p, "createRouter": p}
	return p
}

func expressGet(r *Router, _ *eval.Machine, name string) eval.Value {
	if method, ok := verbs[name]; ok {
		return eval.Native(name, func(c *eval.Call) eval.Value {
			if name == "get" && r.App && len(c.Args) == 1 {
				return r.setting(c)
			}
			r.expressRoute(c, method)
			return r
		})
	}
	switch name {
	case "set":
		return r.method(name, func(c *eval.Call) {
			if key, ok := c.Text(0); ok {
				r.Props[settingPrefix+key] = c.Arg(1)
			}
		})
	case "use":
		return r.method(name, r.expressUse)
	case "route":
		return eval.Native(name, func(c *eval.Call) eval.Value {
			at, ok := paths(c.Arg(0))
			if !ok {
				at = unknownPath(c.Arg(0))
			}
			return &chain{router: r, paths: at}
		})
	case "group":
		return r.method(name, r.group)
	case "param", "engine", "enable", "disable", "on":
		return r.self(name)
	case "listen":
		return eval.Native(name, callLast)
	case "locals":
		locals := eval.NewOpenObject()
		r.Props[name] = locals
		return locals
	case "then", "prototype", "ws", "mountpath", "handle", "path", "_router", "stack", "init":
		return &eval.Unknown{Label: name}
	}
	return &eval.Unknown{Label: name}
}

// settingPrefix comes before the names of settings among the properties.
const settingPrefix = "setting "

// setting is app.get(name).
func (r *Router) setting(c *eval.Call) eval.Value {
	key, _ := c.Text(0)
	if v, ok := r.Props[settingPrefix+key]; ok {
		return v
	}
	return &eval.Unknown{Label: key}
}

// callLast calls the function that is the last argument: what a server does when it listens may matter.
func callLast(c *eval.Call) eval.Value {
	if len(c.Args) > 0 {
		if f, ok := c.Args[len(c.Args)-1].(*eval.Func); ok {
			c.M.Call(f, eval.Undefined{}, nil, c.Site)
		}
	}
	return &eval.Unknown{Label: "server"}
}

// unknownPath is the path for a value that is not known, by its name.
func unknownPath(v eval.Value) []string {
	if u, ok := v.(*eval.Unknown); ok && u.Env == "" && u.Label != "" {
		return []string{"/" + eval.Hole(u.Label)}
	}
	return []string{""}
}

// expressRoute is app.get(path, ...handlers). With one argument it reads a setting.
func (r *Router) expressRoute(c *eval.Call, method string) {
	at, ok := paths(c.Arg(0))
	if !ok {
		if !eval.IsUnknown(c.Arg(0)) {
			return
		}
		at = unknownPath(c.Arg(0))
	}
	if len(c.Args) < 2 {
		return
	}
	handlers := flat(c.Args[1:])
	r.add([]string{method}, at, Route{Handlers: handlers, Site: c.Site, Name: handlerName(c)})
	for _, h := range handlers {
		if child, ok := h.(*Router); ok {
			r.mount(child, nil) // it sees the whole path
		}
	}
}

// expressUse is app.use([path,] ...handlers): routers among the handlers are mounted.
func (r *Router) expressUse(c *eval.Call) {
	at, ok := paths(c.Arg(0))
	handlers := c.Args
	switch {
	case ok:
		handlers = c.Args[1:]
	case len(c.Args) > 1 && eval.IsUnknown(c.Arg(0)):
		if _, router := routerOf(c.Arg(0)); !router && !isPackage(c.Arg(0)) {
			at = prefixOf(c.Arg(0))
		}
	}
	for _, h := range flat(handlers) {
		if child, ok := routerOf(h); ok {
			r.mount(child, at)
		}
	}
}

// group is app.group(prefix, define): define gets a router of its own.
func (r *Router) group(c *eval.Call) {
	at, _ := paths(c.Arg(0))
	child := newRouter(c.M, r.Dialect, false)
	child.parent = r
	r.mount(child, at)
	if f, ok := last(c).(*eval.Func); ok {
		c.M.Call(f, eval.Undefined{}, []eval.Value{child}, c.Site)
	}
}

func last(c *eval.Call) eval.Value {
	if len(c.Args) == 0 {
		return eval.Undefined{}
	}
	return c.Args[len(c.Args)-1]
}

func isPackage(v eval.Value) bool {
	u, ok := v.(*eval.Unknown)
	return ok && u.Pkg != ""
}

// prefixOf is what stands before routes when the prefix is not known: nothing.
func prefixOf(eval.Value) []string { return nil }

// chain is what route(path) returns: verbs without a path.
type chain struct {
	router *Router
	paths  []string
}

// Routing marks it for the evaluator.
func (ch *chain) Routing() {}

// Get is a verb.
func (ch *chain) Get(_ *eval.Machine, name string) eval.Value {
	method, ok := verbs[name]
	return eval.Native(name, func(c *eval.Call) eval.Value {
		if ok && len(c.Args) > 0 {
			ch.router.add([]string{method}, ch.paths, Route{Handlers: flat(c.Args), Site: c.Site, Name: handlerName(c)})
		}
		return ch
	})
}

// handlerName is the name under which the app's own code knows the handler.
func handlerName(c *eval.Call) string {
	last := last(c)
	if a, ok := last.(*eval.Array); ok && len(a.Items) > 0 {
		last = a.Items[len(a.Items)-1]
	}
	if f, ok := last.(*eval.Func); ok && f.Native == nil && f.Node.Kind != "" {
		return f.Name
	}
	if u, ok := last.(*eval.Unknown); ok && u.Pkg == "" {
		return u.Label
	}
	return ""
}
