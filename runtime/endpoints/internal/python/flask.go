package python

import (
	"slices"
	"strings"
)

// addFlask makes known the apps and blueprints of Flask, Quart and what is made after them.
func (in *interpreter) addFlask(n natives) {
	app := &nativeClass{init: in.initFlask, get: in.flaskAttribute, set: in.setFlask}
	for _, name := range []string{
		"flask.Flask", "flask.app.Flask", "quart.Quart", "quart.app.Quart", "apiflask.APIFlask", "flask_openapi3.OpenAPI", "flask_api.FlaskAPI",
		"quart_trio.QuartTrio",
	} {
		n.classes[name] = app
	}
	blueprint := &nativeClass{init: in.initBlueprint, get: in.flaskAttribute, set: in.setFlask}
	for _, name := range []string{
		"flask.Blueprint", "flask.blueprints.Blueprint", "quart.Blueprint", "quart.blueprints.Blueprint", "apiflask.APIBlueprint", "flask_smorest.Blueprint",
		"flask_smorest.blueprint.Blueprint", "flask_openapi3.APIBlueprint",
	} {
		n.classes[name] = blueprint
	}
	n.distinct("flask.Flask", "flask.Blueprint", "quart.Quart", "apiflask.APIFlask", "apiflask.APIBlueprint")
}

func (in *interpreter) initFlask(o *object, a args) {
	o.router = &router{object: o, app: true, slashes: true}
	in.made(o, a)
}

func (in *interpreter) initBlueprint(o *object, a args) {
	o.router = &router{object: o, slashes: true, prefix: a.text(-1, "url_prefix")}
	if a.has(5, "") {
		o.router.prefix = a.text(4, "url_prefix")
	}
}

// setFlask keeps a prefix that is set after the blueprint was made.
func (in *interpreter) setFlask(o *object, name string, v value) bool {
	if name == "url_prefix" && o.router != nil {
		o.router.prefix, _ = v.(string)
	}
	return false
}

// flaskAttribute is what an app or a blueprint can do.
func (in *interpreter) flaskAttribute(o *object, name string) (value, bool) {
	if o.router == nil {
		in.ready(o, args{})
	}
	method := strings.ToUpper(name)
	if slices.Contains(httpMethods, method) && name != "options" {
		return in.flaskDecorator(o, name, []string{method}), true
	}
	switch name {
	case "route":
		return in.flaskDecorator(o, name, nil), true
	case "add_url_rule":
		return nativeFunction(name, func(a args) value {
			in.addRule(o, a.at(2, "view_func"), a, nil)
			return none{}
		}), true
	case "register_blueprint":
		return nativeFunction(name, func(a args) value { return in.registerBlueprint(o, a) }), true
	case "url_prefix":
		return o.router.prefix, true
	case "name", "import_name":
		return o.args.at(0, name), true
	case "app_context", "test_request_context":
		return nativeFunction(name, func(args) value { return none{} }), true
	case "config":
		return in.flaskConfig(o), true
	case "wsgi_app", "asgi_app":
		return o, true
	case "run":
		return nativeFunction(name, func(args) value {
			in.served = append(in.served, o)
			return none{}
		}), true
	}
	if v, ok := passThrough(name); ok {
		return v, true
	}
	return nil, false
}

// passThrough are the decorators of hooks, which register no route.
func passThrough(name string) (value, bool) {
	switch name {
	case "before_request", "after_request", "teardown_request", "teardown_appcontext", "context_processor", "before_first_request",
		"before_app_request", "after_app_request", "shell_context_processor", "url_defaults", "url_value_preprocessor", "before_serving",
		"after_serving", "while_serving", "app_context_processor", "before_app_first_request":
		return nativeFunction(name, func(a args) value { return a.at(0, "") }), true
	case "errorhandler", "app_errorhandler", "template_filter", "app_template_filter", "template_global", "template_test", "app_template_global",
		"websocket", "endpoint":
		return nativeFunction(name, func(args) value {
			return nativeFunction(name, func(a args) value { return a.at(0, "") })
		}), true
	}
	return nil, false
}

// flaskDecorator is app.route and its like. A class in the place of a function is flask-smorest's and flask-openapi3's way.
func (in *interpreter) flaskDecorator(o *object, name string, methods []string) value {
	return nativeFunction(name, func(a args) value {
		return nativeFunction(name, func(handler args) value {
			in.addRule(o, handler.at(0, ""), a, methods)
			return handler.at(0, "")
		})
	})
}

func (in *interpreter) addRule(o *object, handler value, a args, methods []string) {
	rule, ok := a.at(0, "rule").(string)
	if !ok {
		in.lost(a, "the path of a route is not known")
		return
	}
	if o.router.normal != nil {
		rule = o.router.normal(rule)
	}
	if methods == nil {
		methods = asked(upper(a.at(-1, "methods")))
	}
	if len(methods) == 0 {
		methods = in.flaskMethods(handler)
	}
	o.router.add((&entry{path: rule, methods: methods, handler: handler, tags: flaskTags(a)}).place(a))
}

func flaskTags(a args) []string { return texts(a.at(-1, "tags")) }

// flaskMethods are a view's own: what methods says, the functions of a class, GET for a function.
func (in *interpreter) flaskMethods(handler value) []string {
	var c *class
	switch h := handler.(type) {
	case *view:
		c = h.class
	case *class:
		c = h
	case *function:
		if listed := asked(upper(h.attrs["methods"])); len(listed) > 0 {
			return listed
		}
	}
	if c == nil {
		return []string{"GET"}
	}
	if v, ok := c.member("methods"); ok {
		if listed := asked(upper(v)); len(listed) > 0 {
			return listed
		}
	}
	if handled := in.handled(c); len(handled) > 0 {
		return handled
	}
	return []string{"GET"}
}

func (in *interpreter) registerBlueprint(o *object, a args) value {
	child, ok := a.at(0, "blueprint").(*object)
	if ok && child.router == nil {
		in.ready(child, args{})
	}
	if !ok || child.router == nil {
		in.lost(a, "the blueprint that is registered is not known")
		return none{}
	}
	m := &mount{child: child.router}
	if prefix, ok := a.at(-1, "url_prefix").(string); ok {
		m.prefix, m.override = prefix, true
	}
	o.router.mountAt(m)
	return none{}
}

// flaskConfig is an app's config: what from_object reads is found in it again.
func (in *interpreter) flaskConfig(o *object) value {
	if d, ok := o.data.(*object); ok {
		return d
	}
	kept := &object{kind: "flask.Config", attrs: map[string]value{}}
	kept.native = &nativeClass{
		set: func(*object, string, value) bool { return false },
		get: func(c *object, name string) (value, bool) {
			return nativeFunction(name, func(a args) value { return in.configMethod(c, name, a) }), true
		},
	}
	o.data = kept
	return kept
}

func (in *interpreter) configMethod(c *object, name string, a args) value {
	switch name {
	case "get", "setdefault":
		if v, ok := c.attrs["["+a.text(0, "")+"]"]; ok {
			return v
		}
		if a.has(1, "") {
			return a.at(1, "")
		}
		return nil
	case "update", "from_mapping":
		if d, ok := a.at(0, "").(*dict); ok {
			for _, k := range d.keys {
				c.attrs["["+display(k)+"]"] = d.values[k]
			}
		}
		for _, k := range a.order {
			c.attrs["["+k+"]"] = a.named[k]
		}
	case "from_object":
		in.configFrom(c, a)
	}
	return none{}
}

// configFrom takes over the names in capitals of a class, an object or a module.
func (in *interpreter) configFrom(c *object, a args) {
	from := a.at(0, "obj")
	if name, ok := from.(string); ok {
		from = in.named(name, a.frame)
	}
	take := func(vars map[string]value) {
		for name, v := range vars {
			if name == strings.ToUpper(name) && v != nil {
				c.attrs["["+name+"]"] = v
			}
		}
	}
	if o, ok := from.(*object); ok && o.class != nil {
		from = o.class
	}
	switch from := from.(type) {
	case *module:
		take(from.scope.vars)
	case *class:
		for i := len(from.order) - 1; i >= 0; i-- {
			take(from.order[i].scope.vars)
		}
	}
}

// named is what a dotted name stands for: a module, or a name in one.
func (in *interpreter) named(dotted string, f *frame) value {
	dotted = strings.Replace(dotted, ":", ".", 1)
	if m := in.find(dotted, f.module.file); m != nil {
		in.run(m)
		return m
	}
	at := strings.LastIndexByte(dotted, '.')
	if at < 0 {
		return nil
	}
	v, _ := in.attribute(in.named(dotted[:at], f), dotted[at+1:])
	return v
}
