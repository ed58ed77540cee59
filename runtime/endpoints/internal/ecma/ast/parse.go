package ast

import (
	"bytes"
	"strings"

	"previewd/runtime/endpoints/internal/syntax"
)

// Extensions are those of source files, in the order in which a name without one is tried.
func Extensions() []string {
	return []string{".ts", ".js", ".tsx", ".jsx", ".mts", ".mjs", ".cts", ".cjs"}
}

// Copy makes a file of a tree.
func Copy(name string, tree *syntax.Tree) *File {
	root := copyNode(tree.Root())
	if root == nil {
		root = &Node{Kind: "program"}
	}
	return &File{Path: name, Source: tree.Source, Root: root}
}

func copyNode(n syntax.Node) *Node {
	kind := n.Kind()
	if kind == "" || dropped(kind) {
		return nil
	}
	node := &Node{Kind: kind, Field: n.FieldName(), Line: n.Line(), Start: n.Start(), End: n.End()}
	switch kind {
	case "string":
		node.Text = unquote(n.Text())
	case "escape_sequence":
		node.Text = unescape(n.Text())
	case "string_fragment", "regex", "nested_identifier", "hash_bang_line", "predefined_type":
		node.Text = n.Text()
	case "jsx_element", "jsx_self_closing_element", "jsx_fragment":
		node.Kind = "jsx"
	default:
		for kid := range n.Children() {
			if kind == "array_pattern" {
				node.holes(n, kid)
			}
			if made := copyNode(kid); made != nil {
				node.Kids = append(node.Kids, made)
			}
		}
		mark(node, n)
		if len(node.Kids) == 0 {
			node.Text = n.Text()
		}
	}
	return node
}

// holes adds a node for every element that [a, , b] leaves out before kid.
func (n *Node) holes(written, kid syntax.Node) {
	from, wanted := written.Start()+1, 0
	if last := len(n.Kids) - 1; last >= 0 {
		from, wanted = n.Kids[last].End, 1
	}
	commas := bytes.Count(written.Tree().Source[from:max(from, kid.Start())], []byte(","))
	for range commas - wanted {
		n.Kids = append(n.Kids, &Node{Kind: "hole", Line: n.Line, Start: from, End: from})
	}
}

// mark makes nodes of the punctuation that says something: export *, export =, and a field's question mark.
func mark(node *Node, n syntax.Node) {
	at := -1
	switch node.Kind {
	case "export_statement":
		if i := bytes.Index(n.Tree().Source[n.Start():n.End()], []byte("export")); i >= 0 {
			at = n.Start() + i + len("export")
		}
	case "public_field_definition":
		if name := node.Get("name"); name != nil {
			at = name.End
		}
	case "function_declaration", "generator_function_declaration", "method_definition":
	}
	if at < 0 {
		return
	}
	after := bytes.TrimLeft(n.Tree().Source[at:n.End()], " \t\r\n")
	if len(after) > 0 && (after[0] == '*' || after[0] == '=' && node.Kind == "export_statement" || after[0] == '?') {
		kind := string(after[:1])
		node.Kids = append([]*Node{{Kind: kind, Text: kind, Line: node.Line, Start: at, End: at}}, node.Kids...)
	}
}

func dropped(kind string) bool {
	switch kind {
	case "comment", "interface_declaration", "type_alias_declaration", "type_parameters", "html_comment", "asserts", "type_predicate":
		return true
	}
	return false
}

func unquote(text string) string {
	if len(text) < 2 {
		return ""
	}
	text = text[1 : len(text)-1]
	if !strings.Contains(text, `\`) {
		return text
	}
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			out.WriteByte(text[i])
			continue
		}
		size := escapeSize(text[i:])
		out.WriteString(unescape(text[i : i+size]))
		i += size - 1
	}
	return out.String()
}
