package docs

import (
	"strings"

	"github.com/goccy/go-yaml"
)

// openAPI reads the YAML of a swagger-jsdoc comment: the operation of the method in it.
func openAPI(text, method, path string) Told {
	var paths map[string]any
	if len(text) > maxComment || yaml.Unmarshal([]byte(dedent(text)), &paths) != nil {
		return Told{}
	}
	for at, item := range paths {
		operations, ok := item.(map[string]any)
		if !ok || len(paths) > 1 && !strings.HasSuffix(path, strings.TrimSuffix(at, "/")) {
			continue
		}
		if operation, ok := operations[strings.ToLower(method)].(map[string]any); ok {
			return operationOf(operation)
		}
	}
	return Told{}
}

// dedent drops what comes before the YAML on its first lines.
func dedent(text string) string {
	_, after, _ := strings.Cut(text, "\n")
	return strings.ReplaceAll(after, "\t", "  ")
}

func operationOf(operation map[string]any) Told {
	told := Told{Summary: text(operation["summary"]), Description: text(operation["description"])}
	for _, t := range list(operation["tags"]) {
		told.Tags = append(told.Tags, text(t))
	}
	for _, raw := range list(operation["parameters"]) {
		p, ok := raw.(map[string]any)
		if !ok || text(p["name"]) == "" {
			continue
		}
		required, _ := p["required"].(bool)
		schema, _ := p["schema"].(map[string]any)
		typ := text(schema["type"])
		if typ == "" {
			typ = text(p["type"])
		}
		if text(p["in"]) != "body" {
			told.Params = append(told.Params, Param{Name: text(p["name"]), In: text(p["in"]), Type: typ, Description: text(p["description"]), Required: required})
		} else if schema != nil && !refers(schema, 0) {
			told.Body = schema
		}
	}
	told.Body = bodyOf(operation, told.Body)
	return told
}

// bodyOf is the schema of a request body in JSON, if it is written out.
func bodyOf(operation map[string]any, otherwise any) any {
	body, _ := operation["requestBody"].(map[string]any)
	content, _ := body["content"].(map[string]any)
	media, _ := content["application/json"].(map[string]any)
	if schema, ok := media["schema"].(map[string]any); ok && !refers(schema, 0) {
		return schema
	}
	return otherwise
}

// refers reports whether a schema needs others that are not here.
func refers(v any, depth int) bool {
	if depth > 20 {
		return true
	}
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			if key == "$ref" || refers(inner, depth+1) {
				return true
			}
		}
	case []any:
		for _, inner := range v {
			if refers(inner, depth+1) {
				return true
			}
		}
	}
	return false
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

func list(v any) []any {
	items, _ := v.([]any)
	return items
}
