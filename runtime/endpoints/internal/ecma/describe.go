package ecma

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"previewd/runtime/endpoints/internal/ecma/ast"
	"previewd/runtime/endpoints/internal/ecma/docs"
	"previewd/runtime/endpoints/internal/ecma/eval"
	"previewd/runtime/endpoints/internal/ecma/frameworks"
	"previewd/runtime/endpoints/internal/route"
	"previewd/runtime/endpoints/internal/urlpath"
)

// describe makes endpoints of routes: parameters, summaries and schemas are added.
func (s *search) describe(m *eval.Machine, routes []frameworks.Route) []route.Endpoint {
	found := make([]route.Endpoint, 0, len(routes))
	for _, r := range routes {
		if len(found) > 10_000 {
			break
		}
		e := route.Endpoint{
			Path: r.Path, Method: r.Method, Summary: r.Summary, Description: r.Text, Tags: slices.Clone(r.Tags), Name: r.Name,
			Source: route.Source{File: r.Site.File, Line: r.Site.Line}, Builtin: r.Builtin,
		}
		frameworks.Describe(m, &r)
		for _, p := range r.Params {
			e.Parameters = append(e.Parameters, parameter(p))
		}
		e.RequestSchema, e.ResponseSchema = encoded(r.Body), encoded(r.Answer)
		comments(&e, r)
		handlers(&e, r)
		pathParameters(&e)
		found = append(found, e)
	}
	return found
}

func parameter(p frameworks.Param) route.Parameter {
	made := route.Parameter{Name: p.Name, In: route.Place(p.In), Type: p.Type, Format: p.Format, Required: p.Required, Description: p.Description, Enum: p.Enum}
	if p.Default != nil {
		made.Default, _ = json.Marshal(p.Default)
	}
	if p.Example != nil {
		made.Example, _ = json.Marshal(p.Example)
	}
	return made
}

func encoded(schema *frameworks.Schema) json.RawMessage {
	if schema == nil || schema.Value == nil {
		return nil
	}
	data, err := json.Marshal(schema.Value)
	if err != nil || len(data) > 1<<20 {
		return nil
	}
	return data
}

// comments adds what stands before the route, or before its handler.
func comments(e *route.Endpoint, r frameworks.Route) {
	source := r.Site.Mod.Source()
	if r.Site.Node == nil || source == nil {
		return
	}
	for _, offset := range commented(source, r.Site.Node) {
		if tell(e, docs.Before(source, offset)) {
			return
		}
	}
	if len(r.Handlers) == 0 {
		return
	}
	for _, f := range eval.Handles(r.Handlers[len(r.Handlers)-1], 0) {
		if f.Mod != nil && tell(e, docs.Before(f.Mod.Source(), lineStart(f.Mod.Source(), f.Node.Start))) {
			return
		}
	}
}

// commented are the places before which a comment on the route may stand: the verb in a chain, or the whole statement.
func commented(source []byte, n *ast.Node) []int {
	callee := n.Get("function")
	if callee == nil || callee.Get("property") == nil {
		return []int{lineStart(source, n.Start)}
	}
	at := []int{callee.Get("property").Start}
	object := callee.Get("object")
	if object == nil || object.Kind != "call_expression" || bytes.Contains(source[object.Start:object.End], []byte(".route(")) && bytes.Count(source[object.Start:object.End], []byte("\n")) == 0 {
		at = append(at, lineStart(source, n.Start))
	}
	return at
}

// lineStart is where the text of the line begins.
func lineStart(source []byte, offset int) int {
	start := bytes.LastIndexByte(source[:min(offset, len(source))], '\n') + 1
	return start + len(source[start:]) - len(bytes.TrimLeft(source[start:], " \t"))
}

// tell takes over what a comment says, and reports whether it says anything.
func tell(e *route.Endpoint, comment string) bool {
	if comment == "" {
		return false
	}
	told := docs.Read(comment, e.Method, e.Path)
	if told.Summary == "" && told.Description == "" && told.Body == nil && len(told.Params) == 0 {
		return false
	}
	if e.Summary == "" {
		e.Summary, e.Description = told.Summary, told.Description
	}
	if len(e.Tags) == 0 {
		e.Tags = told.Tags
	}
	for _, p := range told.Params {
		if !hasParameter(e, p.Name) {
			e.Parameters = append(e.Parameters, route.Parameter{Name: p.Name, In: route.Place(p.In), Type: p.Type, Required: p.Required, Description: p.Description})
		}
	}
	if e.RequestSchema == nil && told.Body != nil {
		e.RequestSchema, _ = json.Marshal(told.Body)
	}
	return true
}

func hasParameter(e *route.Endpoint, name string) bool {
	return slices.ContainsFunc(e.Parameters, func(p route.Parameter) bool { return p.Name == name })
}

// handlers adds what the route's functions read of a request, where nothing else tells.
func handlers(e *route.Endpoint, r frameworks.Route) {
	var used docs.Used
	for _, h := range r.Handlers {
		for _, f := range eval.Handles(h, 0) {
			more := docs.Handler(f.Node)
			used.Query, used.Body = append(used.Query, more.Query...), append(used.Body, more.Body...)
		}
	}
	for _, name := range used.Query {
		if !hasParameter(e, name) {
			e.Parameters = append(e.Parameters, route.Parameter{Name: name, In: route.InQuery, Type: "string"})
		}
	}
	if e.RequestSchema == nil && len(used.Body) > 0 && e.Method != "GET" && e.Method != "HEAD" {
		properties := map[string]any{}
		for _, name := range used.Body {
			properties[name] = map[string]any{}
		}
		e.RequestSchema, _ = json.Marshal(map[string]any{"type": "object", "properties": properties})
	}
}

// pathParameters adds the parameters of the path that nothing else told of, and drops those that are not in it.
func pathParameters(e *route.Endpoint) {
	names := urlpath.Params(e.Path)
	e.Parameters = slices.DeleteFunc(e.Parameters, func(p route.Parameter) bool {
		return p.In == route.InPath && !slices.Contains(names, p.Name) || strings.TrimSpace(p.Name) == ""
	})
	for i, name := range names {
		at := slices.IndexFunc(e.Parameters, func(p route.Parameter) bool { return p.In == route.InPath && p.Name == name })
		if at < 0 {
			e.Parameters = slices.Insert(e.Parameters, min(i, len(e.Parameters)), route.Parameter{Name: name, In: route.InPath, Type: "string", Required: true})
			continue
		}
		e.Parameters[at].Required = true
	}
}
