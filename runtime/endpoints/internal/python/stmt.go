package python

import "previewd/runtime/endpoints/internal/syntax"

// flow is how a statement ended.
type flow int

const (
	onward flow = iota
	returned
	raised
	broken
	continued
)

// block executes statements in order.
func (in *interpreter) block(f *frame, n syntax.Node) flow {
	for statement := range n.Children() {
		if end := in.statement(f, statement); end != onward {
			return end
		}
	}
	return onward
}

func (in *interpreter) statement(f *frame, n syntax.Node) flow {
	in.step()
	switch n.Kind() {
	case "expression_statement":
		for e := range n.Children() {
			in.eval(f, e)
		}
	case "import_statement":
		in.importStatement(f, n)
	case "import_from_statement":
		in.importFrom(f, n)
	case "function_definition":
		in.define(f, n, nil)
	case "class_definition":
		in.defineClass(f, n, nil)
	case "decorated_definition":
		in.decorated(f, n)
	case "return_statement":
		return in.returnStatement(f, n)
	case "if_statement":
		return in.ifStatement(f, n)
	case "for_statement":
		return in.forStatement(f, n)
	case "while_statement":
		in.maybe(f, func() { in.block(f, n.Field("body")) })
	case "try_statement":
		return in.tryStatement(f, n)
	case "with_statement":
		return in.withStatement(f, n)
	case "match_statement":
		in.matchStatement(f, n)
	case "global_statement", "nonlocal_statement":
		in.globalStatement(f, n)
	case "raise_statement":
		return raise(f)
	case "break_statement":
		return broken
	case "continue_statement":
		return continued
	case "ERROR":
		return in.block(f, n)
	}
	return onward
}

// raise ends a function. A module goes on: it was started, so what looks like an error here is not one there.
func raise(f *frame) flow {
	if f.fn == nil {
		return onward
	}
	return raised
}

func (in *interpreter) returnStatement(f *frame, n syntax.Node) flow {
	for e := range n.Children() {
		if !e.Is("return", "comment") {
			f.returns = append(f.returns, in.eval(f, e))
		}
	}
	return returned
}

func (in *interpreter) globalStatement(f *frame, n syntax.Node) {
	if f.scope.globals == nil {
		f.scope.globals = map[string]bool{}
	}
	for name := range n.Children() {
		if name.Is("identifier") {
			f.scope.globals[name.Text()] = true
		}
	}
}

// maybe does what may not happen.
func (in *interpreter) maybe(f *frame, do func()) {
	f.maybe++
	do()
	f.maybe--
}

// fallback does what happens only when something else did not.
func (in *interpreter) fallback(f *frame, do func()) {
	f.weak++
	f.maybe++
	do()
	f.weak--
	f.maybe--
}
