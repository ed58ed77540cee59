package frameworks

import (
	"path"
	"strings"

	"previewd/runtime/endpoints/internal/ecma/eval"
)

// Elysia is the package elysia.
func Elysia(*eval.Machine) eval.Value {
	d := &dialect{name: "elysia", pattern: pattern{optionals: true}, get: elysiaGet}
	p := &eval.Partial{Name: "Elysia", Make: func(c *eval.Call) eval.Value {
		r := newRouter(c.M, d, true)
		r.Prefix = option(c.M, c.Arg(0), "prefix")
		return r
	}}
	p.Props = map[string]eval.Value{"Elysia": p, "default": p}
	return p
}

func elysiaGet(r *Router, _ *eval.Machine, name string) eval.Value {
	if method, ok := verbs[name]; ok {
		return r.method(name, func(c *eval.Call) { r.expressRoute(c, method) })
	}
	switch name {
	case "use":
		return r.method(name, func(c *eval.Call) {
			plugin := c.Arg(0)
			if f, ok := plugin.(*eval.Func); ok && f.Native == nil {
				plugin = c.M.Call(f, eval.Undefined{}, []eval.Value{r}, c.Site)
			}
			for _, v := range flat([]eval.Value{plugin}) {
				if child, ok := routerOf(v); ok {
					r.mount(child, nil)
				}
			}
		})
	case "group", "guard":
		return r.method(name, r.group)
	case "route":
		return r.method(name, func(c *eval.Call) {
			if at, ok := paths(c.Arg(1)); ok {
				r.add(methods(c.Arg(0)), at, Route{Handlers: c.Args[2:], Site: c.Site})
			}
		})
	case "listen":
		return r.method(name, func(c *eval.Call) { callLast(c) })
	}
	return r.self(name)
}

// ExpressLike is a framework with Express's interface: Polka, tinyhttp, HyperExpress, restify.
func ExpressLike(app string, p pattern, routerPrefix string) func(*eval.Machine) eval.Value {
	return func(*eval.Machine) eval.Value {
		d := &dialect{name: app, pattern: p, get: likeGet}
		build := func(isApp bool) func(c *eval.Call) eval.Value {
			return func(c *eval.Call) eval.Value {
				r := newRouter(c.M, d, isApp)
				r.Prefix = option(c.M, c.Arg(0), routerPrefix)
				return r
			}
		}
		made := &eval.Partial{Name: app, Make: build(true)}
		made.Props = map[string]eval.Value{
			"default": made, "App": made, "Server": made, "createServer": eval.Native("createServer", made.Make), "AutoRouter": made,
			"IttyRouter": made, "Router": &eval.Partial{Name: "Router", Make: build(routerPrefix == "base")},
		}
		return made
	}
}

func likeGet(r *Router, m *eval.Machine, name string) eval.Value {
	if name == "applyRoutes" {
		return eval.Native(name, func(c *eval.Call) eval.Value {
			if parent, ok := routerOf(c.Arg(0)); ok {
				at, _ := paths(c.Arg(1))
				parent.mount(r, at)
			}
			return r
		})
	}
	if method, ok := verbs[name]; ok {
		return r.method(name, func(c *eval.Call) {
			if o, ok := c.Arg(0).(*eval.Object); ok { // restify: {path, version}
				c.Args[0] = c.M.Get(o, "path")
			}
			r.expressRoute(c, method)
		})
	}
	return expressGet(r, m, name)
}

// Restify is the package restify.
func Restify(m *eval.Machine) eval.Value {
	return ExpressLike("restify", pattern{regexp: '(', optionals: true}, "prefix")(m)
}

// H3 is the package h3.
func H3(*eval.Machine) eval.Value {
	d := &dialect{name: "h3", pattern: pattern{optionals: true}, get: h3Get}
	build := func(app bool) *eval.Partial {
		return &eval.Partial{Name: "h3", Make: func(c *eval.Call) eval.Value { return newRouter(c.M, d, app) }}
	}
	return &eval.Partial{Name: "h3", Props: map[string]eval.Value{
		"createApp": build(true), "createRouter": build(false), "H3": build(true),
		"useBase": eval.Native("useBase", func(c *eval.Call) eval.Value {
			r := newRouter(c.M, d, false)
			at, _ := paths(c.Arg(0))
			if child, ok := routerOf(c.Arg(1)); ok {
				r.mount(child, at)
			}
			r.Props[wholePath] = eval.Bool{V: true}
			return r
		}),
	}}
}

// wholePath marks a router whose paths are not below the place where it is mounted.
const wholePath = "whole path"

func h3Get(r *Router, _ *eval.Machine, name string) eval.Value {
	if method, ok := verbs[name]; ok {
		return r.method(name, func(c *eval.Call) { r.expressRoute(c, method) })
	}
	switch name {
	case "use", "mount":
		return r.method(name, func(c *eval.Call) {
			before := len(r.Entries)
			if child, ok := routerOf(last(c)); ok && child.Props[wholePath] != nil {
				r.mount(child, nil)
				return
			}
			r.expressUse(c)
			if at, ok := paths(c.Arg(0)); ok && len(r.Entries) == before && !r.App && len(c.Args) > 1 {
				r.add([]string{"*"}, at, Route{Handlers: c.Args[1:], Site: c.Site})
			}
		})
	case "handler":
		return r
	}
	return &eval.Unknown{Label: name}
}

// Consign is consign or express-load: folders whose modules are called with the app.
func Consign(m *eval.Machine) eval.Value {
	return eval.Native("consign", func(c *eval.Call) eval.Value {
		load := &consign{m: m, site: c.Site, cwd: option(c.M, c.Arg(0), "cwd")}
		if s, ok := c.Text(0); ok {
			load.dirs = append(load.dirs, s)
			load.cwd = option(c.M, c.Arg(1), "cwd")
		}
		return load
	})
}

type consign struct {
	m    *eval.Machine
	cwd  string
	dirs []string
	site eval.Site
}

// Get is a step of the chain.
func (l *consign) Get(_ *eval.Machine, name string) eval.Value {
	return eval.Native(name, func(c *eval.Call) eval.Value {
		switch s, ok := c.Text(0); {
		case ok && (name == "include" || name == "then"):
			l.dirs = append(l.dirs, s)
		case name == "into":
			l.into(c.Arg(0))
		}
		return l
	})
}

func (l *consign) into(app eval.Value) {
	for _, dir := range l.dirs {
		at, ok := l.m.Place(eval.Str{S: path.Join(l.cwd, dir)})
		if !ok {
			continue
		}
		if !l.m.Files.IsDir(at) {
			for _, ext := range []string{"", ".js", ".ts"} {
				l.call(at+ext, app)
			}
			continue
		}
		l.folder(at, app, 0)
	}
}

func (l *consign) folder(dir string, app eval.Value, depth int) {
	for _, entry := range l.m.Files.ReadDir(dir) {
		name := path.Join(dir, entry.Name())
		if entry.IsDir() && depth < 10 {
			l.folder(name, app, depth+1)
			continue
		}
		l.call(name, app)
	}
}

func (l *consign) call(name string, app eval.Value) {
	if !l.m.Files.IsFile(name) || strings.HasSuffix(name, ".json") {
		return
	}
	mod := l.m.Load(name)
	if mod == nil {
		return
	}
	if f, ok := l.m.Named(mod.Value(), "default").(*eval.Func); ok {
		made := l.m.Call(f, eval.Undefined{}, []eval.Value{app}, l.site)
		stem := strings.TrimSuffix(path.Base(name), path.Ext(name))
		folder := path.Base(path.Dir(name))
		holder := eval.NewObject()
		if o, ok := l.m.Get(app, folder).(*eval.Object); ok {
			holder = o
		}
		holder.Put(stem, made)
		l.m.Set(app, folder, holder)
	}
}
