package golang

import (
	"strconv"
	"strings"

	"previewd/runtime/endpoints/internal/route"
)

// annotateParameter reads `name in type required "comment"` (swaggo's @Param).
func annotateParameter(e *route.Endpoint, line string) {
	words := strings.Fields(line)
	if len(words) < 4 {
		return
	}
	in := route.Place(words[1])
	switch in {
	case route.InPath, route.InQuery, route.InHeader:
	default:
		return // bodies and forms have schemas that are Go types
	}
	p := route.Parameter{Name: words[0], In: in, Type: swagType(words[2])}
	p.Required, _ = strconv.ParseBool(words[3])
	p.Required = p.Required || in == route.InPath
	if _, comment, ok := strings.Cut(line, `"`); ok {
		p.Description, _, _ = strings.Cut(comment, `"`)
	}
	e.Parameters = append(e.Parameters, p)
}

func swagType(name string) string {
	switch name {
	case "int", "int32", "int64", "uint", "uint64", "uint32", "integer":
		return "integer"
	case "float32", "float64", "number":
		return "number"
	case "bool", "boolean":
		return "boolean"
	}
	if strings.HasPrefix(name, "[]") {
		return "array"
	}
	return "string"
}
