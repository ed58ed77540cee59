// Package eval runs the start of a JavaScript or TypeScript program far enough to see which routes it declares.
//
// It is an abstract evaluator. What the program computes from its own text (strings, arrays, modules, classes, closures) has
// its real value. Everything else is Unknown, and what depends on it runs all the same: both branches of a condition, the
// body of a loop once, a callback handed to a library once. The frameworks themselves are Hosts, written in Go.
package eval

import (
	"strconv"
	"strings"

	"previewd/runtime/endpoints/internal/ecma/ast"
)

// Value is one of Undefined, Null, Bool, Number, Str, *Array, *Object, *Func, *Class, *Regexp, *Unknown or a Host.
type Value any

type (
	// Undefined is undefined.
	Undefined struct{}
	// Null is null.
	Null struct{}
	// Bool is soft when it hangs on the environment: then both branches of an if run.
	Bool struct{ V, Soft bool }
	// Number is a number.
	Number float64
	// Str is a string. Soft ones come from the environment. Parts that are not known are holes (see Hole).
	Str struct {
		S    string
		Soft bool
	}
	// Regexp is a regular expression as written.
	Regexp struct{ Source, Flags string }
	// Array is an array. Open ones may have more elements than are known.
	Array struct {
		Items []Value
		Open  bool
	}
	// Unknown is what cannot be known. Label is a readable name for it, Like the value it most probably wraps.
	Unknown struct {
		Label string
		Pkg   string // the package it comes from
		Env   string // the environment variable it is
		Like  Value
		Any   []Value // what it may be: one of them
		Wraps []*Func // functions that the library was given
	}
)

// Host is a framework's object.
type Host interface {
	Get(m *Machine, name string) Value
}

// Routing is a Host that routes are declared on: what a library makes of one most probably stands for it.
type Routing interface {
	Host
	Routing()
}

// Setter is a Host whose properties can be set.
type Setter interface {
	Set(m *Machine, name string, v Value)
}

// Callee is a Host that can be called or constructed.
type Callee interface {
	Call(c *Call) Value
}

// Object is an object, an instance of a class, or a module's exports.
type Object struct {
	Class *Class
	Proto *Object
	Under Value // what an instance of a host's subclass delegates to
	keys  []string
	props map[string]Value
	lazy  func(name string) (Value, bool)
	open  bool   // may have properties that are not known
	Of    *Class // a prototype's class
}

// Func is a closure, or a function of the host.
type Func struct {
	Name   string
	Node   *ast.Node
	Native func(c *Call) Value
	Mod    *Module
	scope  *scope
	this   Value
	bound  bool
	home   *Class
	args   []Value
	Props  *Object
}

// Site is a place in the program.
type Site struct {
	File string
	Line int
	Node *ast.Node
	Mod  *Module
}

// Call is one call of a function.
type Call struct {
	M    *Machine
	This Value
	Args []Value
	Site Site
	New  bool
}

// Arg is the i-th argument, or Undefined.
func (c *Call) Arg(i int) Value {
	if i >= 0 && i < len(c.Args) {
		return c.Args[i]
	}
	return Undefined{}
}

// Text is the i-th argument if it is a string.
func (c *Call) Text(i int) (string, bool) { return Text(c.Arg(i)) }

// Native makes a function of the host.
func Native(name string, f func(c *Call) Value) *Func { return &Func{Name: name, Native: f} }

// NewObject is an empty object.
func NewObject() *Object { return &Object{props: map[string]Value{}} }

// NewOpenObject is an object that may have properties which are not known.
func NewOpenObject() *Object {
	o := NewObject()
	o.open = true
	return o
}

// ObjectOf is an object with the properties, in no order that matters.
func ObjectOf(props map[string]Value) *Object {
	o := NewObject()
	for name, v := range props {
		o.Put(name, v)
	}
	return o
}

// Put sets an own property.
func (o *Object) Put(name string, v Value) {
	if _, there := o.props[name]; !there {
		o.keys = append(o.keys, name)
	}
	o.props[name] = v
}

// Own is an own property.
func (o *Object) Own(name string) (Value, bool) {
	if v, ok := o.props[name]; ok {
		return v, true
	}
	if o.lazy != nil {
		return o.lazy(name)
	}
	return nil, false
}

// Keys are the names of the own properties, as they were set.
func (o *Object) Keys() []string { return o.keys }

func (o *Object) drop(name string) {
	if _, ok := o.props[name]; !ok {
		return
	}
	delete(o.props, name)
	for i, key := range o.keys {
		if key == name {
			o.keys = append(o.keys[:i:i], o.keys[i+1:]...)
			return
		}
	}
}

// Text is v's text if it is a string or a number.
func Text(v Value) (string, bool) {
	switch v := v.(type) {
	case Str:
		return v.S, true
	case Number:
		return strconv.FormatFloat(float64(v), 'f', -1, 64), true
	}
	return "", false
}

// The marks around the name of what is not known in a string.
const (
	holeOpen  = "\x01"
	holeClose = "\x02"
)

// Hole is a part of a string that is not known.
func Hole(label string) string { return holeOpen + label + holeClose }

// FillHoles replaces every hole in s by what fill makes of its label.
func FillHoles(s string, fill func(label string) string) string {
	var out strings.Builder
	for {
		before, after, found := strings.Cut(s, holeOpen)
		out.WriteString(before)
		if !found {
			return out.String()
		}
		label, rest, _ := strings.Cut(after, holeClose)
		out.WriteString(fill(label))
		s = rest
	}
}

// IsUnknown reports whether nothing is known of v.
func IsUnknown(v Value) bool {
	_, ok := v.(*Unknown)
	return ok
}

func isNullish(v Value) bool {
	switch v.(type) {
	case Undefined, Null, nil:
		return true
	}
	return false
}

// str is v in a string.
func str(v Value) string { return strWithin(v, 4) }

// strWithin is str for arrays in arrays, which may hold themselves.
func strWithin(v Value, depth int) string {
	switch v := v.(type) {
	case Str:
		return v.S
	case Number:
		s, _ := Text(v)
		return s
	case Bool:
		return strconv.FormatBool(v.V)
	case Undefined:
		return "undefined"
	case Null:
		return "null"
	case *Array:
		return joined(v, ",", depth)
	case *Unknown:
		if v.Env != "" {
			return Hole("")
		}
		return Hole(v.Label)
	}
	return Hole("")
}

func joined(a *Array, sep string, depth int) string {
	var out strings.Builder
	for i, item := range a.Items {
		if depth == 0 || out.Len() > maxText {
			break
		}
		if i > 0 {
			out.WriteString(sep)
		}
		out.WriteString(strWithin(item, depth-1))
	}
	return out.String()
}

// truth is whether v counts as true, and whether that is certain.
func truth(v Value) (val, certain bool) {
	switch v := v.(type) {
	case Bool:
		return v.V, !v.Soft
	case Str:
		return v.S != "", !v.Soft
	case Number:
		return v != 0, true
	case Undefined, Null, nil:
		return false, true
	case *Unknown:
		if v.Env != "" {
			return false, false
		}
		return true, false
	}
	return true, true
}
