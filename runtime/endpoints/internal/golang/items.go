package golang

import (
	"go/ast"
	"go/token"
	"slices"
)

// lengthen gives a list that is made its items, where it is known how many.
func (in *interp) lengthen(l *list, f *frame, s *scope, sizes []ast.Expr) {
	if len(sizes) == 0 {
		return
	}
	n, ok := in.eval(f, s, sizes[0]).(number)
	l.known = ok
	for range min(n, maxItems) {
		if in.spent() {
			return
		}
		l.items = append(l.items, &cell{in.zero(l.elem, "")})
	}
}

// outermost is the least or the greatest of values.
func outermost(b builtin, args []value) value {
	op := token.LSS
	if b == "max" {
		op = token.GTR
	}
	best := args[0]
	for _, arg := range args[1:] {
		beyond, ok := binary(op, arg, best).(boolean)
		if !ok {
			return nil
		}
		if beyond {
			best = arg
		}
	}
	return best
}

func (in *interp) copyItems(to, from value) value {
	a, okA := target(to).(*list)
	b, okB := target(from).(*list)
	if !okA || !okB {
		return nil
	}
	n := min(len(a.items), len(b.items))
	for i, v := range items(b)[:n] {
		if in.spent() {
			return nil
		}
		in.set(a.items[i], v)
	}
	return number(n)
}

// remove takes a key out of a map, unless that may not happen in fact.
func (in *interp) remove(from, key value) {
	d, ok := target(from).(*dict)
	if !ok || in.doubt > 0 {
		return
	}
	for i, k := range d.keys {
		if eq, ok := equal(k, key).(boolean); ok && bool(eq) {
			d.keys, d.vals = slices.Delete(slices.Clone(d.keys), i, i+1), slices.Delete(slices.Clone(d.vals), i, i+1)
			return
		}
	}
}
