package golang

import (
	"regexp"
	"slices"
	"strings"
)

func newFiber(path string) *framework {
	fw := &framework{
		name: "fiber", path: path, nests: true,
		made: set("New"), types: set("App Router Group"), join: joinFiber, write: fiberPaths,
	}
	return fw.with(titleVerbs, verb).with("All", every).with("Add", byMethod).with("Group", grouped).
		with("Route", fiberRoute).with("Mount", fiberMount).with("Use", fiberUse).with("Handler Name With", itself).
		with("Static", fiberStatic).with("Listen ListenTLS Listener Shutdown Hooks Test Server Stack", nothing)
}

// chain is app.Route(path) of fiber 3, whose methods take handlers alone.
type chain struct {
	of   *node
	path value
}

func fiberRoute(in *interp, c routerCall) value {
	if len(c.args) == 1 {
		return &chain{c.node, c.arg(0)}
	}
	sub := in.group(c.node, c.arg(0))
	in.giveRouter(c.arg(1), sub)
	return sub
}

func (in *interp) chainCall(ch *chain, name string, site callSite) value {
	c := routerCall{callSite: site, node: ch.of, name: name}
	switch {
	case name == "All":
		in.add(c, nil, ch.path, 0, c.last())
	case name == "Add":
		in.add(c, methodsIn(c.arg(0)), ch.path, 0, c.last())
	case strings.Contains(" "+titleVerbs+" ", " "+name+" "):
		in.add(c, []string{strings.ToUpper(name)}, ch.path, 0, c.last())
	}
	return ch
}

func fiberMount(in *interp, c routerCall) value {
	for _, sub := range in.routersIn(c.arg(1), 0) {
		in.mount(c.node, pathText(c.arg(0)), sub)
	}
	return c.node
}

// fiberUse is middleware, unless it is given an app.
func fiberUse(in *interp, c routerCall) value {
	prefix, _ := target(c.arg(0)).(text)
	for _, arg := range c.args {
		if sub, ok := target(arg).(*node); ok {
			in.mount(c.node, prefix, found{to: sub})
		}
	}
	return c.node
}

func fiberStatic(in *interp, c routerCall) value {
	if t, ok := target(c.arg(0)).(text); ok {
		in.add(c, []string{"GET"}, text(strings.TrimSuffix(string(t), "/")+"/*"), 0, nil)
	}
	return c.node
}

func joinFiber(prefix, p string) string {
	if p == "" {
		return prefix
	}
	return strings.TrimRight(prefix, "/") + "/" + strings.TrimPrefix(p, "/")
}

var fiberParameter = regexp.MustCompile(`:([A-Za-z0-9_]+)(<[^>]*>)?(\?)?`)

// fiberPaths writes :name, :name<type>, * and + as {name}. What may be left out makes a path of its own.
func fiberPaths(p string) []string {
	p = strings.NewReplacer("/*", "/{"+wildcard+"}", "/+", "/{"+wildcard+"}").Replace(p)
	all := []string{p}
	for _, m := range slices.Backward(fiberParameter.FindAllStringSubmatchIndex(p, -1)) {
		if m[6] < 0 {
			continue
		}
		short := strings.TrimSuffix(p[:m[0]], "/") + p[m[1]:]
		if short == "" {
			short = "/"
		}
		all = append(all, fiberPaths(short)...)
		break
	}
	for i := range all {
		all[i] = fiberParameter.ReplaceAllString(all[i], "{$1}")
	}
	return all
}
