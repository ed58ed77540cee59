package frameworks

import "previewd/runtime/endpoints/internal/ecma/eval"

// Router is an app or router of any framework: routes and routers in the order of their registration.
type Router struct {
	Dialect *dialect
	App     bool
	Prefix  string // as the framework writes paths
	Tags    []string
	Entries []Entry
	Props   map[string]eval.Value
	Options eval.Value
	mounted bool
	table   *Table
	parent  *Router
}

// Entry is a route, or a router that is mounted.
type Entry struct {
	Route
	Paths []string // as the framework writes them; none means everywhere
	Child *Router
}

// dialect is what a framework's routers understand.
type dialect struct {
	name    string
	pattern pattern
	get     func(r *Router, m *eval.Machine, name string) eval.Value
	call    func(r *Router, c *eval.Call) eval.Value
}

// newRouter makes a router and notes it.
func newRouter(m *eval.Machine, d *dialect, app bool) *Router {
	t := TableOf(m)
	r := &Router{Dialect: d, App: app, table: t, Props: map[string]eval.Value{}}
	if len(t.Routers) < 5000 {
		t.Routers = append(t.Routers, r)
	}
	return r
}

// Routing marks routers for the evaluator.
func (r *Router) Routing() {}

// Get is a property: what the program set itself, or the framework's.
func (r *Router) Get(m *eval.Machine, name string) eval.Value {
	for at, depth := r, 0; at != nil && depth < 50; at, depth = at.parent, depth+1 {
		if v, ok := at.Props[name]; ok {
			return v
		}
	}
	return r.Dialect.get(r, m, name)
}

// Set sets a property of the program's own.
func (r *Router) Set(_ *eval.Machine, name string, v eval.Value) { r.Props[name] = v }

// Call calls the router as a function.
func (r *Router) Call(c *eval.Call) eval.Value {
	if r.Dialect.call != nil {
		return r.Dialect.call(r, c)
	}
	return eval.Undefined{}
}

// self is a method that does nothing to routes and returns the router.
func (r *Router) self(name string) eval.Value {
	return eval.Native(name, func(*eval.Call) eval.Value { return r })
}

// method is a method of the router that returns it.
func (r *Router) method(name string, do func(c *eval.Call)) eval.Value {
	return eval.Native(name, func(c *eval.Call) eval.Value {
		do(c)
		return r
	})
}

// add notes a route for every method.
func (r *Router) add(methods, paths []string, route Route) {
	for _, method := range methods {
		if len(r.Entries) > maxRoutes {
			return
		}
		route.Method = method
		r.Entries = append(r.Entries, Entry{Route: route, Paths: paths})
	}
}

// mount notes a router below the paths.
func (r *Router) mount(child *Router, paths []string) {
	if len(r.Entries) > maxRoutes {
		return
	}
	if child == r {
		child = r.copy() // router.use(prefix, router): it answers below the prefix, too
	}
	child.mounted = true
	r.Entries = append(r.Entries, Entry{Child: child, Paths: paths})
}

// copy is a router with the routes that r has so far, without those of routers in it.
func (r *Router) copy() *Router {
	made := &Router{Dialect: r.Dialect, table: r.table, Props: map[string]eval.Value{}}
	for _, e := range r.Entries {
		if e.Child == nil {
			made.Entries = append(made.Entries, e)
		}
	}
	return made
}

// routerOf is the router that v is or stands for.
func routerOf(v eval.Value) (*Router, bool) {
	h, ok := eval.HostOf(v)
	if !ok {
		return nil, false
	}
	r, ok := h.(*Router)
	return r, ok
}

func (e Entry) expand(r *Router) []string {
	if len(e.Paths) == 0 {
		return []string{""}
	}
	var out []string
	for _, p := range e.Paths {
		out = append(out, r.Dialect.pattern.expand(p)...)
	}
	return out
}

// verbs are the methods that routers have a function for.
var verbs = map[string]string{
	"get": "GET", "post": "POST", "put": "PUT", "delete": "DELETE", "del": "DELETE", "patch": "PATCH", "head": "HEAD",
	"options": "OPTIONS", "opts": "OPTIONS", "all": "*", eval.AnyName: "*", "any": "*",
}

// paths reads an argument that is a path, a regular expression or a list of them. False means that it is none.
func paths(v eval.Value) ([]string, bool) { return pathsWithin(v, 8) }

func pathsWithin(v eval.Value, depth int) ([]string, bool) {
	switch v := v.(type) {
	case eval.Str:
		return []string{v.S}, true
	case eval.Number:
		return nil, false
	case eval.Regexp:
		return []string{regexMark + v.Source}, true
	case *eval.Array:
		var out []string
		for _, item := range v.Items {
			if depth == 0 || len(out) > 1000 {
				return nil, false
			}
			inner, ok := pathsWithin(item, depth-1)
			if !ok {
				return nil, false
			}
			out = append(out, inner...)
		}
		return out, len(out) > 0
	}
	return nil, false
}

// flat is the list of arguments with lists in it opened up.
func flat(args []eval.Value) []eval.Value { return flatInto(nil, args, 8) }

func flatInto(out, args []eval.Value, depth int) []eval.Value {
	for _, arg := range args {
		a, ok := arg.(*eval.Array)
		switch {
		case len(out) > maxRoutes:
			return out
		case !ok:
			out = append(out, arg)
		case depth > 0:
			out = flatInto(out, a.Items, depth-1)
		}
	}
	return out
}
