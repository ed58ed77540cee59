package openapi

import (
	"strings"

	"github.com/goccy/go-yaml"

	"previewd/server/problem"
)

// share moves the errors of operations into the components, each once: most operations have most of them in common.
func share(root object) object {
	var shared object
	for _, path := range objectAt(root, "paths") {
		for _, method := range methods() {
			responses := objectAt(path.Value, method, "responses")
			for i, item := range responses {
				title := titleOf(item)
				if title == "" {
					continue
				}
				shared = with(shared, title, item.Value)
				responses[i].Value = ref("responses", title)
			}
		}
	}
	for _, item := range shared {
		root = add(root, item, "components", "responses")
	}
	return root
}

// titleOf names an error by its status and codes, and "" what is none. Rate limits make another one of it.
func titleOf(item yaml.MapItem) string {
	examples := objectAt(item.Value, "content", problem.ContentType, "examples")
	if examples == nil {
		return ""
	}
	words := []string{name(item)}
	for _, example := range examples {
		words = append(words, name(example))
	}
	if at(item.Value, "headers", "X-RateLimit-Limit") != nil {
		words = append(words, "limited")
	}
	return strings.Join(words, ".")
}
