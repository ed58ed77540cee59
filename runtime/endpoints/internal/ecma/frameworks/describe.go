package frameworks

import (
	"previewd/runtime/endpoints/internal/ecma/ast"
	"previewd/runtime/endpoints/internal/ecma/eval"
)

// describeParams reads what the decorated parameters of a controller's method tell.
func describeParams(m *eval.Machine, c *eval.Class, member *eval.Member, r *Route) {
	for _, p := range member.Params {
		in, ok := eval.Text(p.Meta[metaIn])
		if !ok {
			continue
		}
		name, named := eval.Text(p.Meta[metaName])
		typ, _ := m.TypeIn(p.Type, c).(*eval.Class)
		switch {
		case in == "body" && typ != nil:
			r.Body = &Schema{Value: classSchema(m, typ, 0)}
		case in == "body":
		case named:
			r.Params = append(r.Params, Param{Name: name, In: in, Type: jsonType(p.Type), Required: in == "path"})
		case typ != nil:
			for _, field := range typ.AllMembers() {
				if field.Field && !field.Static {
					r.Params = append(r.Params, Param{Name: field.Name, In: in, Type: jsonType(field.Type), Required: in == "path" || !optionalField(field)})
				}
			}
		}
	}
}

// jsonType is the JSON schema's type for an annotation, "" when it has none of the simple ones.
func jsonType(annotation *ast.Node) string {
	if annotation == nil {
		return ""
	}
	if annotation.First() != nil && annotation.First().Kind == "array_type" {
		return "array"
	}
	switch eval.TypeName(annotation) {
	case "string", "Date":
		return "string"
	case "number":
		return "number"
	case "boolean":
		return "boolean"
	case "Array":
		return "array"
	}
	return ""
}

func optionalField(field *eval.Member) bool {
	_, marked := field.Meta[metaHidden]
	return marked || field.Node.Has("?") || field.Node.Get("value") != nil
}

// classSchema is the JSON schema of a class that describes a body.
func classSchema(m *eval.Machine, c *eval.Class, depth int) any {
	properties := map[string]any{}
	var required []any
	for _, field := range c.AllMembers() {
		if !field.Field || field.Static || len(properties) > 200 {
			continue
		}
		properties[field.Name] = fieldSchema(m, c, field, depth)
		if !optionalField(field) {
			required = append(required, field.Name)
		}
	}
	schema := map[string]any{"type": "object", "properties": properties}
	if len(required) > 0 {
		schema["required"] = required
	}
	return schema
}

func fieldSchema(m *eval.Machine, c *eval.Class, field *eval.Member, depth int) any {
	schema := map[string]any{}
	typ := jsonType(field.Type)
	if typ != "" {
		schema["type"] = typ
	}
	if inner, ok := m.TypeIn(field.Type, c).(*eval.Class); ok && depth < 5 {
		nested := classSchema(m, inner, depth+1)
		if typ != "array" {
			return nested
		}
		schema["items"] = nested
	}
	told := eval.ToJSON(field.Meta[metaSummary])
	if told == nil {
		told = eval.ToJSON(field.Meta[metaHidden])
	}
	if told, ok := told.(map[string]any); ok {
		for _, key := range []string{"description", "example", "default", "enum", "format", "minimum", "maximum", "minLength", "maxLength"} {
			if v, there := told[key]; there {
				schema[key] = v
			}
		}
	}
	return schema
}
