package frameworks

import (
	"slices"
	"sort"

	"previewd/runtime/endpoints/internal/ecma/eval"
)

// Describe adds to a route what its framework was told of parameters and bodies: Fastify's schema and zod-openapi's
// definition.
func Describe(m *eval.Machine, r *Route) {
	o, ok := r.Options.(*eval.Object)
	if !ok {
		return
	}
	if request, ok := m.Get(o, "request").(*eval.Object); ok {
		r.honoRequest(m, request)
		r.Answer = firstAnswer(m, m.Get(o, "responses"))
		return
	}
	for place, in := range map[string]string{"params": "path", "querystring": "query", "query": "query", "headers": "header"} {
		r.addParams(schemaOf(m, m.Get(o, place), 0), in)
	}
	if schema := schemaOf(m, m.Get(o, "body"), 0); schema != nil {
		r.Body = &Schema{Value: schema}
	}
	r.Answer = firstAnswer(m, m.Get(o, "response"))
	sort.SliceStable(r.Params, func(i, j int) bool { return place(r.Params[i].In) < place(r.Params[j].In) })
}

func place(in string) int { return slices.Index([]string{"path", "query", "header"}, in) }

func (r *Route) honoRequest(m *eval.Machine, request *eval.Object) {
	for _, part := range [][2]string{{"params", "path"}, {"query", "query"}, {"headers", "header"}} {
		r.addParams(schemaOf(m, m.Get(request, part[0]), 0), part[1])
	}
	if schema := mediaSchema(m, m.Get(request, "body")); schema != nil {
		r.Body = &Schema{Value: schema}
	}
}

// mediaSchema is the schema of {content: {"application/json": {schema}}}.
func mediaSchema(m *eval.Machine, v eval.Value) map[string]any {
	content, ok := v.(*eval.Object)
	if !ok {
		return nil
	}
	media, ok := m.Get(m.Get(content, "content"), "application/json").(*eval.Object)
	if !ok {
		return nil
	}
	return schemaOf(m, m.Get(media, "schema"), 0)
}

// firstAnswer is the schema of the first good answer.
func firstAnswer(m *eval.Machine, v eval.Value) *Schema {
	answers, ok := v.(*eval.Object)
	if !ok {
		return nil
	}
	for _, code := range []string{"200", "201", "2xx", "default"} {
		answer, ok := answers.Own(code)
		if !ok {
			continue
		}
		schema := mediaSchema(m, answer)
		if schema == nil {
			schema = schemaOf(m, answer, 0)
		}
		if describes(schema) {
			return &Schema{Value: schema}
		}
	}
	return nil
}

// describes reports whether a schema says anything of the shape of a value.
func describes(schema map[string]any) bool {
	for _, key := range []string{"type", "properties", "items", "anyOf", "oneOf", "allOf"} {
		if _, ok := schema[key]; ok {
			return true
		}
	}
	return false
}

func (r *Route) addParams(object map[string]any, in string) {
	properties, ok := object["properties"].(map[string]any)
	if !ok {
		return
	}
	required, _ := object["required"].([]any)
	names := make([]string, 0, len(properties))
	for name := range properties {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		p := Param{Name: name, In: in, Required: in == "path" || slices.Contains(required, any(name))}
		if told, ok := properties[name].(map[string]any); ok {
			p.Type, _ = told["type"].(string)
			p.Format, _ = told["format"].(string)
			p.Description, _ = told["description"].(string)
			p.Default, p.Example = told["default"], told["example"]
			choices, _ := told["enum"].([]any)
			for _, choice := range choices {
				if s, ok := choice.(string); ok {
					p.Enum = append(p.Enum, s)
				}
			}
		}
		r.Params = append(r.Params, p)
	}
}

// schemaOf is the JSON schema in a value: written as one, or made by zod or TypeBox.
func schemaOf(m *eval.Machine, v eval.Value, depth int) map[string]any {
	if depth > 12 || !m.Step() {
		return nil
	}
	switch v := v.(type) {
	case *typed:
		return v.schema
	case *eval.Object:
		written := eval.NewObject()
		for _, key := range v.Keys() {
			inner := m.Get(v, key)
			if schema := schemaOf(m, inner, depth+1); schema != nil {
				if _, ok := inner.(*eval.Array); !ok {
					written.Put(key, &typed{schema: schema})
					continue
				}
			}
			written.Put(key, inner)
		}
		return toJSON(written)
	}
	return nil
}

// toJSON is eval.ToJSON that knows the schemas of libraries.
func toJSON(o *eval.Object) map[string]any {
	out := map[string]any{}
	for _, key := range o.Keys() {
		v, _ := o.Own(key)
		if t, ok := v.(*typed); ok {
			out[key] = t.schema
		} else if got := eval.ToJSON(v); got != nil {
			out[key] = got
		}
	}
	return out
}
