// Package ast reads JavaScript and TypeScript into a small tree of Go values.
//
// The evaluator looks at the same node many times, in any order, so it works on pointers; what has no bearing on routes
// (comments, JSX, interfaces) stays behind.
package ast

// Node is a piece of syntax. Kinds and fields are those of the tree-sitter grammars.
type Node struct {
	Kind  string
	Field string
	Text  string // of leaves: names, numbers, operators; the decoded value of strings
	Kids  []*Node
	Line  int // from 1
	Start int // byte offsets into the file
	End   int
}

// File is a parsed source file.
type File struct {
	Path   string
	Source []byte
	Root   *Node
}

// Get is the first child in the field, or nil.
func (n *Node) Get(field string) *Node {
	if n == nil {
		return nil
	}
	for _, kid := range n.Kids {
		if kid.Field == field {
			return kid
		}
	}
	return nil
}

// Find is the first child of the kind, or nil.
func (n *Node) Find(kind string) *Node {
	if n == nil {
		return nil
	}
	for _, kid := range n.Kids {
		if kid.Kind == kind {
			return kid
		}
	}
	return nil
}

// Has reports whether a child is of the kind: how keywords such as async or static show.
func (n *Node) Has(kind string) bool { return n.Find(kind) != nil }

// First is the first child that is not a decorator or keyword, or nil.
func (n *Node) First() *Node {
	if n == nil {
		return nil
	}
	for _, kid := range n.Kids {
		if kid.Kind != "decorator" && !keyword(kid) {
			return kid
		}
	}
	return nil
}

// keyword reports whether the node is a word of the grammar that is no value by itself.
func keyword(n *Node) bool {
	switch n.Kind {
	case "true", "false", "null", "undefined", "this", "super":
		return false
	}
	return len(n.Kids) == 0 && n.Kind == n.Text
}

// Walk calls visit for n and all below it until it says not to go deeper.
func (n *Node) Walk(visit func(*Node) bool) {
	if n == nil || !visit(n) {
		return
	}
	for _, kid := range n.Kids {
		kid.Walk(visit)
	}
}

// Name is the text of a property's or binding's name, unquoted, or "".
func (n *Node) Name() string {
	if n == nil {
		return ""
	}
	switch n.Kind {
	case "identifier", "property_identifier", "private_property_identifier", "type_identifier", "shorthand_property_identifier",
		"shorthand_property_identifier_pattern", "string", "number", "this", "default", "statement_identifier", "nested_identifier":
		return n.Text
	}
	return ""
}
