package openapitest

import (
	"encoding/json"
	"fmt"
	"maps"
)

const schemaRef = "#/components/schemas/"

// closed returns the document with every object of an answer closed, but for those that say additionalProperties: a member
// that is not described is found. The document that is given out leaves objects open, so that a client that validates
// survives an addition.
func closed(document []byte) ([]byte, error) {
	var doc map[string]any
	if err := json.Unmarshal(document, &doc); err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	schemas := childOf(doc, "components", "schemas")
	for _, schema := range schemas {
		closeWithin(schema)
	}
	closeResponses(childOf(doc, "components", "responses"), schemas)
	for _, path := range childOf(doc, "paths") {
		for _, op := range asObject(path) {
			closeResponses(childOf(op, "responses"), schemas)
		}
	}
	return json.Marshal(doc)
}

func closeResponses(responses, schemas map[string]any) {
	for _, response := range responses {
		for _, media := range childOf(response, "content") {
			closeAt(asObject(media), "schema")
			closeEvents(childOf(media, "x-events"), schemas)
		}
	}
}

// closeEvents gives a stream's events closed schemas of their own: the ones they name may be parts of others.
func closeEvents(events, schemas map[string]any) {
	for event, ref := range events {
		one := map[string]any{"": map[string]any{"$ref": ref}}
		closeAt(one, "")
		schemas["Event."+event] = one[""]
		events[event] = schemaRef + "Event." + event
	}
}

func asObject(v any) map[string]any {
	o, _ := v.(map[string]any)
	return o
}

func childOf(v any, keys ...string) map[string]any {
	for _, key := range keys {
		v = asObject(v)[key]
	}
	return asObject(v)
}

// closeAt closes the schema of a value. The parts of an allOf cannot be closed one by one: together they make the value.
func closeAt(parent map[string]any, key string) {
	schema := asObject(parent[key])
	if schema == nil {
		return
	}
	closeWithin(schema)
	if _, says := schema["additionalProperties"]; says {
		return
	}
	switch {
	case schema["$ref"] != nil: // words beside a reference are not read by everybody
		parent[key] = map[string]any{"allOf": []any{maps.Clone(schema)}, "unevaluatedProperties": false}
	case schema["properties"] != nil || schema["allOf"] != nil: // without either anything goes
		schema["unevaluatedProperties"] = false
	}
}

// closeWithin closes the values that a schema has within.
func closeWithin(v any) {
	schema := asObject(v)
	for name := range childOf(schema, "properties") {
		closeAt(childOf(schema, "properties"), name)
	}
	closeAt(schema, "items")
	closeAt(schema, "additionalProperties")
	for _, kind := range []string{"oneOf", "anyOf"} {
		list, _ := schema[kind].([]any)
		for i := range list {
			one := map[string]any{"": list[i]}
			closeAt(one, "")
			list[i] = one[""]
		}
	}
	list, _ := schema["allOf"].([]any)
	for _, part := range list {
		closeWithin(part)
	}
}
