// Package frameworks has the web frameworks of JavaScript as the evaluator's hosts: they note which routes a program declares.
package frameworks

import (
	"strings"

	"previewd/runtime/endpoints/internal/ecma/eval"
)

// Route is one declared route, its path complete and with parameters as {name}.
type Route struct {
	Method   string
	Path     string
	Name     string
	Handlers []eval.Value
	Site     eval.Site
	Options  eval.Value // what the framework was told beside: Fastify's schema, zod-openapi's definition
	Tags     []string
	Summary  string
	Text     string
	Params   []Param
	Body     *Schema
	Answer   *Schema
	Builtin  bool
}

// Param is a parameter that a framework's own declarations tell of.
type Param struct {
	Name, In, Type, Description string
	Required                    bool
	Format                      string
	Enum                        []string
	Default, Example            any
}

// Schema is a JSON schema.
type Schema struct{ Value any }

// Table collects what one program declares.
type Table struct {
	Routers []*Router
	Orphans bool // whether the routes are those of routers that no app was seen to mount
	nest    *nestState
	served  served
	classes []*eval.Class // controllers, in order of their declaration
}

// TableOf is the table of the machine's program.
func TableOf(m *eval.Machine) *Table {
	t, ok := m.State.(*Table)
	if !ok {
		t = &Table{}
		m.State = t
	}
	return t
}

// maxRoutes bounds what one program may declare: routers mounted in routers multiply.
const (
	maxRoutes = 10_000
	maxVisits = 20_000
)

// Routes are all routes that are reached from an app, or, without any app, from a router that nobody mounts.
func (t *Table) Routes(m *eval.Machine) []Route {
	f := flattener{seen: map[*Router]bool{}}
	for _, r := range t.Routers {
		if r.App && !r.mounted {
			f.router(r, []string{""}, r.Tags)
		}
	}
	controllers := t.controllers(m)
	if len(f.routes) > 0 || len(controllers) > 0 {
		return append(f.routes, controllers...)
	}
	for _, r := range t.Routers {
		if !r.mounted {
			f.router(r, []string{""}, r.Tags)
		}
	}
	t.Orphans = true
	return f.routes
}

type flattener struct {
	routes []Route
	seen   map[*Router]bool // those that are being gone through: a router may be mounted in itself
	visits int
}

// router adds the routes of r below each of the prefixes.
func (f *flattener) router(r *Router, prefixes []string, tags []string) {
	f.visits++
	if f.seen[r] || len(f.seen) > 200 || f.visits > maxVisits || len(f.routes) > maxRoutes {
		return
	}
	f.seen[r] = true
	defer delete(f.seen, r)
	if r.Prefix != "" {
		prefixes = combine(prefixes, r.Dialect.pattern.expand(r.Prefix), false)
	}
	for _, e := range r.Entries {
		below := tags
		if len(e.Tags) > 0 {
			below = e.Tags
		}
		if e.Child != nil {
			f.router(e.Child, combine(prefixes, e.expand(r), false), below)
			continue
		}
		for _, p := range combine(prefixes, e.expand(r), true) {
			route := e.Route
			route.Path, route.Tags = p, below
			f.routes = append(f.routes, route)
		}
	}
}

// combine puts every prefix before every path. A route "/" is its prefix.
func combine(prefixes, paths []string, last bool) []string {
	var out []string
	for _, prefix := range prefixes {
		for _, p := range paths {
			if len(out) > 64 {
				return out
			}
			out = append(out, join(prefix, p, last))
		}
	}
	return out
}

func join(prefix, p string, last bool) string {
	if p == "/" || p == "" {
		p = ""
	} else if !strings.HasPrefix(p, "/") {
		p = "/" + p
	}
	joined := strings.TrimSuffix(prefix, "/") + p
	for strings.Contains(joined, "//") {
		joined = strings.ReplaceAll(joined, "//", "/")
	}
	if last && joined == "" {
		return "/"
	}
	return joined
}
