package golang

import (
	"go/ast"
	"slices"
)

// learn finds the functions that may lead to routes, by name: those that mention a router, and those that mention one of
// these. All others are run for their results alone, and not for long.
func (in *interp) learn(pkgs []*pkg) {
	calls := map[string][]string{} // who mentions a name
	in.keen = map[string]bool{}
	var found []string
	for _, of := range pkgs {
		in.prog.load(of)
		for _, fn := range of.sortedFuncs() {
			name := fn.name
			seed, said := false, map[string]bool{}
			mentions(fn.decl, func(x, sel string) {
				if mark := fn.file.imports[x]; mark != "" && in.isRouterWord(mark, sel) || x == "" && slices.Contains(verbs, sel) {
					seed = true
				}
				if !said[sel] {
					said[sel] = true
					calls[sel] = append(calls[sel], name)
				}
			})
			if seed && !in.keen[name] {
				in.keen[name] = true
				found = append(found, name)
			}
		}
	}
	for len(found) > 0 {
		name := found[len(found)-1]
		found = found[:len(found)-1]
		for _, by := range calls[name] {
			if !in.keen[by] {
				in.keen[by] = true
				found = append(found, by)
			}
		}
	}
}

// isRouterWord says whether a name of a framework's package has to do with routers; a context or a status has not.
func (in *interp) isRouterWord(path, name string) bool {
	fw := in.prog.frameworkOf(path)
	return fw != nil && (fw.types[name] || fw.made[name] || fw.global[name])
}

func (in *interp) isKeen(fn *function) bool {
	return fn.decl == nil || in.keen[fn.decl.Name.Name]
}

// calls says whether a variable's value may have to do with routes: whether a function is called in it.
func (in *interp) calls(g *global) bool {
	yes := false
	for _, e := range g.exprs {
		ast.Inspect(e, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				mentions(call.Fun, func(x, sel string) {
					yes = yes || in.keen[sel] || in.isRouterWord(g.file.imports[x], sel)
				})
			}
			return !yes
		})
	}
	return yes
}
