package frameworks

import (
	"strings"

	"previewd/runtime/endpoints/internal/ecma/eval"
)

// nestState is what programs told NestFactory.
type nestState struct {
	apps    []*nestApp
	configs *eval.Object // by name: what registerAs made
}

// nestApp is one application: its module, and how it writes paths.
type nestApp struct {
	root       eval.Value
	prefix     string
	exclude    []nestExclude // from the prefix
	uri        bool
	marker     string
	versions   eval.Value // by default
	order      []*eval.Class
	routerTree map[*eval.Class]string
}

// nestExclude is what stays outside of the global prefix.
type nestExclude struct{ method, path string }

func nestOf(m *eval.Machine) *nestState {
	t := TableOf(m)
	if t.nest == nil {
		t.nest = &nestState{configs: eval.NewObject()}
	}
	return t.nest
}

// neutral is VERSION_NEUTRAL.
const neutral = "\x06neutral"

// NestCommon is @nestjs/common.
func NestCommon(*eval.Machine) eval.Value {
	props := map[string]eval.Value{
		"Controller":      controllerDecorator("Controller", "nest"),
		"Module":          note("Module", metaModule, first),
		"Version":         note("Version", metaVersion, first),
		"Sse":             verbDecorator("Sse", "GET"),
		"Search":          verbDecorator("Search", "SEARCH"),
		"VERSION_NEUTRAL": eval.Str{S: neutral},
		"VersioningType":  eval.ObjectOf(map[string]eval.Value{"URI": eval.Str{S: "uri"}, "HEADER": eval.Str{S: "header"}, "MEDIA_TYPE": eval.Str{S: "media"}, "CUSTOM": eval.Str{S: "custom"}}),
		"RequestMethod":   eval.ObjectOf(map[string]eval.Value{"GET": eval.Str{S: "GET"}, "POST": eval.Str{S: "POST"}, "PUT": eval.Str{S: "PUT"}, "DELETE": eval.Str{S: "DELETE"}, "PATCH": eval.Str{S: "PATCH"}, "ALL": eval.Str{S: "*"}, "OPTIONS": eval.Str{S: "OPTIONS"}, "HEAD": eval.Str{S: "HEAD"}}),
		"applyDecorators": eval.Native("applyDecorators", eval.ApplyDecorators),
		"forwardRef":      eval.Native("forwardRef", func(c *eval.Call) eval.Value { return c.Arg(0) }), // asked when all is declared
		"RequestMapping": eval.Native("RequestMapping", func(c *eval.Call) eval.Value {
			method := methods(c.M.Get(c.Arg(0), "method"))[0]
			return eval.Decorator("RequestMapping", func(m *eval.Machine, t eval.Target) {
				if t.Member != nil {
					t.Member.Meta[metaVerb], t.Member.Meta[metaPath] = eval.Str{S: method}, m.Get(c.Arg(0), "path")
				}
			})
		}),
	}
	verbDecorators(props, "", asIs)
	for name, in := range map[string]string{"Param": "path", "Query": "query", "Body": "body", "Headers": "header"} {
		props[name] = paramDecorator(name, in)
	}
	return &eval.Partial{Name: "@nestjs/common", Props: props}
}

// NestSwagger is @nestjs/swagger.
func NestSwagger(*eval.Machine) eval.Value {
	return &eval.Partial{Name: "@nestjs/swagger", Props: map[string]eval.Value{
		"ApiOperation":        note("ApiOperation", metaSummary, first),
		"ApiTags":             note("ApiTags", metaTags, func(c *eval.Call) eval.Value { return &eval.Array{Items: c.Args} }),
		"ApiProperty":         note("ApiProperty", metaSummary, first),
		"ApiPropertyOptional": note("ApiPropertyOptional", metaHidden, first),
	}}
}

// NestCore is @nestjs/core.
func NestCore(*eval.Machine) eval.Value {
	create := eval.Native("create", func(c *eval.Call) eval.Value {
		n := nestOf(c.M)
		app := &nestApp{root: c.Arg(0), marker: "v"}
		n.apps = append(n.apps, app)
		return app
	})
	return &eval.Partial{Name: "@nestjs/core", Props: map[string]eval.Value{
		"NestFactory": &eval.Partial{Name: "NestFactory", Props: map[string]eval.Value{"create": create}},
		"RouterModule": &eval.Partial{Name: "RouterModule", Props: map[string]eval.Value{
			"register": eval.Native("register", func(c *eval.Call) eval.Value {
				return eval.ObjectOf(map[string]eval.Value{"nestRoutes": c.Arg(0)})
			}),
		}},
	}}
}

// NestConfig is @nestjs/config.
func NestConfig(*eval.Machine) eval.Value {
	return &eval.Partial{Name: "@nestjs/config", Props: map[string]eval.Value{
		"registerAs": eval.Native("registerAs", func(c *eval.Call) eval.Value {
			name, _ := c.Text(0)
			v := c.M.Call(c.Arg(1), eval.Undefined{}, nil, c.Site)
			nestOf(c.M).configs.Put(name, v)
			return eval.Native(name, func(*eval.Call) eval.Value { return v })
		}),
		"ConfigService": &nestConfig{},
		"ConfigModule": &eval.Partial{Name: "ConfigModule", Props: map[string]eval.Value{
			"forRoot": eval.Native("forRoot", func(c *eval.Call) eval.Value {
				items, _ := c.M.Items(c.M.Get(c.Arg(0), "load"))
				for _, item := range items {
					v := c.M.Call(item, eval.Undefined{}, nil, c.Site)
					for _, key := range eval.Keys(v) {
						nestOf(c.M).configs.Put(key, c.M.Get(v, key))
					}
				}
				return &eval.Unknown{Label: "ConfigModule", Pkg: "@nestjs/config"}
			}),
		}},
	}}
}

// nestConfig is ConfigService, the class and its instance.
type nestConfig struct{}

// Get is get or getOrThrow.
func (s *nestConfig) Get(_ *eval.Machine, name string) eval.Value {
	return eval.Native(name, func(c *eval.Call) eval.Value {
		key, ok := c.Text(0)
		if !ok {
			return &eval.Unknown{Label: "config"}
		}
		v := c.M.Path(nestOf(c.M).configs, key)
		if _, missing := v.(eval.Undefined); !missing {
			return v
		}
		v = c.M.EnvValue(key)
		if _, set := v.(eval.Str); !set && len(c.Args) > 1 && isText(c.Arg(1)) {
			return c.Arg(1)
		}
		return v
	})
}

// Get is a method of the application.
func (a *nestApp) Get(_ *eval.Machine, name string) eval.Value {
	switch name {
	case "setGlobalPrefix":
		return eval.Native(name, func(c *eval.Call) eval.Value {
			if s, ok := c.Text(0); ok {
				a.prefix = s
			}
			items, _ := c.M.Items(c.M.Get(c.Arg(1), "exclude"))
			for _, item := range items {
				if s, ok := eval.Text(item); ok {
					a.exclude = append(a.exclude, nestExclude{"*", s})
				} else if s := option(c.M, item, "path"); s != "" {
					a.exclude = append(a.exclude, nestExclude{methods(c.M.Get(item, "method"))[0], s})
				}
			}
			return a
		})
	case "enableVersioning":
		return eval.Native(name, func(c *eval.Call) eval.Value {
			kind, known := eval.Text(c.M.Get(c.Arg(0), "type"))
			a.uri = !known || kind == "uri" || kind == "0"
			a.versions = c.M.Get(c.Arg(0), "defaultVersion")
			if s := option(c.M, c.Arg(0), "prefix"); s != "" {
				a.marker = s
			} else if b, ok := c.M.Get(c.Arg(0), "prefix").(eval.Bool); ok && !b.V {
				a.marker = ""
			}
			return a
		})
	case "get", "resolve":
		return eval.Native(name, func(c *eval.Call) eval.Value {
			switch v := c.Arg(0).(type) {
			case *eval.Class:
				return c.M.Inject(v)
			case *nestConfig:
				return v
			}
			return &eval.Unknown{}
		})
	case "select":
		return eval.Native(name, func(*eval.Call) eval.Value { return a })
	case "listen":
		return eval.Native(name, callLast)
	}
	return &eval.Unknown{Label: name}
}

// Routing marks it for the evaluator: a function that is handed the app may return it.
func (a *nestApp) Routing() {}

// nestRoutes are the routes of all applications; of every controller when no application was seen.
func (t *Table) nestRoutes(m *eval.Machine) []Route {
	apps := nestOf(m).apps
	var routes []Route
	for _, app := range apps {
		app.walk(m)
		for _, c := range app.order {
			routes = append(routes, app.routes(m, c)...)
		}
	}
	if len(routes) > 0 {
		return routes
	}
	app := &nestApp{marker: "v"}
	if len(apps) > 0 {
		app = apps[0]
	}
	app.routerTree = map[*eval.Class]string{}
	for _, c := range t.classes {
		if style, _ := eval.Text(c.Meta[metaStyle]); style == "nest" {
			routes = append(routes, app.routes(m, c)...)
		}
	}
	return routes
}

// walk collects the controllers of the modules that the application imports.
func (a *nestApp) walk(m *eval.Machine) {
	a.routerTree = map[*eval.Class]string{}
	w := nestWalk{app: a, m: m, seen: map[any]bool{}, home: map[*eval.Class]*eval.Class{}}
	w.module(a.root, 0)
	for c, module := range w.home {
		if at, ok := w.paths[module]; ok {
			a.routerTree[c] = at
		}
	}
}

type nestWalk struct {
	app   *nestApp
	m     *eval.Machine
	seen  map[any]bool
	home  map[*eval.Class]*eval.Class // the module of a controller
	paths map[*eval.Class]string      // RouterModule's: the path of a module
}

func (w *nestWalk) module(v eval.Value, depth int) {
	if depth > 100 || len(w.seen) > 5000 {
		return
	}
	switch v := v.(type) {
	case *eval.Class:
		if w.seen[v] {
			return
		}
		w.seen[v] = true
		w.definition(v, v.Meta[metaModule], depth)
	case *eval.Object:
		if w.seen[v] {
			return
		}
		w.seen[v] = true
		if routes := w.m.Get(v, "nestRoutes"); !eval.IsUnknown(routes) {
			w.routerModule(routes, "", 0)
		}
		module := w.m.Get(v, "module")
		w.module(module, depth+1)
		class, _ := module.(*eval.Class)
		w.definition(class, v, depth)
	case *eval.Func: // forwardRef's
		w.module(w.m.Call(v, eval.Undefined{}, nil, eval.Site{}), depth+1)
	case *eval.Unknown:
		if c, ok := v.Like.(*eval.Class); ok {
			w.module(c, depth+1)
		}
	}
}

// definition is what @Module or a dynamic module tells.
func (w *nestWalk) definition(module *eval.Class, v eval.Value, depth int) {
	o, ok := v.(*eval.Object)
	if !ok {
		return
	}
	imports, _ := w.m.Items(w.m.Get(o, "imports"))
	for _, item := range flat(imports) {
		w.module(item, depth+1)
	}
	controllers, _ := w.m.Items(w.m.Get(o, "controllers"))
	for _, item := range flat(controllers) {
		if c, ok := item.(*eval.Class); ok && w.home[c] == nil {
			w.app.order = append(w.app.order, c)
			if module != nil {
				w.home[c] = module
			}
		}
	}
}

func (w *nestWalk) routerModule(v eval.Value, prefix string, depth int) {
	items, _ := w.m.Items(v)
	if depth > 10 || !w.m.Step() {
		return
	}
	for _, item := range items {
		at := prefix
		if c, ok := item.(*eval.Class); ok {
			w.place(c, prefix)
			continue
		}
		if s := option(w.m, item, "path"); s != "" {
			at = join(prefix, s, false)
		}
		if c, ok := w.m.Get(item, "module").(*eval.Class); ok {
			w.place(c, at)
		}
		w.routerModule(w.m.Get(item, "children"), at, depth+1)
	}
}

func (w *nestWalk) place(c *eval.Class, at string) {
	if w.paths == nil {
		w.paths = map[*eval.Class]string{}
	}
	w.paths[c] = at
}

// routes are those of one controller, with the application's prefix and versions.
func (a *nestApp) routes(m *eval.Machine, c *eval.Class) []Route {
	p := pattern{regexp: '(', groups: true, splat: true, optionals: true, stars: true}
	var routes []Route
	module := p.expand(a.routerTree[c])
	for _, r := range controllerRoutes(m, c, module, p) {
		prefixes := []string{""}
		if !a.excluded(r.Method, r.Path) {
			prefixes = p.expand(join("", a.prefix, false))
		}
		if a.uri {
			prefixes = combine(prefixes, a.versionsOf(c, r), false)
		}
		for _, at := range combine(prefixes, []string{r.Path}, true) {
			r.Path = at
			routes = append(routes, r)
		}
	}
	return routes
}

// versionsOf are the version segments of a route: its own, its controller's, or the default.
func (a *nestApp) versionsOf(c *eval.Class, r Route) []string {
	v := c.Meta[metaVersion]
	for _, member := range c.AllMembers() {
		if member.Name == r.Name && member.Meta[metaVersion] != nil {
			v = member.Meta[metaVersion]
		}
	}
	if _, unset := v.(eval.Undefined); v == nil || unset {
		v = a.versions
	}
	items := []eval.Value{v}
	if list, ok := v.(*eval.Array); ok {
		items = list.Items
	}
	var out []string
	for _, item := range items {
		s, ok := eval.Text(item)
		if !ok || s == neutral {
			out = append(out, "")
			continue
		}
		out = append(out, "/"+a.marker+s)
	}
	return out
}

// excluded reports whether the route stays outside of the global prefix.
func (a *nestApp) excluded(method, at string) bool {
	for _, e := range a.exclude {
		if e.method != "*" && e.method != method {
			continue
		}
		for _, p := range (pattern{regexp: '(', splat: true, groups: true, optionals: true, stars: true}).expand(join("", e.path, true)) {
			if at == p {
				return true
			}
			if before, _, wild := strings.Cut(p, "*"); wild && strings.HasPrefix(at, before) {
				return true
			}
			if i := strings.LastIndexByte(p, '{'); i > 0 && strings.HasSuffix(p, "}") && strings.Contains(e.path, "*") && strings.HasPrefix(at, p[:i]) {
				return true
			}
		}
	}
	return false
}
