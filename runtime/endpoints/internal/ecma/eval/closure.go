package eval

import "previewd/runtime/endpoints/internal/ecma/ast"

// Handles are the functions behind a handler: itself, those that a wrapper was given, and those that its body names from
// outside of it.
func Handles(v Value, depth int) []*Func {
	if depth > 3 {
		return nil
	}
	switch v := v.(type) {
	case *Func:
		if v.Native != nil || v.Node == nil {
			return nil
		}
		return append([]*Func{v}, v.wrapped(depth)...)
	case *Unknown:
		var found []*Func
		for _, f := range v.Wraps {
			found = append(found, Handles(f, depth+1)...)
		}
		return found
	}
	return nil
}

// wrapped are the functions that a wrapper holds on to: parameters of the function that made it.
func (f *Func) wrapped(depth int) []*Func {
	if f.scope == nil || f.scope.fn == nil || f.scope.fn.fn == nil {
		return nil
	}
	var found []*Func
	f.Node.Walk(func(n *ast.Node) bool {
		if n.Kind != "identifier" || len(found) > 4 {
			return len(found) <= 4
		}
		for sc := f.scope; sc != nil && sc.fn == f.scope.fn; sc = sc.parent {
			if r, ok := sc.names[n.Text]; ok && r.get == nil {
				if inner, ok := r.value.(*Func); ok && inner != f && inner.Native == nil {
					found = append(found, Handles(inner, depth+1)...)
				}
			}
		}
		return true
	})
	return found
}
