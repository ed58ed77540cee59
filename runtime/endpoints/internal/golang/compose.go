package golang

import (
	"go/ast"
	"reflect"
	"strconv"
)

// composite is the value of a literal like T{...}.
func (in *interp) composite(f *frame, s *scope, e *ast.CompositeLit, t typ) value {
	if e.Type == nil {
		t = typ{t.expr, t.file, t.env} // the list's or map's own
	}
	k := t.kindOf(in.prog)
	if fw := in.prog.routerType(k); fw != nil && k.named == nil {
		return in.newRouter(fw)
	}
	switch shape := k.shape.(type) {
	case *ast.StructType:
		return in.compositeStruct(f, s, e, t, k)
	case *ast.ArrayType:
		return in.compositeList(f, s, e, k)
	case *ast.MapType:
		made := &dict{elem: k.elem()}
		for _, elt := range e.Elts {
			kv, ok := elt.(*ast.KeyValueExpr)
			if !ok || len(made.keys) >= maxItems {
				continue
			}
			key := in.item(f, s, kv.Key, typ{shape.Key, k.at.file, k.at.env})
			made.keys = append(made.keys, key)
			made.vals = append(made.vals, &cell{in.item(f, s, kv.Value, made.elem)})
		}
		return made
	}
	return in.compositeForeign(f, s, e, k)
}

// item is an item of a literal, whose own type may be left out.
func (in *interp) item(f *frame, s *scope, e ast.Expr, elem typ) value {
	lit, ok := e.(*ast.CompositeLit)
	if !ok || lit.Type != nil {
		return copied(in.eval(f, s, e))
	}
	if in.spent() {
		return nil
	}
	v := in.composite(f, s, lit, elem)
	if elem.kindOf(in.prog).pointer {
		return in.pointerTo(v)
	}
	return v
}

func (in *interp) compositeStruct(f *frame, s *scope, e *ast.CompositeLit, t typ, k kind) value {
	o := &object{typ: t, fields: map[string]*cell{}, whole: true}
	fields := k.fields()
	for i, elt := range e.Elts {
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok {
				o.fields[id.Name] = &cell{in.item(f, s, kv.Value, fieldType(fields, id.Name))}
			}
			continue
		}
		if i < len(fields) {
			o.fields[fields[i].name] = &cell{in.item(f, s, elt, fields[i].typ)}
		}
	}
	for _, fd := range fields {
		c := o.fields[fd.name]
		if c == nil {
			continue
		}
		if c.v == nil {
			c.v = unknown{fd.typ}
		}
	}
	return o
}

func fieldType(fields []field, name string) typ {
	for _, f := range fields {
		if f.name == name {
			return f.typ
		}
	}
	return typ{}
}

func (in *interp) compositeList(f *frame, s *scope, e *ast.CompositeLit, k kind) value {
	made, next := &list{elem: k.elem(), known: true}, 0
	for _, elt := range e.Elts {
		if len(made.items) >= maxItems {
			break
		}
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			elt = kv.Value
			if i, ok := in.eval(f, s, kv.Key).(number); ok {
				next = int(min(max(i, 0), maxItems))
			}
		}
		for len(made.items) <= next {
			if in.spent() {
				return made
			}
			made.items = append(made.items, &cell{in.zero(made.elem, "")})
		}
		made.items[next].v = in.item(f, s, elt, made.elem)
		next++
	}
	return made
}

// compositeForeign is a struct of code outside of the project. The functions in it may be called from there: a command's Run, say.
func (in *interp) compositeForeign(f *frame, s *scope, e *ast.CompositeLit, k kind) value {
	made := foreign{path: k.path, name: k.name, inner: &[]value{}}
	for _, elt := range e.Elts {
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			elt = kv.Value
		}
		v := in.item(f, s, elt, typ{})
		in.escape(v, 0)
		made.take(v)
	}
	return made
}

// zero is a new variable's value. Nothing is said of booleans and numbers that others may set.
func (in *interp) zero(t typ, tag string) value {
	k := t.kindOf(in.prog)
	if k.pointer {
		return unknown{t}
	}
	if fw := in.prog.routerType(k); fw != nil && k.named == nil {
		if fw.zero == k.name {
			return in.newRouter(fw)
		}
		return unknown{t}
	}
	switch k.shape.(type) {
	case *ast.StructType:
		return &object{typ: t, fields: map[string]*cell{}}
	case *ast.ArrayType:
		return &list{elem: k.elem()}
	case *ast.MapType:
		return &dict{elem: k.elem()}
	}
	if k.path == "" && k.name == "string" {
		return text(tagDefault(tag))
	}
	return unknown{t}
}

// tagDefault is the value that configuration libraries give a field by its tag.
func tagDefault(tag string) string {
	for _, key := range []string{"envDefault", "default", "env-default"} {
		if v, ok := reflect.StructTag(tag).Lookup(key); ok {
			if s, err := strconv.Unquote(v); err == nil {
				return s
			}
			return v
		}
	}
	return ""
}
