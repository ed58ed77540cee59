package python

import (
	"regexp"
	"slices"
	"strings"
)

// addNinja makes Django Ninja known, whose routers hang below Django's patterns.
func (in *interpreter) addNinja(n natives) {
	api := &nativeClass{get: in.ninjaAttribute, init: func(o *object, a args) {
		o.router = &router{object: o, tags: texts(a.at(-1, "tags")), normal: ninjaPath}
	}}
	for _, name := range []string{"ninja.NinjaAPI", "ninja.Router", "ninja.main.NinjaAPI", "ninja.router.Router", "ninja_extra.NinjaExtraAPI", "ninja_extra.Router"} {
		n.classes[name] = api
	}
	n.distinct("ninja.NinjaAPI")
}

func (in *interpreter) ninjaAttribute(o *object, name string) (value, bool) {
	if o.router == nil {
		in.ready(o, args{})
	}
	method := strings.ToUpper(name)
	switch {
	case slices.Contains(httpMethods, method):
		return in.routeDecorator(o, name, []string{method}), true
	case name == "api_operation":
		return nativeFunction(name, func(a args) value {
			return nativeFunction(name, func(handler args) value {
				in.addAPIRoute(o, handler.at(0, ""), a.without(1), upper(a.at(0, "methods")))
				return handler.at(0, "")
			})
		}), true
	}
	switch name {
	case "add_router":
		return nativeFunction(name, func(a args) value { return in.addNinjaRouter(o, a) }), true
	case "urls":
		return &lazy{get: func() []value { return in.ninjaPatterns(o) }}, true
	}
	return nil, false
}

func (in *interpreter) addNinjaRouter(o *object, a args) value {
	v := a.at(1, "router")
	if s, ok := v.(string); ok {
		v = in.named(s, a.frame)
	}
	if child, ok := v.(*object); ok && child.router != nil {
		o.router.mountAt(&mount{prefix: a.text(0, "prefix") + "/", child: child.router, tags: texts(a.at(-1, "tags"))})
	} else {
		in.lost(a, "the router that is added is not known")
	}
	return none{}
}

// ninjaPatterns are the routes of an API as patterns of Django's.
func (in *interpreter) ninjaPatterns(o *object) []value {
	return []value{&routerPatterns{o.router}}
}

var ninjaConverter = regexp.MustCompile(`\{\s*\w+:(\w+)\s*\}`)

// ninjaPath takes Django's converters away, which stand before the name: {int:id}.
func ninjaPath(path string) string { return ninjaConverter.ReplaceAllString(path, "{$1}") }

// routerPatterns stands for a router among Django's patterns.
type routerPatterns struct{ router *router }
