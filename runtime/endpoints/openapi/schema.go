package openapi

import (
	"encoding/json"

	"github.com/pb33f/go-yaml"
	"github.com/pb33f/libopenapi/datamodel/high/base"

	"previewd/runtime/endpoints/internal/route"
)

// Bounds on schemas: references are written out, which a hostile document could make endless.
const (
	maxSchemaDepth = 12
	maxSchemaNodes = 1000   // of one schema
	maxAllNodes    = 60_000 // of one document
	maxSchemaBytes = 64 << 10
)

// writer writes schemas as JSON, with what they refer to in place.
type writer struct {
	all, nodes int
	within     map[string]bool // references being written
}

// write is a schema, nil when there is none or it is too long.
func (w *writer) write(s *base.SchemaProxy) json.RawMessage {
	if s == nil {
		return nil
	}
	w.nodes, w.within = 0, map[string]bool{}
	text, err := json.Marshal(w.schema(s, 0))
	if err != nil || len(text) > maxSchemaBytes {
		return nil
	}
	return text
}

// schema is one as an ordered object; an empty one, which allows everything, where there is too much of it.
func (w *writer) schema(s *base.SchemaProxy, depth int) object {
	w.nodes++
	w.all++
	if s == nil || depth > maxSchemaDepth || w.nodes > maxSchemaNodes || w.all > maxAllNodes {
		return object{}
	}
	if s.IsReference() {
		ref := s.GetReference()
		if w.within[ref] {
			return object{}
		}
		w.within[ref] = true
		defer delete(w.within, ref)
	}
	is := s.Schema()
	if is == nil {
		return object{}
	}
	return w.members(is, depth)
}

func (w *writer) members(is *base.Schema, depth int) object {
	o := object{}
	switch {
	case len(is.Type) == 1:
		o = o.with("type", is.Type[0])
	case len(is.Type) > 1:
		o = o.with("type", is.Type)
	}
	o = o.text("title", is.Title).text("description", is.Description).text("format", is.Format).text("pattern", is.Pattern)
	o = o.node("default", is.Default).node("example", is.Example).node("const", is.Const)
	if len(is.Examples) > 0 {
		o = o.node("example", is.Examples[0])
	}
	if len(is.Enum) > 0 {
		var all []json.RawMessage
		for _, node := range is.Enum {
			all = append(all, value(node))
		}
		o = o.with("enum", all)
	}
	o = bounds(o, is)
	return w.nested(o, is, depth)
}

func bounds(o object, is *base.Schema) object {
	o = limit(limit(o, "minimum", is.Minimum), "maximum", is.Maximum)
	o = limit(limit(o, "minLength", is.MinLength), "maxLength", is.MaxLength)
	o = limit(limit(o, "minItems", is.MinItems), "maxItems", is.MaxItems)
	if is.Nullable != nil && *is.Nullable {
		o = o.with("nullable", true)
	}
	if is.ReadOnly != nil && *is.ReadOnly {
		o = o.with("readOnly", true)
	}
	return o
}

func limit[N int64 | float64](o object, name string, v *N) object {
	if v == nil {
		return o
	}
	return o.with(name, *v)
}

func (w *writer) nested(o object, is *base.Schema, depth int) object {
	if is.Properties != nil && is.Properties.Len() > 0 {
		properties := object{}
		for name, p := range is.Properties.FromOldest() {
			properties = properties.with(name, w.schema(p, depth+1))
		}
		o = o.with("properties", properties)
	}
	if len(is.Required) > 0 {
		o = o.with("required", is.Required)
	}
	if is.Items != nil && is.Items.IsA() {
		o = o.with("items", w.schema(is.Items.A, depth+1))
	}
	if is.AdditionalProperties != nil && is.AdditionalProperties.IsA() {
		o = o.with("additionalProperties", w.schema(is.AdditionalProperties.A, depth+1))
	}
	for _, group := range []struct {
		name string
		all  []*base.SchemaProxy
	}{{"allOf", is.AllOf}, {"oneOf", is.OneOf}, {"anyOf", is.AnyOf}} {
		if len(group.all) == 0 {
			continue
		}
		list := make([]object, 0, len(group.all))
		for _, s := range group.all {
			list = append(list, w.schema(s, depth+1))
		}
		o = o.with(group.name, list)
	}
	return o
}

// describe tells of a parameter what its schema says.
func (w *writer) describe(p *route.Parameter, s *base.SchemaProxy) {
	if s == nil {
		return
	}
	is := s.Schema()
	for _, one := range orNothing(is).AnyOf { // `str | None`
		if len(orNothing(is).Type) == 0 && one.Schema() != nil && !only(one.Schema().Type, "null") {
			first := *one.Schema()
			if first.Default == nil {
				first.Default = is.Default
			}
			is = &first
		}
	}
	if is == nil {
		return
	}
	for _, t := range is.Type {
		if t != "null" {
			p.Type = t
			break
		}
	}
	p.Format, p.Default, p.Example = is.Format, value(is.Default), value(is.Example)
	if p.Example == nil && len(is.Examples) > 0 {
		p.Example = value(is.Examples[0])
	}
	for _, node := range is.Enum {
		p.Enum = append(p.Enum, node.Value)
	}
	if p.Description == "" {
		p.Description = is.Description
	}
}

func orNothing(s *base.Schema) *base.Schema {
	if s == nil {
		return &base.Schema{}
	}
	return s
}

func only(list []string, name string) bool { return len(list) == 1 && list[0] == name }

// value is a node as JSON, nil when it is none.
func value(node *yaml.Node) json.RawMessage {
	if node == nil {
		return nil
	}
	var v any
	if err := node.Decode(&v); err != nil {
		return nil
	}
	text, err := json.Marshal(v)
	if err != nil || len(text) > maxSchemaBytes {
		return nil
	}
	return text
}
