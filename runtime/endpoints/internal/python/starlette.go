package python

import "strings"

// addStarlette makes Starlette's app and its routes known.
func (in *interpreter) addStarlette(n natives) {
	app := &nativeClass{init: in.initStarlette, get: in.starletteAttribute}
	for _, name := range []string{"starlette.applications.Starlette", "starlette.Starlette"} {
		n.classes[name] = app
	}
	n.distinct("starlette.applications.Starlette")
	n.classes["starlette.routing.Router"] = &nativeClass{init: in.initRouter, get: in.starletteAttribute}
	for _, pkg := range []string{"starlette.routing.", "fastapi.routing."} {
		n.classes[pkg+"Route"] = &nativeClass{}
		n.classes[pkg+"APIRoute"] = &nativeClass{}
		n.classes[pkg+"Mount"] = &nativeClass{}
		n.classes[pkg+"Host"] = &nativeClass{}
	}
	n.classes["starlette.routes"] = &nativeClass{get: in.routesAttribute}
	for _, name := range []string{"starlette.middleware.wsgi.WSGIMiddleware", "fastapi.middleware.wsgi.WSGIMiddleware", "a2wsgi.WSGIMiddleware"} {
		n.functions[name] = func(a args) value { return a.at(0, "app") }
	}
}

func (in *interpreter) initStarlette(o *object, a args) {
	o.router = &router{object: o, app: true}
	in.made(o, a)
	if a.has(1, "routes") {
		in.addRoutes(o, a.at(1, "routes"))
	}
	in.startUp(o, a)
}

func (in *interpreter) initRouter(o *object, a args) {
	o.router = &router{object: o}
	in.addRoutes(o, a.at(0, "routes"))
}

// starletteAttribute is what apps and routers of Starlette can do, and FastAPI's beside their own.
func (in *interpreter) starletteAttribute(o *object, name string) (value, bool) {
	switch name {
	case "route":
		return nativeFunction(name, func(a args) value {
			return nativeFunction(name, func(handler args) value {
				in.addRoute(o, handler.at(0, ""), a, 1)
				return handler.at(0, "")
			})
		}), true
	case "add_route":
		return nativeFunction(name, func(a args) value {
			in.addRoute(o, a.at(1, "route"), a, 2)
			return none{}
		}), true
	case "mount", "host":
		return nativeFunction(name, func(a args) value {
			in.mountApp(o, a.text(0, "path"), a.at(1, "app"), a)
			return none{}
		}), true
	case "websocket", "websocket_route", "exception_handler", "middleware":
		return nativeFunction(name, func(args) value {
			return nativeFunction(name, func(handler args) value { return handler.at(0, "") })
		}), true
	case "on_event":
		return nativeFunction(name, func(args) value {
			return nativeFunction(name, func(handler args) value {
				in.call(handler.at(0, ""), args{node: handler.node, frame: handler.frame})
				return handler.at(0, "")
			})
		}), true
	case "routes":
		return &object{kind: "starlette.routes", native: in.natives.class("starlette.routes"), router: o.router, attrs: map[string]value{}, ready: true}, true
	case "router":
		return o, true
	}
	return nil, false
}

// routesAttribute is what can be done with an app's list of routes.
func (in *interpreter) routesAttribute(o *object, name string) (value, bool) {
	return nativeFunction(name, func(a args) value {
		switch name {
		case "append", "extend":
			in.addRoutes(o, a.at(0, ""))
		case "insert":
			in.addRoutes(o, a.at(1, ""))
		}
		return none{}
	}), true
}

// addRoutes adds Route and Mount objects.
func (in *interpreter) addRoutes(o *object, v value) {
	for _, item := range items(v) {
		in.step()
		r, ok := item.(*object)
		if !ok {
			continue
		}
		switch last(r.kind) {
		case "Route":
			a := r.routeArgs()
			in.addRoute(o, a.at(1, "endpoint"), a, 2)
		case "APIRoute":
			a := r.routeArgs()
			in.addAPIRoute(o, a.at(1, "endpoint"), a, upper(a.at(-1, "methods")))
		case "Mount", "Host":
			in.mountRoutes(o, r.args)
		default:
			if r.kind == "starlette.routes" && r.router != nil && r.router != o.router {
				o.router.mountAt(&mount{child: r.router})
			}
		}
	}
}

// routeArgs are the arguments of a route, or what a class of the project's that derives from it has set itself.
func (o *object) routeArgs() args {
	if o.args.has(0, "path") {
		return o.args
	}
	a := args{named: map[string]value{}, node: o.made.node, frame: o.made.frame}
	for _, name := range []string{"path", "endpoint", "methods"} {
		if v, ok := o.attrs[name]; ok {
			a.name(name, v)
		}
	}
	return a
}

func (in *interpreter) mountRoutes(o *object, a args) {
	prefix := strings.TrimRight(a.text(0, "path"), "/")
	if a.has(1, "app") && !isNothing(a.at(1, "app")) {
		in.mountApp(o, prefix, a.at(1, "app"), a)
		return
	}
	below := &object{router: &router{}, attrs: map[string]value{}}
	below.router.object = below
	in.addRoutes(below, a.at(2, "routes"))
	o.router.mountAt(&mount{prefix: prefix, child: below.router})
}

// mountApp puts an app below a path. What is no app of a known framework, such as a folder of files, has no endpoints.
func (in *interpreter) mountApp(o *object, prefix string, app value, _ args) {
	child, ok := app.(*object)
	if !ok || child.router == nil {
		return
	}
	o.router.mountAt(&mount{prefix: strings.TrimRight(prefix, "/"), child: child.router})
}

// addRoute is a plain route of Starlette: a function answers GET, or what methods says, a class what it has functions for.
func (in *interpreter) addRoute(o *object, handler value, a args, methodsAt int) {
	path, ok := a.at(0, "path").(string)
	if !ok {
		in.lost(a, "the path of a route is not known")
		return
	}
	methods := asked(upper(a.at(methodsAt, "methods")))
	if len(methods) == 0 {
		methods = []string{"GET"}
		if c, ok := handler.(*class); ok {
			methods = in.handled(c)
		}
	}
	o.router.add((&entry{path: path, methods: methods, handler: handler}).place(a))
}
