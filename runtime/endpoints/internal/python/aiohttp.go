package python

import (
	"slices"
	"strings"
)

// addAiohttp makes the apps and tables of routes of aiohttp known.
func (in *interpreter) addAiohttp(n natives) {
	const web = "aiohttp.web."
	n.classes[web+"Application"] = &nativeClass{get: in.aiohttpAttribute, init: func(o *object, a args) {
		o.router = &router{object: o, app: true}
		in.made(o, a)
	}}
	n.classes[web+"RouteTableDef"] = &nativeClass{get: in.aiohttpAttribute, init: func(o *object, _ args) { o.router = &router{object: o} }}
	for _, method := range append([]string{"*"}, httpMethods...) {
		name := strings.ToLower(method)
		if name == "*" {
			name = "view"
		}
		n.functions[web+name] = func(a args) value { return &webRoute{method: method, args: a, first: 0} }
	}
	n.functions[web+"route"] = func(a args) value { return &webRoute{method: strings.ToUpper(a.text(0, "method")), args: a, first: 1} }
}

// webRoute is web.get("/x", handler): a route that is not at an app yet.
type webRoute struct {
	method string
	args   args
	first  int // where the path stands among the arguments
}

func (in *interpreter) addWebRoute(o *object, r *webRoute, handler value) {
	path, ok := r.args.at(r.first, "path").(string)
	if !ok {
		in.lost(r.args, "the path of a route is not known")
		return
	}
	methods := []string{r.method}
	if c, ok := handler.(*class); ok && r.method == "*" {
		methods = in.handled(c)
	}
	o.router.add((&entry{path: path, methods: methods, handler: handler}).place(r.args))
}

func (in *interpreter) aiohttpAttribute(o *object, name string) (value, bool) {
	if o.router == nil {
		in.ready(o, args{})
	}
	do := func(do func(args) value) (value, bool) { return nativeFunction(name, do), true }
	method := strings.ToUpper(strings.TrimPrefix(name, "add_"))
	switch {
	case name == "router":
		return o, true
	case name == "add_routes":
		return do(func(a args) value { in.addWebRoutes(o, a.at(0, "routes")); return none{} })
	case name == "add_subapp":
		return do(func(a args) value { in.mountApp(o, a.text(0, "prefix"), a.at(1, "subapp"), a); return none{} })
	case name == "add_route":
		return do(func(a args) value {
			in.addWebRoute(o, &webRoute{strings.ToUpper(a.text(0, "method")), a, 1}, a.at(2, "handler"))
			return none{}
		})
	case name == "add_view", strings.HasPrefix(name, "add_") && slices.Contains(httpMethods, method):
		return do(func(a args) value {
			if name == "add_view" {
				method = "*"
			}
			in.addWebRoute(o, &webRoute{method, a, 0}, a.at(1, "handler"))
			return none{}
		})
	case slices.Contains(httpMethods, method), name == "view", name == "route":
		return do(func(a args) value { return in.webDecorator(o, name, a) })
	}
	return nil, false
}

// webDecorator is @routes.get("/x"), @routes.route("GET", "/x") or @routes.view("/x").
func (in *interpreter) webDecorator(o *object, name string, a args) value {
	r := &webRoute{method: strings.ToUpper(name), args: a}
	switch name {
	case "view":
		r.method = "*"
	case "route":
		r.method, r.first = strings.ToUpper(a.text(0, "method")), 1
	}
	return nativeFunction(name, func(handler args) value {
		in.addWebRoute(o, r, handler.at(0, ""))
		return handler.at(0, "")
	})
}

func (in *interpreter) addWebRoutes(o *object, v value) {
	if table, ok := v.(*object); ok && table.router != nil {
		o.router.mountAt(&mount{child: table.router})
		return
	}
	for _, item := range items(v) {
		if r, ok := item.(*webRoute); ok {
			in.addWebRoute(o, r, r.args.at(r.first+1, "handler"))
		}
	}
}
