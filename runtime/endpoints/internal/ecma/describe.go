package ecma

import (
	"encoding/json"
	"slices"

	"previewd/runtime/endpoints/internal/ecma/eval"
	"previewd/runtime/endpoints/internal/ecma/frameworks"
	"previewd/runtime/endpoints/internal/route"
	"previewd/runtime/endpoints/internal/urlpath"
)

// describe makes endpoints of routes: parameters, summaries and schemas are added.
func (s *search) describe(_ *eval.Machine, routes []frameworks.Route) []route.Endpoint {
	found := make([]route.Endpoint, 0, len(routes))
	for _, r := range routes {
		if len(found) > 10_000 {
			break
		}
		e := route.Endpoint{
			Path: r.Path, Method: r.Method, Summary: r.Summary, Description: r.Text, Tags: slices.Clone(r.Tags), Name: r.Name,
			Source: route.Source{File: r.Site.File, Line: r.Site.Line}, Builtin: r.Builtin,
		}
		for _, p := range r.Params {
			e.Parameters = append(e.Parameters, route.Parameter{
				Name: p.Name, In: route.Place(p.In), Type: p.Type, Required: p.Required, Description: p.Description,
			})
		}
		pathParameters(&e)
		if r.Body != nil {
			e.RequestSchema, _ = json.Marshal(r.Body.Value)
		}
		found = append(found, e)
	}
	return found
}

// pathParameters adds the parameters of the path that nothing else told of, and drops those that are not in it.
func pathParameters(e *route.Endpoint) {
	names := urlpath.Params(e.Path)
	e.Parameters = slices.DeleteFunc(e.Parameters, func(p route.Parameter) bool {
		return p.In == route.InPath && !slices.Contains(names, p.Name)
	})
	for i, name := range names {
		at := slices.IndexFunc(e.Parameters, func(p route.Parameter) bool { return p.In == route.InPath && p.Name == name })
		if at < 0 {
			e.Parameters = slices.Insert(e.Parameters, min(i, len(e.Parameters)), route.Parameter{Name: name, In: route.InPath, Type: "string", Required: true})
		}
	}
}
