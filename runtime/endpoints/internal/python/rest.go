package python

import (
	"slices"
	"strings"
)

// restRouter is a router of Django REST framework.
type restRouter struct {
	trailing   string
	root       bool // has a view of its own at its top
	registered []registration
	above      string // what stands before the registered prefixes of a nested one
}

type registration struct {
	prefix string
	set    *class
	kind   string // an external view set
	args   args
}

// action is what @action says of a method of a view set.
type action struct {
	methods []string
	detail  bool
	path    string
	mapped  map[string]string // further methods, by function name
}

func (in *interpreter) addRest(n natives) {
	plain := &nativeClass{init: in.initRest(false), get: in.restAttribute, set: setTrailing}
	root := &nativeClass{init: in.initRest(true), get: in.restAttribute, set: setTrailing}
	for _, name := range []string{
		"rest_framework.routers.SimpleRouter", "rest_framework_extensions.routers.ExtendedSimpleRouter", "rest_framework_nested.routers.SimpleRouter",
	} {
		n.classes[name] = plain
	}
	for _, name := range []string{
		"rest_framework.routers.DefaultRouter", "rest_framework_nested.routers.DefaultRouter", "rest_framework_extensions.routers.ExtendedDefaultRouter",
	} {
		n.classes[name] = root
	}
	nested := &nativeClass{init: in.initNested, get: in.restAttribute, set: setTrailing}
	for _, name := range []string{"NestedSimpleRouter", "NestedDefaultRouter"} {
		n.classes["rest_framework_nested.routers."+name] = nested
		n.distinct("rest_framework_nested.routers." + name)
	}
	n.distinct("rest_framework.routers.SimpleRouter", "rest_framework.routers.DefaultRouter")
	n.functions["rest_framework.decorators.action"] = func(a args) value { return in.actionDecorator(a, a.at(1, "detail") == true) }
	n.functions["rest_framework.decorators.detail_route"] = func(a args) value { return in.actionDecorator(a, true) }
	n.functions["rest_framework.decorators.list_route"] = func(a args) value { return in.actionDecorator(a, false) }
	n.classes["rest_framework.mapping"] = &nativeClass{get: in.mapping}
}

func (in *interpreter) initRest(root bool) func(*object, args) {
	return func(o *object, a args) {
		r := &restRouter{trailing: "/", root: root}
		if a.at(-1, "trailing_slash") == false {
			r.trailing = ""
		}
		if o.class != nil {
			if v, ok := o.class.member("trailing_slash"); ok {
				r.trailing, _ = v.(string)
			}
			if v, ok := o.class.member("include_root_view"); ok && v == false {
				r.root = false
			}
		}
		if a.at(-1, "use_regex_path") == false {
			r.trailing = strings.TrimSuffix(r.trailing, "?")
		}
		o.data = r
		if s, ok := o.attrs["trailing_slash"].(string); ok {
			r.trailing = s
		}
	}
}

func setTrailing(o *object, name string, v value) bool {
	if r, ok := o.data.(*restRouter); ok {
		switch name {
		case "trailing_slash":
			r.trailing, _ = v.(string)
		case "include_root_view":
			r.root = v == true
		}
	}
	return false
}

// initNested is NestedSimpleRouter(parent, "domains", lookup="domain").
func (in *interpreter) initNested(o *object, a args) {
	r := &restRouter{trailing: "/", root: strings.HasSuffix(o.kind, "DefaultRouter")}
	o.data = r
	parent, _ := a.at(0, "parent_router").(*object)
	if parent == nil {
		return
	}
	up, ok := parent.data.(*restRouter)
	if !ok {
		return
	}
	prefix := a.text(1, "parent_prefix")
	lookup := a.text(-1, "lookup")
	if lookup == "" {
		lookup = "nested"
	}
	field := "pk"
	for _, reg := range up.registered {
		if reg.prefix == prefix && reg.set != nil {
			field = lookupOf(reg.set)
		}
	}
	r.trailing = up.trailing
	r.above = up.above + prefix + "/{" + lookup + "_" + field + "}/"
}

func (in *interpreter) restAttribute(o *object, name string) (value, bool) {
	if o.data == nil {
		in.ready(o, args{})
	}
	r, ok := o.data.(*restRouter)
	if !ok {
		return nil, false
	}
	switch name {
	case "register":
		return nativeFunction(name, func(a args) value {
			reg := registration{prefix: a.text(0, "prefix"), args: a}
			switch set := a.at(1, "viewset").(type) {
			case *class:
				reg.set = set
			case *external:
				reg.kind = set.name
			}
			r.registered = append(r.registered, reg)
			return o
		}), true
	case "urls":
		return &lazy{get: func() []value { return in.restPatterns(r) }}, true
	case "get_urls":
		return nativeFunction(name, func(args) value { return &lazy{get: func() []value { return in.restPatterns(r) }} }), true
	case "registry":
		return &object{kind: "rest_framework.registry", native: &nativeClass{get: registryAttribute}, data: r, attrs: map[string]value{}, ready: true}, true
	}
	return nil, false
}

// registryAttribute is router.registry.extend(other.registry).
func registryAttribute(o *object, name string) (value, bool) {
	return nativeFunction(name, func(a args) value {
		if other, ok := a.at(0, "").(*object); ok && name == "extend" {
			if from, ok := other.data.(*restRouter); ok {
				to, _ := o.data.(*restRouter)
				to.registered = append(to.registered, from.registered...)
			}
		}
		return none{}
	}), true
}

func (in *interpreter) actionDecorator(a args, detail bool) value {
	act := &action{methods: upper(a.at(0, "methods")), detail: detail, path: a.text(-1, "url_path"), mapped: map[string]string{}}
	if len(act.methods) == 0 {
		act.methods = []string{"GET"}
	}
	return nativeFunction("action", func(a args) value {
		fn, ok := a.at(0, "").(*function)
		if !ok {
			return a.at(0, "")
		}
		if act.path == "" {
			act.path = fn.name
		}
		if fn.attrs == nil {
			fn.attrs = map[string]value{}
		}
		fn.attrs["action"] = act
		return fn
	})
}

// mapping is @extra.mapping.delete: another method for the same path.
func (in *interpreter) mapping(o *object, name string) (value, bool) {
	fn, ok := o.attrs["function"].(*function)
	if !ok || !slices.Contains(httpMethods, strings.ToUpper(name)) {
		return nil, false
	}
	return nativeFunction(name, func(a args) value {
		if act, ok := fn.attrs["action"].(*action); ok {
			if to, ok := a.at(0, "").(*function); ok {
				act.mapped[name] = to.name
			}
		}
		return a.at(0, "")
	}), true
}
