package python

import (
	"strings"

	"previewd/runtime/endpoints/internal/route"
)

// router is what routes are registered at: an app, a router, a blueprint, a namespace.
type router struct {
	object   *object
	app      bool // can be served by itself
	slashes  bool // joins paths as Flask's blueprints do
	prefix   string
	routes   []*entry
	mounts   []*mount
	tags     []string
	included int
	normal   func(string) string // of paths that have a form of their own
	docs     []string            // paths of the framework's own pages
	origin   *module             // that made it
}

// mount is a router inside of another.
type mount struct {
	prefix   string
	override bool // the prefix stands for the router's own
	child    *router
	tags     []string
}

// entry is one registration.
type entry struct {
	path    string
	methods []string
	handler value
	args    args // of the registration
	file    string
	line    int
	tags    []string
	builtin bool
	kind    string // how its handler reads: "fastapi" by its parameters, or ""
}

func (r *router) add(e *entry) { r.routes = append(r.routes, e) }

func (r *router) mountAt(m *mount) {
	m.child.included++
	r.mounts = append(r.mounts, m)
}

// place notes where a registration stands.
func (e *entry) place(a args) *entry {
	if a.frame != nil {
		e.file = a.frame.module.file
		e.line = a.node.Line()
	}
	e.args = a
	return e
}

// source is where the handler is, or where it is registered.
func (e *entry) source() route.Source {
	switch h := e.handler.(type) {
	case *function:
		if h.module != nil && h.module.file != "" {
			return route.Source{File: h.module.file, Line: h.node.Line()}
		}
	case *class:
		return route.Source{File: h.module.file, Line: h.node.Line()}
	case *view:
		if h.class != nil {
			return route.Source{File: h.class.module.file, Line: h.class.node.Line()}
		}
	}
	return route.Source{File: e.file, Line: e.line}
}

// slashJoin puts a rule below a blueprint's prefix as Flask does.
func slashJoin(prefix, rule string) string {
	if prefix == "" {
		return rule
	}
	if rule == "" {
		return prefix
	}
	return strings.TrimRight(prefix, "/") + "/" + strings.TrimLeft(rule, "/")
}

// maxExpanded bounds what routers inside of routers can come to.
const maxExpanded = 20_000

// expansion collects what an app serves.
type expansion struct {
	in     *interpreter
	found  []route.Endpoint
	open   map[*router]bool // against routers that are inside of themselves
	inside map[*lazy]bool   // and patterns
}

func (x *expansion) router(r *router, base string, tags []string) {
	x.in.charge(1 + len(r.routes))
	if x.open[r] || len(x.found) > maxExpanded || len(x.open) > 50 {
		return
	}
	x.open[r] = true
	defer delete(x.open, r)
	tags = append(append([]string{}, tags...), r.tags...)
	for _, e := range r.routes {
		x.entry(e, x.full(r, base, e.path), tags)
	}
	for _, m := range r.mounts {
		below := append(append([]string{}, tags...), m.tags...)
		if m.child.slashes {
			prefix := m.child.prefix
			if m.override {
				prefix = m.prefix
			}
			x.router(m.child, slashJoin(base, prefix), below)
			continue
		}
		x.router(m.child, base+m.prefix+m.child.prefix, below)
	}
	for _, path := range r.docs {
		x.entry(&entry{path: path, methods: []string{"GET"}, builtin: true}, base+path, nil)
	}
}

func (x *expansion) full(r *router, base, path string) string {
	if r.slashes {
		return slashJoin(base, path)
	}
	return base + path
}
