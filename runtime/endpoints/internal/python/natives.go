package python

import (
	"strings"

	"previewd/runtime/endpoints/internal/syntax"
)

// natives are the names from outside of the project whose effect is known.
type natives struct {
	builtins  map[string]value
	functions map[string]func(args) value
	classes   map[string]*nativeClass
	byName    map[string]string // classes that are known by their last name wherever they come from
}

// nativeClass is what is known of a class of a framework. Each part may be missing.
type nativeClass struct {
	init func(*object, args)
	get  func(*object, string) (value, bool) // an attribute
	set  func(*object, string, value) bool   // reports whether the attribute needs no keeping
	call func(*object, args) value
}

func (in *interpreter) knownNatives() natives {
	n := natives{
		builtins: in.builtins(), functions: map[string]func(args) value{}, classes: map[string]*nativeClass{}, byName: map[string]string{},
	}
	in.addStandard(n)
	in.addFastAPI(n)
	in.addStarlette(n)
	in.addFlask(n)
	in.addRestful(n)
	in.addDjango(n)
	in.addRest(n)
	in.addAiohttp(n)
	in.addSanic(n)
	return n
}

// distinct makes classes known by their last names, for those that packages hand on or derive from: apiflask.APIFlask
// is not there, but a Flask imported from a package that is not in the project is taken for Flask.
func (n natives) distinct(names ...string) {
	for _, name := range names {
		n.byName[last(name)] = name
	}
}

func last(dotted string) string { return dotted[strings.LastIndexByte(dotted, '.')+1:] }

// class is what is known of an external class.
func (n natives) class(name string) *nativeClass {
	if c, ok := n.classes[name]; ok {
		return c
	}
	return n.classes[n.byName[last(name)]]
}

func (n natives) knows(name string) bool {
	_, isClass := n.classes[name]
	_, isFunction := n.functions[name]
	return isClass || isFunction
}

// callExternal calls a name from outside of the project.
func (in *interpreter) callExternal(name string, a args) value {
	if do, ok := in.natives.functions[name]; ok {
		return do(a)
	}
	if native := in.natives.class(name); native != nil {
		o := &object{kind: name, native: native, attrs: map[string]value{}}
		in.ready(o, a)
		return o
	}
	if owner, ok := strings.CutSuffix(name, ".as_view"); ok {
		return &view{external: owner, args: a}
	}
	if v := passedOn(a); v != nil {
		return v
	}
	return &object{kind: name, args: a, attrs: map[string]value{}}
}

// externalAttribute is a name in a package or class from outside of the project.
func (in *interpreter) externalAttribute(owner *external, name string) value {
	full := owner.name + "." + name
	switch {
	case owner.name == "django.conf.settings":
		return in.setting(name)
	case full == "os.sep" || full == "os.path.sep":
		return "/"
	case owner.name == "http.HTTPMethod":
		return name
	case name == "value" && strings.HasPrefix(owner.name, "http."):
		return owner
	}
	return &external{name: full}
}

// externalItem is a subscript of a name from outside: a generic class with its parameters stays the class.
func externalItem(f *frame, n syntax.Node, owner *external) value {
	switch last(owner.name) {
	case "environ":
		return nil
	case "Annotated", "Optional", "Union", "List", "Dict", "Set", "Tuple", "Sequence", "Literal":
		return &alias{annotated{frame: f, node: n}}
	}
	return owner
}

// nativeClassAttribute is a name that a class of the project has from an external base.
func (in *interpreter) nativeClassAttribute(c *class, name string) (value, bool) {
	if names := c.externals(); len(names) > 0 {
		return &external{name: names[0] + "." + name}, true
	}
	return nil, false
}
