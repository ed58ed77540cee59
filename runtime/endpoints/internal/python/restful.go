package python

// addRestful makes known the extensions of Flask that hang classes below paths.
func (in *interpreter) addRestful(n natives) {
	api := &nativeClass{init: in.initRestful, get: in.restfulAttribute}
	for _, name := range []string{"flask_restful.Api", "flask_restx.Api", "flask_restplus.Api", "flask_restx.api.Api", "flask_restful_swagger.swagger.docs"} {
		n.classes[name] = api
	}
	namespace := &nativeClass{init: in.initNamespace, get: in.restfulAttribute}
	for _, name := range []string{"flask_restx.Namespace", "flask_restx.namespace.Namespace", "flask_restplus.Namespace"} {
		n.classes[name] = namespace
	}
	n.classes["flask_smorest.Api"] = &nativeClass{init: in.initSmorest, get: in.smorestAttribute}
}

// initRestful makes an Api(app or blueprint, prefix="/api").
func (in *interpreter) initRestful(o *object, a args) {
	o.router = &router{object: o, prefix: a.text(-1, "prefix")}
	if s, ok := a.at(1, "prefix").(string); ok && last(o.kind) == "Api" && o.kind == "flask_restful.Api" {
		o.router.prefix = s
	}
	if o.kind != "flask_restful.Api" {
		o.router.docs = []string{"/swagger.json"}
		if doc, ok := a.at(-1, "doc").(string); ok {
			o.router.docs = append(o.router.docs, doc)
		} else if !a.has(-1, "doc") {
			o.router.docs = append(o.router.docs, "/")
		}
	}
	in.hang(o, a.at(0, "app"))
}

// hang puts an Api below an app or a blueprint.
func (in *interpreter) hang(o *object, target value) {
	if app, ok := target.(*object); ok && app.router != nil && app != o {
		app.router.mountAt(&mount{child: o.router, override: true})
	}
}

func (in *interpreter) initNamespace(o *object, a args) {
	o.router = &router{object: o, prefix: namespacePath(a), tags: []string{}}
	if name := a.text(0, "name"); name != "" {
		o.router.tags = []string{name}
	}
}

func namespacePath(a args) string {
	if s, ok := a.at(2, "path").(string); ok {
		return s
	}
	if name := a.text(0, "name"); name != "" {
		return "/" + name
	}
	return ""
}

func (in *interpreter) restfulAttribute(o *object, name string) (value, bool) {
	if o.router == nil {
		in.ready(o, args{})
	}
	do := func(do func(args) value) (value, bool) { return nativeFunction(name, do), true }
	switch name {
	case "init_app":
		return do(func(a args) value { in.hang(o, a.at(0, "app")); return none{} })
	case "add_resource":
		return do(func(a args) value {
			in.addResource(o, a.at(0, "resource"), a, a.positional[min(1, len(a.positional)):])
			return none{}
		})
	case "resource", "route":
		return do(func(a args) value {
			return nativeFunction(name, func(handler args) value {
				in.addResource(o, handler.at(0, ""), a, a.positional)
				return handler.at(0, "")
			})
		})
	case "add_namespace":
		return do(func(a args) value { in.addNamespace(o, a.at(0, "ns"), a); return none{} })
	case "namespace":
		return do(func(a args) value {
			ns := in.callExternal("flask_restx.Namespace", a)
			in.addNamespace(o, ns, args{})
			return ns
		})
	}
	return nil, false
}

func (in *interpreter) addNamespace(o *object, ns value, a args) {
	child, ok := ns.(*object)
	if !ok || child.router == nil {
		in.lost(a, "the namespace that is added is not known")
		return
	}
	if s, ok := a.at(1, "path").(string); ok {
		child.router.prefix = s
	}
	o.router.mountAt(&mount{child: child.router})
}

func (in *interpreter) addResource(o *object, resource value, a args, paths []value) {
	if s, ok := a.at(-1, "urls").(*list); ok {
		paths = append(paths, s.items...)
	}
	for _, path := range paths {
		if s, ok := path.(string); ok {
			o.router.add((&entry{path: s, methods: in.flaskMethods(resource), handler: resource}).place(a))
		}
	}
}

func (in *interpreter) initSmorest(o *object, a args) {
	o.router = &router{object: o, slashes: true}
	in.hang(o, a.at(0, "app"))
}

func (in *interpreter) smorestAttribute(o *object, name string) (value, bool) {
	switch name {
	case "init_app":
		return nativeFunction(name, func(a args) value { in.hang(o, a.at(0, "app")); return none{} }), true
	case "register_blueprint":
		return nativeFunction(name, func(a args) value { return in.registerBlueprint(o, a) }), true
	}
	return nil, false
}
