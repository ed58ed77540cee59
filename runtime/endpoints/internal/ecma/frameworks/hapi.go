package frameworks

import "previewd/runtime/endpoints/internal/ecma/eval"

// Hapi is the package @hapi/hapi.
func Hapi(*eval.Machine) eval.Value {
	d := &dialect{name: "hapi", pattern: pattern{braces: true}, get: hapiGet}
	build := func(c *eval.Call) eval.Value {
		r := newRouter(c.M, d, true)
		if routes, ok := c.M.Get(c.Arg(0), "router").(*eval.Object); ok {
			r.Prefix = option(c.M, routes, "prefix")
		}
		return r
	}
	p := &eval.Partial{Name: "hapi"}
	p.Props = map[string]eval.Value{"server": eval.Native("server", build), "Server": &eval.Partial{Name: "Server", Make: build}, "default": p}
	return p
}

func hapiGet(r *Router, _ *eval.Machine, name string) eval.Value {
	switch name {
	case "route":
		return eval.Native(name, func(c *eval.Call) eval.Value {
			for _, v := range flat(c.Args) {
				r.hapiRoute(c, v)
			}
			return eval.Undefined{}
		})
	case "register":
		return eval.Native(name, func(c *eval.Call) eval.Value {
			for _, v := range flat([]eval.Value{c.Arg(0)}) {
				r.hapiPlugin(c, v)
			}
			return eval.Undefined{}
		})
	case "decorate":
		return eval.Native(name, func(c *eval.Call) eval.Value {
			if key, ok := c.Text(1); ok {
				r.Props[key] = c.Arg(2)
			}
			return eval.Undefined{}
		})
	}
	return &eval.Unknown{Label: name}
}

func (r *Router) hapiRoute(c *eval.Call, v eval.Value) {
	o, ok := v.(*eval.Object)
	if !ok {
		return
	}
	at, ok := paths(c.M.Get(o, "path"))
	if !ok {
		return
	}
	route := Route{Handlers: []eval.Value{c.M.Get(o, "handler")}, Site: c.Site}
	options := c.M.Get(o, "options")
	if _, ok := options.(*eval.Object); !ok {
		options = c.M.Get(o, "config")
	}
	route.Summary = option(c.M, options, "description")
	route.Name = option(c.M, options, "id")
	verb := methods(c.M.Get(o, "method"))
	r.add(verb, at, route)
	for i := len(r.Entries) - len(verb); i < len(r.Entries); i++ {
		if options, ok := options.(*eval.Object); ok {
			r.Entries[i].Tags = texts(c.M.Get(options, "tags"))
		}
	}
}

// hapiPlugin registers a plugin: {register}, {plugin, options, routes: {prefix}}, or a module of either.
func (r *Router) hapiPlugin(c *eval.Call, v eval.Value) {
	prefix := option(c.M, c.M.Get(c.Arg(1), "routes"), "prefix")
	o, ok := v.(*eval.Object)
	if !ok {
		return
	}
	var options eval.Value = eval.NewObject()
	if inner, there := o.Own("plugin"); there {
		if s := option(c.M, c.M.Get(o, "routes"), "prefix"); s != "" {
			prefix = s
		}
		options = c.M.Get(o, "options")
		if _, wraps := inner.(*eval.Object); wraps {
			o, _ = c.M.Get(o, "plugin").(*eval.Object)
		}
	}
	for range 3 {
		if o == nil {
			return
		}
		if f, ok := c.M.Get(o, "register").(*eval.Func); ok {
			child := newRouter(c.M, r.Dialect, false)
			child.Prefix, child.parent = prefix, r
			r.mount(child, nil)
			c.M.Call(f, o, []eval.Value{child, options}, c.Site)
			return
		}
		next, _ := c.M.Get(o, "plugin").(*eval.Object)
		if next == nil {
			next, _ = c.M.Get(o, "default").(*eval.Object)
		}
		o = next
	}
}
