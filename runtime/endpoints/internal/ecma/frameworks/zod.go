package frameworks

import (
	"maps"

	"previewd/runtime/endpoints/internal/ecma/eval"
)

// typed is a schema of zod or TypeBox, as JSON schema.
type typed struct {
	schema   map[string]any
	optional bool
}

// Zod is the package zod: its builders, as far as JSON schema has words for them.
func Zod(*eval.Machine) eval.Value {
	z := &eval.Partial{Name: "zod", Props: map[string]eval.Value{}}
	for name, typ := range map[string]string{"string": "string", "number": "number", "boolean": "boolean", "int": "integer", "bigint": "integer", "date": "string", "email": "string", "uuid": "string", "url": "string"} {
		z.Props[name] = eval.Native(name, func(*eval.Call) eval.Value { return simple(name, typ) })
	}
	z.Props["object"] = eval.Native("object", func(c *eval.Call) eval.Value { return zodObject(c.M, c.Arg(0)) })
	z.Props["strictObject"] = z.Props["object"]
	z.Props["array"] = eval.Native("array", func(c *eval.Call) eval.Value { return arrayOf(c.M, c.Arg(0)) })
	z.Props["enum"] = eval.Native("enum", func(c *eval.Call) eval.Value { return choices(c.Arg(0)) })
	z.Props["nativeEnum"] = z.Props["enum"]
	z.Props["literal"] = eval.Native("literal", func(c *eval.Call) eval.Value {
		return &typed{schema: map[string]any{"const": eval.ToJSON(c.Arg(0))}}
	})
	z.Props["coerce"] = z
	z.Props["z"], z.Props["default"] = z, z
	return z
}

func simple(name, typ string) *typed {
	schema := map[string]any{"type": typ}
	switch name {
	case "date":
		schema["format"] = "date-time"
	case "email", "uuid":
		schema["format"] = name
	case "url":
		schema["format"] = "uri"
	}
	return &typed{schema: schema}
}

func choices(v eval.Value) eval.Value {
	var all []any
	switch v := v.(type) {
	case *eval.Array:
		all, _ = eval.ToJSON(v).([]any)
	case *eval.Object:
		for _, key := range v.Keys() {
			one, _ := v.Own(key)
			all = append(all, eval.ToJSON(one))
		}
	}
	return &typed{schema: map[string]any{"type": "string", "enum": all}}
}

func arrayOf(m *eval.Machine, v eval.Value) eval.Value {
	schema := map[string]any{"type": "array"}
	if items := schemaOf(m, v, 0); items != nil {
		schema["items"] = items
	}
	return &typed{schema: schema}
}

func zodObject(m *eval.Machine, v eval.Value) *typed {
	properties := map[string]any{}
	var required []any
	for _, key := range eval.Keys(v) {
		field, ok := m.Get(v, key).(*typed)
		if !ok {
			properties[key] = map[string]any{}
			continue
		}
		properties[key] = field.schema
		if _, byDefault := field.schema["default"]; !field.optional && !byDefault {
			required = append(required, key)
		}
	}
	schema := map[string]any{"type": "object", "properties": properties}
	if len(required) > 0 {
		schema["required"] = required
	}
	return &typed{schema: schema}
}

// Get is a refinement: it gives a new schema.
func (t *typed) Get(_ *eval.Machine, name string) eval.Value {
	return eval.Native(name, func(c *eval.Call) eval.Value {
		next := &typed{schema: maps.Clone(t.schema), optional: t.optional}
		arg := eval.ToJSON(c.Arg(0))
		switch name {
		case "parse", "parseAsync":
			return t.parse(c)
		case "safeParse", "safeParseAsync":
			return eval.ObjectOf(map[string]eval.Value{"success": eval.Unsure(true), "data": t.parse(c)})
		case "optional", "nullish", "partial":
			next.optional = true
			if name == "partial" {
				next.optional = t.optional
				delete(next.schema, "required")
			}
		case "default":
			next.schema["default"] = arg
		case "describe":
			next.schema["description"] = arg
		case "int":
			next.schema["type"] = "integer"
		case "email", "uuid", "datetime":
			next.schema["format"] = map[string]string{"email": "email", "uuid": "uuid", "datetime": "date-time"}[name]
		case "url":
			next.schema["format"] = "uri"
		case "min", "max":
			next.bound(name, arg)
		case "array":
			next.schema = map[string]any{"type": "array", "items": t.schema}
		case "extend", "merge":
			next.extend(c)
		}
		return next
	})
}

// parse is what checking a value gives: of the environment, what it says, or the defaults.
func (t *typed) parse(c *eval.Call) eval.Value {
	properties, ok := t.schema["properties"].(map[string]any)
	if !ok {
		return &eval.Unknown{Label: "parsed"}
	}
	parsed := &eval.Partial{Name: "parsed", Props: map[string]eval.Value{}}
	for name, schema := range properties {
		v := c.M.Get(c.Arg(0), name)
		told, _ := schema.(map[string]any)
		if byDefault, there := told["default"]; there && !isText(v) {
			v = eval.Soften(eval.FromJSON(byDefault))
		}
		parsed.Props[name] = v
	}
	return parsed
}

func (t *typed) bound(name string, arg any) {
	if arg == nil {
		return
	}
	key := map[string]string{"string": name + "Length", "array": name + "Items"}[kind(t.schema)]
	if key == "" {
		key = name + "imum"
	}
	t.schema[key] = arg
}

func kind(schema map[string]any) string {
	s, _ := schema["type"].(string)
	return s
}

// extend adds the properties of an object, or of another schema.
func (t *typed) extend(c *eval.Call) {
	more, ok := c.Arg(0).(*typed)
	if !ok {
		more = zodObject(c.M, c.Arg(0))
	}
	properties := map[string]any{}
	for _, schema := range []map[string]any{t.schema, more.schema} {
		own, _ := schema["properties"].(map[string]any)
		maps.Copy(properties, own)
	}
	t.schema["properties"] = properties
	own, _ := t.schema["required"].([]any)
	added, _ := more.schema["required"].([]any)
	t.schema["required"] = append(append([]any{}, own...), added...)
}

// TypeBox is the package @sinclair/typebox.
func TypeBox(*eval.Machine) eval.Value {
	t := &eval.Partial{Name: "Type", Props: map[string]eval.Value{}}
	for name, typ := range map[string]string{"String": "string", "Number": "number", "Integer": "integer", "Boolean": "boolean", "Null": "null"} {
		t.Props[name] = eval.Native(name, func(c *eval.Call) eval.Value {
			made := &typed{schema: map[string]any{"type": typ}}
			if options, ok := eval.ToJSON(c.Arg(0)).(map[string]any); ok {
				maps.Copy(made.schema, options)
			}
			return made
		})
	}
	t.Props["Object"] = eval.Native("Object", func(c *eval.Call) eval.Value { return zodObject(c.M, c.Arg(0)) })
	t.Props["Array"] = eval.Native("Array", func(c *eval.Call) eval.Value { return arrayOf(c.M, c.Arg(0)) })
	t.Props["Optional"] = eval.Native("Optional", func(c *eval.Call) eval.Value {
		if inner, ok := c.Arg(0).(*typed); ok {
			return &typed{schema: inner.schema, optional: true}
		}
		return c.Arg(0)
	})
	return &eval.Partial{Name: "typebox", Props: map[string]eval.Value{"Type": t, "t": t}}
}
