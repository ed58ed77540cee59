package golang

import (
	"slices"
	"strings"

	"previewd/runtime/endpoints/internal/route"
	"previewd/runtime/endpoints/internal/urlpath"
)

// collector writes the routers' routes down, from the outermost routers inwards.
type collector struct {
	in    *interp
	found []route.Endpoint
	steps int
}

// standing is where a router stands.
type standing struct {
	base    string   // what outer routers of other kinds took off, in the common form
	prefix  string   // as the router's own kind writes it
	methods []string // what outer routers let pass; none is all
}

const (
	maxNesting = 12
	maxRoutes  = 20_000
)

func (in *interp) collect() []route.Endpoint {
	c := &collector{in: in}
	for _, n := range in.roots {
		if !n.mounted {
			c.router(n, standing{}, 0)
		}
	}
	return c.found
}

func (c *collector) router(n *node, at standing, depth int) {
	if c.steps++; depth > maxNesting || c.steps > maxRoutes {
		return
	}
	for _, r := range n.routes {
		c.route(n, r, at)
	}
	for _, m := range n.mounts {
		below := standing{base: at.base, prefix: n.fw.join(at.prefix, m.prefix.filled()), methods: meet(at.methods, m.methods)}
		if m.whole {
			below.base, below.prefix = at.base+m.prefix.filled(), m.to.own.filled()
		}
		c.router(m.to, below, depth+1)
	}
}

// meet are the methods that pass two gates.
func meet(a, b []string) []string {
	switch {
	case len(a) == 0:
		return b
	case len(b) == 0:
		return a
	}
	var both []string
	for _, m := range a {
		if slices.Contains(b, m) {
			both = append(both, m)
		}
	}
	return both
}

func (c *collector) route(n *node, r *routeOf, at standing) {
	if r.unset || len(c.found) >= maxRoutes {
		return
	}
	methods := meet(at.methods, r.methods)
	if len(methods) == 0 {
		methods = []string{route.Any}
	}
	told := c.in.describe(r)
	for _, p := range n.fw.write(n.fw.join(at.prefix, r.path.filled())) {
		for _, method := range methods {
			e := told
			e.Method, e.Path = method, urlpath.Clean(at.base+p)
			for _, name := range urlpath.Params(e.Path) {
				e.Parameters = withParameter(e.Parameters, name)
			}
			c.found = append(c.found, e)
		}
	}
}

// withParameter adds a parameter of the path that is not described.
func withParameter(all []route.Parameter, name string) []route.Parameter {
	for _, p := range all {
		if p.In == route.InPath && p.Name == name {
			return all
		}
	}
	return append(slices.Clone(all), route.Parameter{Name: name, In: route.InPath, Type: "string", Required: true})
}

// describe is what the source says of a route beside method and path.
func (in *interp) describe(r *routeOf) route.Endpoint {
	at := in.prog.set.Position(r.pos)
	e := route.Endpoint{Source: route.Source{File: at.Filename, Line: at.Line}}
	fn := handlerOf(r.handler, 0)
	if fn == nil {
		return e
	}
	if fn.owner != nil {
		fn = fn.owner
	}
	if fn.decl == nil {
		return e
	}
	e.Name = fn.decl.Name.Name
	if fn.decl.Doc != nil {
		annotate(&e, fn.decl.Doc.Text(), e.Name)
	}
	if at := in.prog.set.Position(fn.decl.Pos()); !r.literal {
		e.Source = route.Source{File: at.Filename, Line: at.Line}
	}
	return e
}

// handlerOf is the function that answers, where it can be told.
func handlerOf(v value, depth int) *function {
	if depth > 4 {
		return nil
	}
	switch v := target(v).(type) {
	case *function:
		return v
	case foreign:
		if v.inner == nil {
			return nil
		}
		for _, one := range slices.Backward(*v.inner) {
			if fn := handlerOf(one, depth+1); fn != nil {
				return fn
			}
		}
	}
	return nil
}

// annotate reads a handler's comment: its first sentence, or swaggo's annotations.
func annotate(e *route.Endpoint, doc, name string) {
	var plain, described []string
	for line := range strings.Lines(doc) {
		line = strings.TrimSpace(line)
		key, rest, _ := strings.Cut(line, " ")
		if !strings.HasPrefix(key, "@") {
			plain = append(plain, line)
			continue
		}
		rest = strings.TrimSpace(rest)
		switch strings.ToLower(key) {
		case "@summary":
			e.Summary = rest
		case "@description":
			described = append(described, rest)
		case "@id":
			e.Name = rest
		case "@tags":
			for tag := range strings.SplitSeq(rest, ",") {
				e.Tags = append(e.Tags, strings.TrimSpace(tag))
			}
		case "@param":
			annotateParameter(e, rest)
		}
	}
	e.Description = strings.Join(described, "\n")
	if e.Summary == "" {
		e.Summary = firstSentence(strings.Join(plain, "\n"), name)
	}
}

// firstSentence is a comment's, without the name it begins with.
func firstSentence(doc, name string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(doc), "\n\n")
	first = strings.Join(strings.Fields(first), " ")
	if at := strings.Index(first, ". "); at > 0 {
		first = first[:at]
	}
	first = strings.TrimSuffix(first, ".")
	if rest, ok := strings.CutPrefix(first, name+" "); ok && rest != "" {
		first = strings.ToUpper(rest[:1]) + rest[1:]
	}
	if len(first) > 300 {
		first = strings.ToValidUTF8(first[:300], "")
	}
	return first
}
