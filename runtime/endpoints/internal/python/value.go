package python

import (
	"slices"

	"previewd/runtime/endpoints/internal/syntax"
)

// value is what an expression came to: nil where it is not known, a string, int64, float64 or bool, or one of the types below.
type value any

// none is Python's None, which is known to be nothing.
type none struct{}

// list is a list, a tuple, a set, or what a generator yields.
type list struct {
	items     []value
	generator bool
}

// dict keeps the order of its keys.
type dict struct {
	keys   []value
	values map[value]value
}

func newDict() *dict { return &dict{values: map[value]value{}} }

func (d *dict) set(key, v value) {
	if !hashable(key) {
		return
	}
	if _, ok := d.values[key]; !ok {
		d.keys = append(d.keys, key)
	}
	d.values[key] = v
}

func (d *dict) get(key value) (value, bool) {
	if !hashable(key) {
		return nil, false
	}
	v, ok := d.values[key]
	return v, ok
}

func hashable(key value) bool {
	switch key.(type) {
	case nil:
		return false
	default:
		return true // all the others are pointers and plain values
	}
}

// external is a name of a package that is not in the project, such as fastapi.APIRouter.
type external struct{ name string }

// function is a function, a method bound to an object, or one of the interpreter's own.
type function struct {
	name    string
	node    syntax.Node // function_definition or lambda
	module  *module
	closure *scope
	class   *class // the class whose body it is defined in
	self    value  // what it is bound to

	property, static, classMethod bool

	native  func(args) value
	methods []string         // which the decorators of its definition restrict it to
	attrs   map[string]value // set on the function
	calls   *int             // how often it was called, shared by all that are bound
}

func nativeFunction(name string, do func(args) value) *function {
	return &function{name: name, native: do}
}

func (f *function) bind(self value) *function {
	bound := *f
	bound.self = self
	return &bound
}

// class is a class of the project.
type class struct {
	name   string
	node   syntax.Node
	module *module
	bases  []value
	scope  *scope
	data   bool    // decorated as one whose fields are its data
	fields []field // annotated and plain assignments of its body, in order
	order  []*class
	keys   map[string]value // keyword arguments of the definition, such as table=True
}

// field is an attribute that a class's body declares.
type field struct {
	name        string
	annotation  syntax.Node
	defaultNode syntax.Node
}

// object is an instance: of a class of the project, of a class of a known framework, or of something unknown that was called.
type object struct {
	class  *class
	kind   string       // the external class it is or derives from, "" if none
	native *nativeClass // what is known of kind
	args   args         // of the call that made an object of an external class
	attrs  map[string]value
	router *router // of apps, routers and blueprints
	data   any     // what else the native class keeps
	made   args    // of the call that made it
	ready  bool    // native.init has run
}

// args is a call's arguments.
type args struct {
	positional []value
	named      map[string]value
	order      []string // of named
	node       syntax.Node
	frame      *frame // the caller's
}

// at is the argument at a position or of a name.
func (a args) at(position int, name string) value {
	if v, ok := a.named[name]; ok {
		return v
	}
	if position >= 0 && position < len(a.positional) {
		return a.positional[position]
	}
	return nil
}

func (a args) has(position int, name string) bool {
	_, ok := a.named[name]
	return ok || position >= 0 && position < len(a.positional)
}

func (a args) text(position int, name string) string {
	s, _ := a.at(position, name).(string)
	return s
}

func (a args) without(positions int) args {
	a.positional = a.positional[min(positions, len(a.positional)):]
	return a
}

// truth is a value's truth, where it is known.
func truth(v value) (is, known bool) {
	switch v := v.(type) {
	case bool:
		return v, true
	case none:
		return false, true
	case string:
		return v != "", true
	case int64:
		return v != 0, true
	case float64:
		return v != 0, true
	case *list:
		return len(v.items) > 0, true
	case *dict:
		return len(v.keys) > 0, true
	case *function, *class, *module:
		return true, true
	case *object:
		return true, v.class != nil || v.native != nil
	}
	return false, false
}

// texts are the strings in a list, or the one string.
func texts(v value) []string {
	var found []string
	for _, item := range items(v) {
		if s, ok := item.(string); ok {
			found = append(found, s)
		}
	}
	return found
}

// items are the elements of a list, the keys of a dict, or the one value that is no collection.
func items(v value) []value {
	switch v := v.(type) {
	case nil, none:
		return nil
	case *list:
		return slices.Clone(v.items)
	case *dict:
		return slices.Clone(v.keys)
	}
	return []value{v}
}
