// Package sample makes values that fit a JSON schema, to try an endpoint with.
package sample

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// Bounds on what is made of a stranger's schema.
const (
	maxDepth  = 8
	maxValues = 300
)

// Of is a value that fits the schema, nil when there is no schema or none can be made. Examples of the schema's own come first,
// then defaults, then something plain of the right type and format.
func Of(schema json.RawMessage) json.RawMessage {
	if len(schema) == 0 {
		return nil
	}
	b := &builder{}
	v, ok := b.value(schema, 0)
	if !ok || !json.Valid(v) {
		return nil
	}
	return v
}

type builder struct{ values int }

// schema is what matters of one.
type schema struct {
	Type       types             `json:"type"`
	Format     string            `json:"format"`
	Example    json.RawMessage   `json:"example"`
	Examples   []json.RawMessage `json:"examples"`
	Default    json.RawMessage   `json:"default"`
	Const      json.RawMessage   `json:"const"`
	Enum       []json.RawMessage `json:"enum"`
	Properties ordered           `json:"properties"`
	Items      json.RawMessage   `json:"items"`
	AllOf      []json.RawMessage `json:"allOf"`
	OneOf      []json.RawMessage `json:"oneOf"`
	AnyOf      []json.RawMessage `json:"anyOf"`
	ReadOnly   bool              `json:"readOnly"`
	Minimum    *float64          `json:"minimum"`
	Above      json.RawMessage   `json:"exclusiveMinimum"` // a number, or, before 3.1, whether minimum is one
	MinLength  int               `json:"minLength"`
	MinItems   int               `json:"minItems"`
}

// types are one name or several.
type types []string

func (t *types) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*t = types{one}
		return nil
	}
	var all []string
	_ = json.Unmarshal(text, &all) // anything else is no type
	*t = slices.DeleteFunc(all, func(name string) bool { return name == "null" })
	return nil
}

// ordered are an object's members in their order.
type ordered []property

type property struct {
	name string
	raw  json.RawMessage
}

func (o *ordered) UnmarshalJSON(text []byte) error {
	members := json.NewDecoder(bytes.NewReader(text))
	if token, err := members.Token(); err != nil || token != json.Delim('{') {
		return nil
	}
	for members.More() {
		token, err := members.Token()
		name, ok := token.(string)
		if err != nil || !ok {
			return nil
		}
		var raw json.RawMessage
		if members.Decode(&raw) != nil {
			return nil
		}
		*o = append(*o, property{name, raw})
	}
	return nil
}

// value makes one, unless that would go too far.
func (b *builder) value(text json.RawMessage, depth int) (json.RawMessage, bool) {
	b.values++
	var s schema
	if depth > maxDepth || b.values > maxValues || json.Unmarshal(text, &s) != nil {
		return nil, false
	}
	for _, given := range slices.Concat([]json.RawMessage{s.Example}, s.Examples, []json.RawMessage{s.Const, s.Default}, s.Enum) {
		if len(given) > 0 && string(given) != "null" {
			return given, true
		}
	}
	for _, choice := range slices.Concat(s.OneOf, s.AnyOf) {
		if v, ok := b.value(choice, depth+1); ok && string(v) != "null" {
			return v, true
		}
	}
	if len(s.AllOf) > 0 || len(s.Properties) > 0 || s.is("object") {
		return b.object(s, depth)
	}
	if s.is("array") || len(s.Items) > 0 {
		return b.array(s, depth)
	}
	return s.scalar()
}

func (s schema) is(name string) bool { return len(s.Type) > 0 && s.Type[0] == name }

// object has the members of all parts. What a client may not send is left out.
func (b *builder) object(s schema, depth int) (json.RawMessage, bool) {
	members := b.members(s, depth)
	var out bytes.Buffer
	out.WriteByte('{')
	for i, m := range members {
		if i > 0 {
			out.WriteByte(',')
		}
		name, _ := json.Marshal(m.name) // of a string
		out.Write(name)
		out.WriteByte(':')
		out.Write(m.raw)
	}
	out.WriteByte('}')
	return out.Bytes(), true
}

func (b *builder) members(s schema, depth int) []property {
	var all []property
	add := func(m property) {
		if !slices.ContainsFunc(all, func(had property) bool { return had.name == m.name }) {
			all = append(all, m)
		}
	}
	for _, part := range s.AllOf {
		var inner schema
		if b.values++; b.values > maxValues || depth > maxDepth || json.Unmarshal(part, &inner) != nil {
			continue
		}
		for _, m := range b.members(inner, depth+1) {
			add(m)
		}
	}
	for _, p := range s.Properties {
		var inner struct {
			ReadOnly bool `json:"readOnly"`
		}
		if json.Unmarshal(p.raw, &inner) == nil && inner.ReadOnly {
			continue
		}
		if v, ok := b.value(p.raw, depth+1); ok {
			add(property{p.name, v})
		}
	}
	return all
}

func (b *builder) array(s schema, depth int) (json.RawMessage, bool) {
	item, ok := b.value(s.Items, depth+1)
	if !ok {
		return json.RawMessage(`[]`), true
	}
	all := make([]string, min(max(s.MinItems, 1), 10))
	for i := range all {
		all[i] = string(item)
	}
	return json.RawMessage("[" + strings.Join(all, ",") + "]"), true
}
