package python

import (
	"bytes"
	"encoding/json"
)

// schema is a JSON schema, with what annotations can tell.
type schema struct {
	Title                string          `json:"title,omitempty"`
	Type                 string          `json:"type,omitempty"`
	Format               string          `json:"format,omitempty"`
	Description          string          `json:"description,omitempty"`
	Enum                 []value         `json:"enum,omitempty"`
	Items                *schema         `json:"items,omitempty"`
	Properties           properties      `json:"properties,omitempty"`
	Required             []string        `json:"required,omitempty"`
	AdditionalProperties *schema         `json:"additionalProperties,omitempty"`
	AnyOf                []*schema       `json:"anyOf,omitempty"`
	Default              json.RawMessage `json:"default,omitempty"`
	Examples             json.RawMessage `json:"examples,omitempty"`
	Minimum              json.RawMessage `json:"minimum,omitempty"`
	Maximum              json.RawMessage `json:"maximum,omitempty"`
	ExclusiveMinimum     json.RawMessage `json:"exclusiveMinimum,omitempty"`
	ExclusiveMaximum     json.RawMessage `json:"exclusiveMaximum,omitempty"`
	MinLength            json.RawMessage `json:"minLength,omitempty"`
	MaxLength            json.RawMessage `json:"maxLength,omitempty"`
	Pattern              string          `json:"pattern,omitempty"`

	model    bool // made of a class: a body, not a query
	nullable bool
}

// property is one field of an object. Fields keep the order of the class.
type property struct {
	name   string
	schema *schema
}

type properties []property

// MarshalJSON writes an object in the order of the fields.
func (p properties) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, one := range p {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(one.name)
		if err != nil {
			return nil, err
		}
		text, err := json.Marshal(one.schema)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(text)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func (p properties) without(name string) properties {
	var kept properties
	for _, one := range p {
		if one.name != name {
			kept = append(kept, one)
		}
	}
	return kept
}

// raw is a schema's text, nil for one that says nothing.
func (s *schema) raw() json.RawMessage {
	if s == nil {
		return nil
	}
	text, err := json.Marshal(s)
	if err != nil || string(text) == "{}" || len(text) > maxText {
		return nil
	}
	return text
}

// literal is a known value as JSON, nil for all else.
func literal(v value) json.RawMessage { return literalIn(v, 5) }

func literalIn(v value, depth int) json.RawMessage {
	if depth == 0 {
		return nil
	}
	switch v := v.(type) {
	case string, int64, float64, bool:
		text, err := json.Marshal(v)
		if err != nil {
			return nil
		}
		return text
	case *list:
		parts := make([]json.RawMessage, 0, len(v.items))
		for _, item := range v.items {
			part := literalIn(item, depth-1)
			if part == nil {
				return nil
			}
			parts = append(parts, part)
		}
		text, err := json.Marshal(parts)
		if err != nil {
			return nil
		}
		return text
	}
	return nil
}
