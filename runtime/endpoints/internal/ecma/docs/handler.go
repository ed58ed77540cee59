package docs

import (
	"slices"

	"previewd/runtime/endpoints/internal/ecma/ast"
)

// Used is what a handler reads of a request.
type Used struct {
	Query []string
	Body  []string
}

// Handler looks at a function for req.query.x, req.body.x and what takes these apart. Koa's ctx.request and Hono's c.req are
// the same.
func Handler(fn *ast.Node) Used {
	var used Used
	fn.Walk(func(n *ast.Node) bool {
		switch n.Kind {
		case "member_expression":
			used.member(n)
		case "variable_declarator":
			used.taken(n.Get("name"), n.Get("value"))
		case "call_expression":
			used.called(n)
		}
		return true
	})
	return used
}

// member is req.query.x or req.body.x.
func (u *Used) member(n *ast.Node) {
	object := n.Get("object")
	if object == nil || object.Kind != "member_expression" || !request(object.Get("object")) {
		return
	}
	u.note(object.Get("property").Name(), n.Get("property").Name())
}

// taken is const {x, y} = req.body.
func (u *Used) taken(pattern, value *ast.Node) {
	for value != nil && (value.Kind == "await_expression" || value.Kind == "as_expression" || value.Kind == "parenthesized_expression") {
		value = value.First()
	}
	if pattern == nil || pattern.Kind != "object_pattern" || value == nil {
		return
	}
	place := ""
	switch {
	case value.Kind == "member_expression" && request(value.Get("object")):
		place = value.Get("property").Name()
	case value.Kind == "call_expression":
		callee := value.Get("function")
		if callee != nil && callee.Get("property").Name() == "json" && request(callee.Get("object")) {
			place = "body"
		}
	}
	for _, kid := range pattern.Kids {
		switch kid.Kind {
		case "shorthand_property_identifier_pattern":
			u.note(place, kid.Text)
		case "pair_pattern":
			u.note(place, kid.Get("key").Name())
		case "object_assignment_pattern":
			u.note(place, kid.Get("left").Name())
		}
	}
}

// called is c.req.query("x").
func (u *Used) called(n *ast.Node) {
	callee := n.Get("function")
	if callee == nil || callee.Kind != "member_expression" || callee.Get("property").Name() != "query" || !request(callee.Get("object")) {
		return
	}
	if arguments := n.Get("arguments"); arguments != nil {
		if arg := arguments.First(); arg != nil && arg.Kind == "string" {
			u.note("query", arg.Text)
		}
	}
}

// request reports whether an expression is the request: req, request, ctx, ctx.request, c.req.
func request(n *ast.Node) bool {
	if n == nil {
		return false
	}
	if n.Kind == "member_expression" {
		name := n.Get("property").Name()
		return (name == "request" || name == "req") && request(n.Get("object"))
	}
	return slices.Contains([]string{"req", "request", "ctx", "c", "context", "_req"}, n.Name())
}

func (u *Used) note(place, name string) {
	if name == "" || len(name) > 100 {
		return
	}
	switch place {
	case "query":
		if !slices.Contains(u.Query, name) && len(u.Query) < 50 {
			u.Query = append(u.Query, name)
		}
	case "body":
		if !slices.Contains(u.Body, name) && len(u.Body) < 100 && !slices.Contains([]string{"length", "map", "forEach", "filter", "toString"}, name) {
			u.Body = append(u.Body, name)
		}
	}
}
