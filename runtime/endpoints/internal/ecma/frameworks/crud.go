package frameworks

import (
	"slices"

	"previewd/runtime/endpoints/internal/ecma/eval"
)

// Crud is @nestjsx/crud: a decorator that gives a controller the routes of a resource.
func Crud(*eval.Machine) eval.Value {
	return &eval.Partial{Name: "crud", Props: map[string]eval.Value{"Crud": note("Crud", metaCrud, first)}}
}

// metaCrud is the key of what Crud was told.
const metaCrud = "crud"

// crudRoutes are the routes that a controller has by Crud, below its own paths.
func crudRoutes(m *eval.Machine, c *eval.Class, base []string) []Route {
	options, ok := c.Meta[metaCrud]
	if !ok {
		return nil
	}
	told := m.Get(options, "routes")
	only, exclude := texts(m.Get(told, "only")), texts(m.Get(told, "exclude"))
	var routes []Route
	for _, r := range []struct{ name, verb, path string }{
		{"getManyBase", "GET", ""},
		{"getOneBase", "GET", "/{id}"},
		{"createOneBase", "POST", ""},
		{"createManyBase", "POST", "/bulk"},
		{"updateOneBase", "PATCH", "/{id}"},
		{"replaceOneBase", "PUT", "/{id}"},
		{"deleteOneBase", "DELETE", "/{id}"},
	} {
		if slices.Contains(exclude, r.name) || len(only) > 0 && !slices.Contains(only, r.name) {
			continue
		}
		for _, at := range combine(base, []string{r.path}, true) {
			routes = append(routes, Route{Method: r.verb, Path: at, Name: r.name, Site: eval.Site{File: c.Mod.Path, Line: c.Node.Line, Mod: c.Mod}})
		}
	}
	return routes
}
