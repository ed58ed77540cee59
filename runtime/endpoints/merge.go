package endpoints

import (
	"cmp"
	"slices"
	"strings"

	"previewd/runtime/endpoints/internal/sample"
	"previewd/runtime/endpoints/internal/urlpath"
)

// Merge joins what the source and the running app say: one endpoint per path and method, by path, then method. The names of
// parameters in paths make no difference. What the app says of an endpoint wins; the place in the source stays. A method that is
// not known from the source (AnyMethod) is replaced by those that the app tells for the path.
func Merge(static, live []Endpoint) []Endpoint {
	byKey := map[string]int{}
	all := make([]Endpoint, 0, len(static)+len(live))
	open := map[string]int{} // static endpoints of any method, by shape
	for _, e := range static {
		byKey[key(e)] = len(all)
		if e.Method == AnyMethod {
			open[shape(e.Path)] = len(all)
		}
		all = append(all, e)
	}
	replaced := map[int]bool{}
	for _, e := range live {
		at, known := byKey[key(e)]
		wide, isOpen := open[shape(e.Path)]
		switch {
		case known:
			all[at] = joined(all[at], e)
		case isOpen:
			replaced[wide] = true
			byKey[key(e)] = len(all)
			all = append(all, joined(all[wide], e))
		default:
			e.Origin = Live
			byKey[key(e)] = len(all)
			all = append(all, e)
		}
	}
	kept := all[:0]
	for i, e := range all {
		if !replaced[i] {
			kept = append(kept, complete(e))
		}
	}
	return sorted(kept)
}

func sorted(all []Endpoint) []Endpoint {
	slices.SortStableFunc(all, func(a, b Endpoint) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
	return all
}

func key(e Endpoint) string { return e.Method + " " + shape(e.Path) }

// shape is a path without the names of its parameters.
func shape(p string) string {
	var b strings.Builder
	depth := 0
	for _, r := range p {
		switch {
		case r == '{':
			if depth++; depth == 1 {
				b.WriteString("{}")
			}
		case r == '}' && depth > 0:
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// joined is an endpoint that source and app both know. Where both name the parameters of the path, the app's names are those of its
// documents.
func joined(static, live Endpoint) Endpoint {
	e := live
	e.Origin, e.Source, e.Builtin = Both, static.Source, static.Builtin || live.Builtin
	if static.Origin == Live {
		e.Origin = Live // told twice by the app
	}
	e.Summary, e.Description = cmp.Or(live.Summary, static.Summary), cmp.Or(live.Description, static.Description)
	e.Name = cmp.Or(static.Name, live.Name)
	if len(e.Tags) == 0 {
		e.Tags = static.Tags
	}
	if len(e.Parameters) == 0 {
		e.Parameters = renamed(static, live.Path)
	}
	if e.RequestSchema == nil && e.ResponseSchema == nil {
		e.RequestSchema, e.ResponseSchema = static.RequestSchema, static.ResponseSchema
	}
	if e.RequestExample == nil {
		e.RequestExample = static.RequestExample
	}
	return e
}

// renamed are an endpoint's parameters as another spelling of its path names them.
func renamed(e Endpoint, path string) []Parameter {
	from, to := urlpath.Params(e.Path), urlpath.Params(path)
	all := slices.Clone(e.Parameters)
	for i := range all {
		if at := slices.Index(from, all[i].Name); all[i].In == "path" && at >= 0 && at < len(to) {
			all[i].Name = to[at]
		}
	}
	return all
}

// complete fills in what whoever tries an endpoint needs: a value for each parameter, and a body.
func complete(e Endpoint) Endpoint {
	if e.Tags == nil {
		e.Tags = []string{}
	}
	parameters := make([]Parameter, 0, len(e.Parameters))
	for _, p := range e.Parameters {
		if p.Example == nil {
			p.Example = sample.Parameter(p.Type, p.Format, p.Enum, p.Default)
		}
		parameters = append(parameters, p)
	}
	e.Parameters = parameters
	if e.RequestExample == nil {
		e.RequestExample = sample.Of(e.RequestSchema)
	}
	return e
}
