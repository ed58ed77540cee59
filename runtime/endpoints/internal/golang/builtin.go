package golang

import (
	"go/ast"
)

// builtin is one of the language's own functions.
type builtin string

func isBuiltin(name string) bool {
	switch name {
	case "append", "len", "cap", "make", "new", "copy", "delete", "panic", "recover", "print", "println", "min", "max", "close", "clear":
		return true
	}
	return false
}

func (in *interp) builtin(f *frame, s *scope, b builtin, e *ast.CallExpr) value {
	if (b == "make" || b == "new") && len(e.Args) > 0 {
		return in.allocate(f, s, b, e.Args)
	}
	args := make([]value, len(e.Args))
	for i, arg := range e.Args {
		args[i] = in.eval(f, s, arg)
	}
	switch {
	case b == "append" && len(args) > 0:
		if e.Ellipsis.IsValid() {
			args = append(args[:len(args)-1:len(args)-1], items(args[len(args)-1])...)
		}
		return appended(args[0], args[1:])
	case b == "len" && len(args) == 1:
		return length(args[0])
	case (b == "min" || b == "max") && len(args) > 0:
		return outermost(b, args)
	case b == "copy" && len(args) == 2:
		return in.copyItems(args[0], args[1])
	case b == "delete" && len(args) == 2:
		in.remove(args[0], args[1])
	}
	return nil
}

func (in *interp) allocate(f *frame, s *scope, b builtin, args []ast.Expr) value {
	e := args[0]
	t, ok := in.eval(f, s, e).(typeName)
	if !ok {
		if star, isStar := e.(*ast.StarExpr); isStar {
			return unknown{typ{star, f.file, s}}
		}
		return unknown{typ{e, f.file, s}}
	}
	v := in.zero(t.typ, "")
	if l, ok := v.(*list); ok && b == "make" {
		in.lengthen(l, f, s, args[1:])
	}
	if b == "make" {
		return v
	}
	if _, ok := v.(*node); ok {
		return v
	}
	if _, ok := v.(*object); ok {
		return in.pointerTo(v)
	}
	return pointer{&cell{v}}
}

func items(v value) []value {
	l, ok := target(v).(*list)
	if !ok {
		return nil
	}
	all := make([]value, len(l.items))
	for i, c := range l.items {
		all[i] = c.v
	}
	return all
}

func appended(to value, args []value) value {
	old, ok := target(to).(*list)
	if !ok {
		old = &list{}
		if u, isUnknown := to.(unknown); isUnknown {
			old.elem = u.typ
		}
	}
	made := &list{elem: old.elem, known: old.known, items: append([]*cell(nil), old.items...)}
	for _, arg := range args {
		if len(made.items) < maxItems {
			made.items = append(made.items, &cell{copied(arg)})
		}
	}
	return made
}

func length(v value) value {
	switch v := target(v).(type) {
	case text:
		if v.known() {
			return number(len(v))
		}
	case *list:
		if v.known || len(v.items) > 0 {
			return number(len(v.items))
		}
	case *dict:
		if len(v.keys) > 0 {
			return number(len(v.keys))
		}
	}
	return nil
}
