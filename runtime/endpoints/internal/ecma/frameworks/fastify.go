package frameworks

import (
	"path"
	"strings"

	"previewd/runtime/endpoints/internal/ecma/eval"
)

func fastifyDialect() *dialect {
	return &dialect{name: "fastify", pattern: pattern{regexp: '(', doubled: true, optionals: true}, get: fastifyGet}
}

// Fastify is the package fastify.
func Fastify(*eval.Machine) eval.Value {
	d := fastifyDialect()
	p := &eval.Partial{Name: "fastify", Make: func(c *eval.Call) eval.Value { return newRouter(c.M, d, true) }}
	p.Props = map[string]eval.Value{"fastify": p, "default": p}
	return p
}

// FastifyApp is an app for a program that leaves making one to fastify-cli.
func FastifyApp(m *eval.Machine) *Router { return newRouter(m, fastifyDialect(), true) }

// Names of the functions by which plugins are told apart.
const (
	autoloadName = "@fastify/autoload"
	pluginName   = "fastify-plugin"
)

// FastifyAutoload is @fastify/autoload.
func FastifyAutoload(*eval.Machine) eval.Value {
	return eval.Native(autoloadName, func(*eval.Call) eval.Value { return eval.Undefined{} })
}

// FastifyPlugin is fastify-plugin: fp(plugin) runs in its parent's scope.
func FastifyPlugin(*eval.Machine) eval.Value {
	return eval.Native("fp", func(c *eval.Call) eval.Value {
		f, ok := pluginOf(c.M, c.Arg(0)).(*eval.Func)
		if !ok {
			return c.Arg(0)
		}
		wrapped := *f
		wrapped.Props = eval.ObjectOf(map[string]eval.Value{pluginName: eval.Bool{V: true}})
		return &wrapped
	})
}

// pluginOf is the function in what a program registers: itself, or the default of a module.
func pluginOf(m *eval.Machine, v eval.Value) eval.Value {
	if o, ok := v.(*eval.Object); ok {
		if inner, there := o.Own("default"); there {
			return m.Get(o, "default")
		} else if _, there := o.Own("register"); there && inner == nil {
			return m.Get(o, "register")
		}
	}
	return v
}

func fastifyGet(r *Router, _ *eval.Machine, name string) eval.Value {
	if method, ok := verbs[name]; ok {
		return r.method(name, func(c *eval.Call) { r.fastifyShort(c, method) })
	}
	switch name {
	case "route":
		return r.method(name, func(c *eval.Call) { r.fastifyRoute(c) })
	case "register":
		return r.method(name, r.register)
	case "decorate":
		return r.method(name, func(c *eval.Call) {
			if key, ok := c.Text(0); ok {
				r.Props[key] = c.Arg(1)
			}
		})
	case "after", "ready":
		return r.method(name, func(c *eval.Call) { callLast(c) })
	case "listen":
		return eval.Native(name, callLast)
	case "withTypeProvider", "addHook", "setErrorHandler", "setNotFoundHandler", "setValidatorCompiler", "setSerializerCompiler",
		"addContentTypeParser", "decorateRequest", "decorateReply", "addSchema", "use":
		return r.self(name)
	case "prefix":
		return eval.Str{S: r.Prefix}
	}
	return &eval.Unknown{Label: name}
}

// fastifyShort is app.get(url, [options,] handler).
func (r *Router) fastifyShort(c *eval.Call, method string) {
	at, ok := paths(c.Arg(0))
	if !ok {
		if !eval.IsUnknown(c.Arg(0)) || len(c.Args) < 2 {
			return
		}
		at = unknownPath(c.Arg(0))
	}
	route := Route{Handlers: c.Args[1:], Site: c.Site, Name: handlerName(c)}
	if options, ok := c.Arg(1).(*eval.Object); ok {
		route.Options = c.M.Get(options, "schema")
		if h, there := options.Own("handler"); there {
			route.Handlers = []eval.Value{h}
		}
	}
	r.addFastify(c.M, []string{method}, at, route)
}

func (r *Router) fastifyRoute(c *eval.Call) {
	o, ok := c.Arg(0).(*eval.Object)
	if !ok {
		return
	}
	at, ok := paths(c.M.Get(o, "url"))
	if !ok {
		if at, ok = paths(c.M.Get(o, "path")); !ok {
			at = unknownPath(c.M.Get(o, "url"))
		}
	}
	handler := c.M.Get(o, "handler")
	r.addFastify(c.M, methods(c.M.Get(o, "method")), at, Route{
		Handlers: []eval.Value{handler}, Site: c.Site, Options: c.M.Get(o, "schema"), Name: handlerName(&eval.Call{Args: []eval.Value{handler}}),
	})
}

func (r *Router) addFastify(m *eval.Machine, verb, at []string, route Route) {
	route.Summary, route.Text = option(m, route.Options, "summary"), option(m, route.Options, "description")
	if id := option(m, route.Options, "operationId"); id != "" {
		route.Name = id
	}
	r.add(verb, at, route)
	if o, ok := route.Options.(*eval.Object); ok {
		for i := len(r.Entries) - len(verb); i < len(r.Entries); i++ {
			r.Entries[i].Tags = texts(m.Get(o, "tags"))
		}
	}
}

// register is app.register(plugin, {prefix}): the plugin gets an app of its own, unless it is made by fastify-plugin.
func (r *Router) register(c *eval.Call) {
	plugin := pluginOf(c.M, c.Arg(0))
	options := c.Arg(1)
	if f, ok := options.(*eval.Func); ok {
		options = c.M.Call(f, eval.Undefined{}, []eval.Value{r}, c.Site)
	}
	r.plug(c.M, plugin, options, option(c.M, options, "prefix"), c.Site)
}

func (r *Router) plug(m *eval.Machine, plugin, options eval.Value, prefix string, site eval.Site) {
	f, ok := plugin.(*eval.Func)
	if !ok {
		return
	}
	if f.Native != nil {
		if f.Name == autoloadName {
			r.autoload(m, options, site)
		}
		return
	}
	child := r
	if wrapped, _ := m.Get(f, pluginName).(eval.Bool); !wrapped.V {
		child = newRouter(m, r.Dialect, false)
		child.Prefix, child.parent = prefix, r
		r.mount(child, nil)
	}
	if _, unset := options.(eval.Undefined); unset {
		options = eval.NewObject()
	}
	done := eval.Native("done", func(*eval.Call) eval.Value { return eval.Undefined{} })
	m.Call(f, child, []eval.Value{child, options, done}, site)
}

// autoload registers every plugin in a folder. Folders become prefixes; _name folders parameters.
func (r *Router) autoload(m *eval.Machine, options eval.Value, site eval.Site) {
	dir, ok := m.Place(m.Get(options, "dir"))
	if !ok {
		return
	}
	a := autoloader{m: m, options: options, site: site}
	if inner, ok := m.Get(options, "options").(*eval.Object); ok {
		a.passed = inner
	}
	a.folders, a.params = true, false
	if b, ok := m.Get(options, "dirNameRoutePrefix").(eval.Bool); ok {
		a.folders = b.V
	}
	if b, ok := m.Get(options, "routeParams").(eval.Bool); ok {
		a.params = b.V
	}
	a.folder(r, dir, option(m, a.passed, "prefix"), 0)
}

type autoloader struct {
	m       *eval.Machine
	options eval.Value
	passed  eval.Value
	site    eval.Site
	folders bool
	params  bool
}

func (a *autoloader) folder(r *Router, dir, prefix string, depth int) {
	if depth > 12 {
		return
	}
	var files, below []string
	index := ""
	for _, entry := range a.m.Files.ReadDir(dir) {
		name := path.Join(dir, entry.Name())
		if a.ignored(entry.Name()) {
			continue
		}
		base := strings.TrimSuffix(entry.Name(), path.Ext(entry.Name()))
		switch {
		case entry.IsDir():
			below = append(below, entry.Name())
		case base == "index":
			index = name
		case base != "autohooks" && base != "_autohooks":
			files = append(files, name)
		}
	}
	if index != "" {
		files = []string{index}
	}
	for _, file := range files {
		a.file(r, file, prefix)
	}
	for _, name := range below {
		part := name
		if a.params && strings.HasPrefix(name, "_") {
			part = ":" + strings.TrimPrefix(strings.TrimPrefix(name, "_"), "_")
		}
		next := prefix
		if a.folders {
			next = prefix + "/" + part
		}
		a.folder(r, path.Join(dir, name), next, depth+1)
	}
}

// ignored reports whether ignorePattern matches a file or folder.
func (a *autoloader) ignored(name string) bool {
	pattern, ok := a.m.Get(a.options, "ignorePattern").(eval.Regexp)
	return ok && pattern.Match(name)
}

func (a *autoloader) file(r *Router, file, prefix string) {
	mod := a.m.Load(file)
	if mod == nil {
		return
	}
	exports := mod.Value()
	plugin := pluginOf(a.m, exports)
	for _, at := range []eval.Value{exports, plugin} {
		if off, ok := a.m.Get(at, "autoload").(eval.Bool); ok && !off.V {
			return
		}
		if s := option(a.m, asObject(at), "prefixOverride"); s != "" {
			prefix = s
		} else if s := option(a.m, asObject(at), "autoPrefix"); s != "" {
			prefix = option(a.m, a.passed, "prefix") + s
		}
	}
	r.plug(a.m, plugin, a.passed, prefix, a.site)
}

// asObject is the object that holds v's properties: a function's, too.
func asObject(v eval.Value) eval.Value {
	if f, ok := v.(*eval.Func); ok && f.Props != nil {
		return f.Props
	}
	return v
}
