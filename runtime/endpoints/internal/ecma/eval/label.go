package eval

import "previewd/runtime/endpoints/internal/ecma/ast"

// jump is what a break or continue does: to the statement around it, or to the one with its label.
func (m *Machine) jump(n *ast.Node) flow {
	label := n.Get("label").Name()
	out := n.Kind == "break_statement"
	switch {
	case label == "" && out:
		return broke
	case label == "":
		return continued
	case out:
		m.target = label
		return brokeFar
	}
	m.target = label
	return continuedFar
}

// labelled runs a statement with a label, where a break that names it ends.
func (m *Machine) labelled(n *ast.Node, sc *scope) flow {
	label, body := n.Get("label").Name(), n.Get("body")
	if body != nil {
		m.labels[body] = label
	}
	f := m.exec(body, sc)
	if f == brokeFar && m.target == label {
		return next
	}
	return f
}

// round tells what a loop does after its body: whether it is over, and how.
func (m *Machine) round(loop *ast.Node, f flow) (flow, bool) {
	switch f {
	case broke:
		return next, true
	case returned, brokeFar:
		return f, true
	case continuedFar:
		if m.labels[loop] != m.target {
			return f, true
		}
	}
	return next, false
}
