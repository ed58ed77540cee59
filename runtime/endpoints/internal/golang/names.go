package golang

import (
	"go/ast"
	"slices"
	"strings"
)

func (n *named) hasAll(methods []string) bool {
	for _, name := range methods {
		if n.methods[name] == nil {
			return false
		}
	}
	return true
}

func (of *pkg) sortedTypes() []*named {
	if of.order != nil {
		return of.order
	}
	all := make([]*named, 0, len(of.types))
	for _, n := range of.types {
		all = append(all, n)
	}
	slices.SortFunc(all, func(a, b *named) int { return int(a.spec.Pos() - b.spec.Pos()) })
	of.order = all
	return all
}

func (of *pkg) globals() []*global {
	all := make([]*global, 0, len(of.vars))
	for _, g := range of.vars {
		all = append(all, g)
	}
	slices.SortFunc(all, func(a, b *global) int {
		if d := int(a.spec.Pos() - b.spec.Pos()); d != 0 {
			return d
		}
		return a.index - b.index
	})
	return all
}

func (of *pkg) sortedFuncs() []*function {
	all := make([]*function, 0, len(of.funcs))
	for _, fn := range of.funcs {
		all = append(all, fn)
	}
	for _, n := range of.types {
		for _, m := range n.methods {
			all = append(all, m)
		}
	}
	slices.SortFunc(all, func(a, b *function) int { return int(a.decl.Pos() - b.decl.Pos()) })
	return all
}

// node is the code of a function, which tells it from others.
func (fn *function) node() ast.Node {
	if fn.lit != nil {
		return fn.lit
	}
	return fn.decl
}

func (fn *function) signature() (*ast.FuncType, *ast.BlockStmt) {
	if fn.lit != nil {
		return fn.lit.Type, fn.lit.Body
	}
	if fn.decl != nil {
		return fn.decl.Type, fn.decl.Body
	}
	return nil, nil
}

func (fn *function) resultNames() []string {
	sig, _ := fn.signature()
	if sig == nil || sig.Results == nil {
		return nil
	}
	var names []string
	for _, field := range sig.Results.List {
		for _, name := range field.Names {
			names = append(names, name.Name)
		}
	}
	return names
}

// maker is the function that a closure made in it is described by: one that returns something.
func (fn *function) maker() *function {
	if fn.decl == nil || fn.decl.Type.Results == nil {
		return fn.owner
	}
	return fn
}

// mentions are the names that code calls or selects.
func mentions(n ast.Node, visit func(x, name string)) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch e := n.(type) {
		case *ast.SelectorExpr:
			x := ""
			if id, ok := e.X.(*ast.Ident); ok {
				x = id.Name
			}
			visit(x, e.Sel.Name)
		case *ast.Ident:
			visit("", e.Name)
		}
		return true
	})
}

// verbs are names under which routers take routes. Whoever uses one may make a route.
var verbs = strings.Fields(`GET Get POST Post PUT Put DELETE Delete PATCH Patch HEAD OPTIONS Any All Handle HandleFunc Methods Group Route
	Mount PathPrefix Subrouter Static Match Add Handler HandlerFunc Method MethodFunc ServeHTTP Party`)
