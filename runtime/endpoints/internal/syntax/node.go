package syntax

import (
	"iter"
	"slices"
)

// Tree is a file's syntax.
type Tree struct {
	Source   []byte
	language *Language
	nodes    []flat // in the order of the text, parents before their children
}

// Node is one node of a tree, as tree-sitter's grammar for the language names it. Keywords are nodes, punctuation is
// one only where the grammar gives it a field (an operator). The zero node is none: it has no kind, text or children.
type Node struct {
	tree  *Tree
	index uint32
}

// Root is the whole file.
func (t *Tree) Root() Node {
	if t == nil || len(t.nodes) == 0 {
		return Node{}
	}
	return Node{tree: t}
}

// Valid reports whether there is a node at all.
func (n Node) Valid() bool { return n.tree != nil }

// Tree is the tree the node is of.
func (n Node) Tree() *Tree { return n.tree }

func (n Node) flat() *flat { return &n.tree.nodes[n.index] }

// Kind is the grammar's name for the node, "ERROR" for text that fits nowhere, "" for no node.
func (n Node) Kind() string {
	if n.tree == nil {
		return ""
	}
	if kind := int(n.flat().kind); kind < len(n.tree.language.kinds) {
		return n.tree.language.kinds[kind]
	}
	return "ERROR"
}

// Is reports whether the node is of one of the kinds.
func (n Node) Is(kinds ...string) bool {
	return slices.Contains(kinds, n.Kind())
}

// FieldName is the field of its parent that the node is, or "".
func (n Node) FieldName() string {
	if n.tree == nil {
		return ""
	}
	return n.tree.language.fields[n.flat().field]
}

// Text is the source as written.
func (n Node) Text() string {
	if n.tree == nil {
		return ""
	}
	return string(n.tree.Source[n.flat().start:n.flat().end])
}

// Start and End are offsets into the tree's source.
func (n Node) Start() int {
	if n.tree == nil {
		return 0
	}
	return int(n.flat().start)
}

// End is the offset after the node's last byte.
func (n Node) End() int {
	if n.tree == nil {
		return 0
	}
	return int(n.flat().end)
}

// Line is the line the node begins on, from 1; 0 for no node.
func (n Node) Line() int {
	if n.tree == nil {
		return 0
	}
	return int(n.flat().row) + 1
}

// Children goes through the nodes directly inside, in order.
func (n Node) Children() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		if n.tree == nil {
			return
		}
		end := n.index + uint32(n.flat().size)
		for i := n.index + 1; i < end; i += uint32(n.tree.nodes[i].size) {
			if !yield(Node{tree: n.tree, index: i}) {
				return
			}
		}
	}
}

// All goes through everything inside, parents first, without recursion.
func (n Node) All() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		if n.tree == nil {
			return
		}
		end := n.index + uint32(n.flat().size)
		for i := n.index + 1; i < end; i++ {
			if !yield(Node{tree: n.tree, index: i}) {
				return
			}
		}
	}
}

// Field is the first child in the named field of the grammar.
func (n Node) Field(name string) Node {
	if n.tree == nil {
		return Node{}
	}
	id := n.tree.language.symbol[name]
	for c := range n.Children() {
		if id != 0 && fieldID(c.flat().field) == id {
			return c
		}
	}
	return Node{}
}

// Fields are all children in the named field.
func (n Node) Fields(name string) []Node {
	if n.tree == nil {
		return nil
	}
	var found []Node
	id := n.tree.language.symbol[name]
	for c := range n.Children() {
		if id != 0 && fieldID(c.flat().field) == id {
			found = append(found, c)
		}
	}
	return found
}

// Child is the first child of one of the kinds.
func (n Node) Child(kinds ...string) Node {
	for c := range n.Children() {
		if c.Is(kinds...) {
			return c
		}
	}
	return Node{}
}

// Has reports whether a child is of the kind, such as the keyword "async".
func (n Node) Has(kind string) bool { return n.Child(kind).Valid() }
