package python

import (
	"slices"
	"strings"
)

// addFastAPI makes FastAPI's app and router known.
func (in *interpreter) addFastAPI(n natives) {
	app := &nativeClass{init: in.initFastAPI, get: in.fastAPIAttribute, set: setAppAttribute}
	for _, name := range []string{"fastapi.FastAPI", "fastapi.applications.FastAPI"} {
		n.classes[name] = app
	}
	router := &nativeClass{init: in.initAPIRouter, get: in.fastAPIAttribute, set: setAppAttribute}
	for _, name := range []string{
		"fastapi.APIRouter", "fastapi.routing.APIRouter", "fastapi.router.APIRouter", "fastapi_utils.inferring_router.InferringRouter",
		"fastapi_restful.inferring_router.InferringRouter",
	} {
		n.classes[name] = router
	}
	n.distinct("fastapi.FastAPI", "fastapi.APIRouter")
	for _, name := range []string{"fastapi.Depends", "fastapi.Security", "fastapi.params.Depends", "fastapi.params.Security", "fastapi.param_functions.Depends"} {
		n.classes[name] = &nativeClass{}
	}
	in.addFastAPIUsers(n)
	n.functions["uvicorn.run"] = in.serve
	n.functions["uvicorn.Config"] = in.serve
	n.functions["hypercorn.asyncio.serve"] = in.serve
	n.functions["waitress.serve"] = in.serve
}

// serve notes the app that a program hands to a server.
func (in *interpreter) serve(a args) value {
	switch app := a.at(0, "app").(type) {
	case *object:
		in.served = append(in.served, app)
	case string:
		if v := in.appNamed(app, a.frame.module.file); v != nil {
			in.served = append(in.served, v)
		}
	}
	return nil
}

func (in *interpreter) initFastAPI(o *object, a args) {
	o.router = &router{object: o, app: true, docs: fastAPIDocs(a)}
	in.made(o, a)
	in.addRoutes(o, a.at(-1, "routes"))
	o.router.tags = nil
	in.startUp(o, a)
}

// made notes a new app.
func (in *interpreter) made(o *object, a args) {
	if a.frame != nil {
		o.router.origin = a.frame.module
	}
	in.apps = append(in.apps, o)
}

// startUp calls what an app is told to call when it starts: routes may be registered there.
func (in *interpreter) startUp(o *object, a args) {
	for _, fn := range append(items(a.at(-1, "lifespan")), items(a.at(-1, "on_startup"))...) {
		if fn, ok := fn.(*function); ok && fn.native == nil {
			in.call(fn, args{positional: []value{o}, node: a.node, frame: a.frame})
		}
	}
}

// fastAPIDocs are the paths of an app's own documents.
func fastAPIDocs(a args) []string {
	var paths []string
	openapi := "/openapi.json"
	if a.has(-1, "openapi_url") {
		openapi = a.text(-1, "openapi_url")
	}
	if openapi == "" {
		return nil
	}
	paths = append(paths, openapi)
	for _, page := range []struct{ name, path string }{{"docs_url", "/docs"}, {"redoc_url", "/redoc"}} {
		path := page.path
		if a.has(-1, page.name) {
			path = a.text(-1, page.name)
		}
		if path != "" {
			paths = append(paths, path)
		}
		if path != "" && page.name == "docs_url" {
			paths = append(paths, "/docs/oauth2-redirect")
		}
	}
	return paths
}

func (in *interpreter) initAPIRouter(o *object, a args) {
	o.router = &router{object: o, prefix: a.text(-1, "prefix"), tags: texts(a.at(-1, "tags"))}
	in.addRoutes(o, a.at(-1, "routes"))
}

func setAppAttribute(o *object, name string, v value) bool {
	if name == "prefix" && o.router != nil {
		o.router.prefix, _ = v.(string)
	}
	return false
}

// fastAPIAttribute is what an app or a router can do.
func (in *interpreter) fastAPIAttribute(o *object, name string) (value, bool) {
	if o.router == nil {
		in.ready(o, args{})
	}
	method := strings.ToUpper(name)
	switch {
	case slices.Contains(httpMethods, method):
		return in.routeDecorator(o, name, []string{method}), true
	case name == "api_route":
		return in.routeDecorator(o, name, nil), true
	}
	switch name {
	case "add_api_route":
		return nativeFunction(name, func(a args) value {
			in.addAPIRoute(o, a.at(1, "endpoint"), a, upper(a.at(-1, "methods")))
			return none{}
		}), true
	case "include_router":
		return nativeFunction(name, func(a args) value { return in.includeRouter(o, a) }), true
	case "router":
		if o.router.app {
			return o, true
		}
	case "prefix":
		return o.router.prefix, true
	}
	return in.starletteAttribute(o, name)
}

// routeDecorator is app.get and its like: called with a path it gives a decorator.
func (in *interpreter) routeDecorator(o *object, name string, methods []string) value {
	return nativeFunction(name, func(a args) value {
		return nativeFunction(name, func(handler args) value {
			listed := methods
			if listed == nil {
				listed = upper(a.at(-1, "methods"))
			}
			in.registerAPIRoute(o, handler.at(0, ""), a, listed)
			return handler.at(0, "")
		})
	})
}

// registerAPIRoute goes by the router's own add_api_route where the project has overridden it, as FastAPI does.
func (in *interpreter) registerAPIRoute(o *object, handler value, a args, methods []string) {
	if o.class != nil {
		if fn, ok := o.class.member("add_api_route"); ok {
			if own, ok := fn.(*function); ok && in.active[own.node] == 0 {
				given := args{positional: []value{a.at(0, "path"), handler}, named: map[string]value{}, node: a.node, frame: a.frame}
				for _, name := range a.order {
					if name != "path" {
						given.name(name, a.named[name])
					}
				}
				given.name("methods", stringList(methods))
				in.call(own.bind(o), given)
				return
			}
		}
	}
	in.addAPIRoute(o, handler, a, methods)
}

func stringList(all []string) *list {
	l := &list{}
	for _, s := range all {
		l.items = append(l.items, s)
	}
	return l
}

func (in *interpreter) addAPIRoute(o *object, handler value, a args, methods []string) {
	path, ok := a.at(0, "path").(string)
	if !ok {
		in.lost(a, "the path of a route is not known")
		return
	}
	if len(methods) == 0 {
		methods = []string{"GET"}
	}
	if o.router.normal != nil {
		path = o.router.normal(path)
	}
	e := &entry{path: path, methods: methods, handler: handler, tags: texts(a.at(-1, "tags")), kind: "fastapi"}
	o.router.add(e.place(a))
}

// includeRouter puts a router's routes below a prefix.
func (in *interpreter) includeRouter(o *object, a args) value {
	child, ok := a.at(0, "router").(*object)
	if m, isModule := a.at(0, "router").(*module); isModule { // its name is the same: from .items import router as items
		v, _ := in.member(m, "router")
		child, ok = v.(*object)
	}
	if !ok || child.router == nil {
		if ok {
			in.ready(child, args{})
		}
		if child == nil || child.router == nil {
			in.lost(a, "the router that is included is not known")
			return none{}
		}
	}
	o.router.mountAt(&mount{prefix: a.text(-1, "prefix"), child: child.router, tags: texts(a.at(-1, "tags"))})
	return none{}
}

// lost warns of what could not be followed.
func (in *interpreter) lost(a args, message string) {
	if a.frame != nil {
		in.project.Warn(a.frame.module.file, a.node.Line(), message)
	}
}
