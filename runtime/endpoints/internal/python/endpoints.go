package python

import (
	"slices"
	"strings"

	"previewd/runtime/endpoints/internal/route"
	"previewd/runtime/endpoints/internal/urlpath"
)

// entry makes the endpoints of one registration, one for each of its methods.
func (x *expansion) entry(e *entry, path string, tags []string) {
	normal := urlpath.Clean(urlpath.Braces(urlpath.Flask(path)))
	all := unique(append(append([]string{}, tags...), e.tags...))
	for _, method := range unique(e.methods) {
		endpoint := route.Endpoint{
			Path: normal, Method: method, Tags: all, Source: e.source(), Builtin: e.builtin, Parameters: pathParameters(path, normal),
		}
		x.in.describe(&endpoint, e, method)
		x.found = append(x.found, endpoint)
	}
}

func unique(all []string) []string {
	var kept []string
	for _, s := range all {
		if !slices.Contains(kept, s) {
			kept = append(kept, s)
		}
	}
	return kept
}

// pathParameters are those of the path, with the types its converters tell.
func pathParameters(written, normal string) []route.Parameter {
	var found []route.Parameter
	for _, name := range urlpath.Params(normal) {
		p := route.Parameter{Name: name, In: route.InPath, Type: "string", Required: true}
		switch {
		case strings.Contains(written, "<int:"+name+">"), strings.Contains(written, "{"+name+":int}"):
			p.Type = "integer"
		case strings.Contains(written, "<float:"+name+">"), strings.Contains(written, "{"+name+":float}"):
			p.Type = "number"
		case strings.Contains(written, "<uuid:"+name+">"), strings.Contains(written, "{"+name+":uuid}"):
			p.Format = "uuid"
		}
		found = append(found, p)
	}
	return found
}

// describe adds the words: what the registration says, or the handler's docstring.
func (in *interpreter) describe(endpoint *route.Endpoint, e *entry, method string) {
	doc, name := in.docOf(e.handler, method)
	endpoint.Name = name
	first, rest, _ := strings.Cut(doc, "\n")
	endpoint.Summary, endpoint.Description = first, strings.TrimSpace(rest)
	if s := e.args.text(-1, "summary"); s != "" {
		endpoint.Summary, endpoint.Description = s, doc
	}
	if s := e.args.text(-1, "description"); s != "" {
		endpoint.Description = dedent(s)
	}
	for _, key := range []string{"operation_id", "name", "endpoint"} {
		if s := e.args.text(-1, key); s != "" {
			endpoint.Name = s
			break
		}
	}
	if e.kind == "fastapi" {
		in.signature(endpoint, e)
	}
}

// docOf is a handler's docstring and name.
func (in *interpreter) docOf(handler value, method string) (doc, name string) {
	switch h := handler.(type) {
	case *function:
		return docstring(h.node), h.name
	case *class:
		if m, ok := h.member(strings.ToLower(method)); ok {
			if fn, ok := m.(*function); ok {
				if doc := docstring(fn.node); doc != "" {
					return doc, h.name
				}
			}
		}
		return docstring(h.node), h.name
	case *view:
		if fn := h.action(method); fn != nil {
			return docstring(fn.node), fn.name
		}
		if h.class != nil {
			return in.docOf(h.class, method)
		}
		return "", last(h.external)
	}
	return "", ""
}
