package frameworks

import (
	"slices"

	"previewd/runtime/endpoints/internal/ecma/eval"
)

// served is what a program told a library of controllers: which ones it wants, and below which prefix.
type served struct {
	prefix  map[string]string
	classes []*eval.Class // none: all
}

// controller notes a class with routes.
func (t *Table) controller(c *eval.Class, style string) {
	c.Meta[metaStyle] = eval.Str{S: style}
	if len(t.classes) < 5000 && !slices.Contains(t.classes, c) {
		t.classes = append(t.classes, c)
	}
}

func (t *Table) prefix(style, prefix string) {
	if t.served.prefix == nil {
		t.served.prefix = map[string]string{}
	}
	if t.served.prefix[style] == "" {
		t.served.prefix[style] = prefix
	}
}

// serve reads options with controllers: classes, or patterns of files with them.
func (t *Table) serve(m *eval.Machine, options eval.Value, prefixName string) {
	if s := option(m, options, prefixName); s != "" {
		t.prefix("routing-controllers", s)
	}
	o, ok := options.(*eval.Object)
	if !ok {
		return
	}
	items, _ := m.Items(m.Get(o, "controllers"))
	for _, item := range items {
		switch item := item.(type) {
		case *eval.Class:
			t.served.classes = append(t.served.classes, item)
		case eval.Str:
			for _, file := range m.Glob(item.S) {
				m.Load(file)
			}
		}
	}
}

// controllers are the routes of the controllers of every library.
func (t *Table) controllers(m *eval.Machine) []Route {
	var routes []Route
	for _, c := range t.classes {
		style, _ := eval.Text(c.Meta[metaStyle])
		if style == "nest" || len(t.served.classes) > 0 && style == "routing-controllers" && !slices.Contains(t.served.classes, c) {
			continue
		}
		routes = append(routes, controllerRoutes(m, c, []string{join("", t.served.prefix[style], false)}, pattern{regexp: '(', optionals: true, stars: true})...)
	}
	return append(routes, t.nestRoutes(m)...)
}

// controllerRoutes are the routes of one controller below the prefixes.
func controllerRoutes(m *eval.Machine, c *eval.Class, prefixes []string, p pattern) []Route {
	var routes []Route
	base := combine(prefixes, expandAll(c.Meta[metaController], p), false)
	routes = append(routes, crudRoutes(m, c, base)...)
	for _, member := range c.AllMembers() {
		verb, ok := eval.Text(member.Meta[metaVerb])
		if !ok {
			continue
		}
		for _, at := range combine(base, expandAll(member.Meta[metaPath], p), true) {
			routes = append(routes, memberRoute(m, c, member, verb, at))
		}
	}
	return routes
}

func memberRoute(m *eval.Machine, c *eval.Class, member *eval.Member, verb, at string) Route {
	file := c.Mod.Path
	if f, ok := member.Value.(*eval.Func); ok && f.Mod != nil {
		file = f.Mod.Path
	}
	r := Route{Method: verb, Path: at, Name: member.Name, Site: eval.Site{File: file, Line: member.Node.Line, Node: member.Node, Mod: c.Mod}}
	if f, ok := member.Value.(*eval.Func); ok {
		r.Site.Mod = f.Mod
	}
	r.Summary = option(m, member.Meta[metaSummary], "summary")
	r.Text = option(m, member.Meta[metaSummary], "description")
	r.Tags = texts(member.Meta[metaTags])
	if len(r.Tags) == 0 {
		r.Tags = texts(c.Meta[metaTags])
	}
	describeParams(m, c, member, &r)
	return r
}

// expandAll writes the paths of a decorator's argument; without one it is the place itself.
func expandAll(v eval.Value, p pattern) []string {
	at, ok := paths(v)
	if !ok {
		return []string{""}
	}
	var out []string
	for _, s := range at {
		if s != "" && s[0] != '/' {
			s = "/" + s
		}
		out = append(out, p.expand(s)...)
	}
	return out
}
