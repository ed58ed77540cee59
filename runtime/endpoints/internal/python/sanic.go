package python

import (
	"regexp"
	"slices"
	"strings"
)

// addSanic makes Sanic's apps, blueprints and groups of them known, and the app of Tornado.
func (in *interpreter) addSanic(n natives) {
	n.classes["sanic.Sanic"] = &nativeClass{get: in.sanicAttribute, init: func(o *object, a args) {
		o.router = &router{object: o, app: true, normal: sanicPath}
		in.made(o, a)
	}}
	n.classes["sanic.Blueprint"] = &nativeClass{get: in.sanicAttribute, init: func(o *object, a args) {
		o.router = &router{object: o, normal: sanicPath, prefix: sanicPath(a.text(1, "url_prefix"))}
	}}
	n.functions["sanic.Blueprint.group"] = func(a args) value {
		o := &object{kind: "sanic.Blueprint", native: n.classes["sanic.Blueprint"], attrs: map[string]value{}, ready: true}
		o.router = &router{object: o, prefix: a.text(-1, "url_prefix")}
		for _, child := range a.positional {
			for _, one := range items(child) {
				in.mountApp(o, "", one, a)
			}
		}
		return o
	}
	n.classes["tornado.web.Application"] = &nativeClass{init: in.initTornado, get: func(o *object, name string) (value, bool) {
		if name != "add_handlers" {
			return nil, false
		}
		return nativeFunction(name, func(a args) value { in.addTornado(o, a.at(1, "host_handlers"), a); return none{} }), true
	}}
	for _, name := range []string{"tornado.web.url", "tornado.web.URLSpec", "tornado.routing.Rule", "tornado.routing.URLSpec"} {
		n.functions[name] = func(a args) value {
			return &list{items: []value{a.at(0, "pattern"), a.at(1, "handler")}}
		}
	}
}

var sanicConverter = regexp.MustCompile(`<\s*(\w+)\s*:[^<>]*>`)

// sanicPath takes Sanic's types away, which stand behind the name: <id:int>.
func sanicPath(path string) string { return sanicConverter.ReplaceAllString(path, "<$1>") }

func (in *interpreter) sanicAttribute(o *object, name string) (value, bool) {
	if o.router == nil {
		in.ready(o, args{})
	}
	do := func(do func(args) value) (value, bool) { return nativeFunction(name, do), true }
	if method := strings.ToUpper(name); slices.Contains(httpMethods, method) {
		return in.flaskDecorator(o, name, []string{method}), true
	}
	switch name {
	case "route":
		return in.flaskDecorator(o, name, nil), true
	case "add_route":
		return do(func(a args) value {
			given := args{positional: []value{a.at(1, "uri")}, named: a.named, order: a.order, node: a.node, frame: a.frame}
			in.addRule(o, a.at(0, "handler"), given, nil)
			return none{}
		})
	case "blueprint":
		return do(func(a args) value {
			for _, one := range items(a.at(0, "blueprint")) {
				in.mountApp(o, a.text(-1, "url_prefix"), one, a)
			}
			return none{}
		})
	}
	if v, ok := passThrough(name); ok {
		return v, true
	}
	return nil, false
}

func (in *interpreter) initTornado(o *object, a args) {
	o.router = &router{object: o, app: true}
	in.made(o, a)
	in.addTornado(o, a.at(0, "handlers"), a)
}

// addTornado adds handlers: pairs of a regular expression and a class that has a function for each method.
func (in *interpreter) addTornado(o *object, handlers value, a args) {
	for _, item := range items(handlers) {
		pair, ok := item.(*list)
		if !ok || len(pair.items) < 2 {
			continue
		}
		path, ok := pair.items[0].(string)
		c, isClass := pair.items[1].(*class)
		if !ok || !isClass {
			continue
		}
		normal := (&pattern{route: path, regex: true}).normal()
		o.router.add((&entry{path: normal, methods: in.handled(c), handler: c}).place(a))
	}
}
