package python

import (
	"slices"
	"strings"

	"previewd/runtime/endpoints/internal/syntax"
)

// class is a class of the project as a schema: an enumeration's values, or a model's fields.
func (a annotation) class(c *class) *schema {
	if c.derives("Enum", "IntEnum", "StrEnum") {
		return enumeration(c)
	}
	if !c.isModel() {
		return &schema{}
	}
	s := &schema{Type: "object", Title: c.name, Description: docstring(c.node), model: true}
	if slices.Contains(a.open, c) {
		return s
	}
	a.open = append(slices.Clone(a.open), c)
	for i := len(c.order) - 1; i >= 0; i-- {
		a.fields(s, c.order[i])
	}
	return s
}

// isModel reports whether a class's fields are its data.
func (c *class) isModel() bool {
	if c.derives("BaseModel", "SQLModel", "TypedDict", "NamedTuple", "Struct", "Schema", "BaseSchema", "RootModel", "GenericModel", "BaseSettings") {
		return true
	}
	return slices.ContainsFunc(c.order, func(one *class) bool { return one.data })
}

func enumeration(c *class) *schema {
	s := &schema{Title: c.name, Type: "string"}
	for _, f := range c.fields {
		switch v := c.scope.vars[f.name].(type) {
		case string:
			s.Enum = append(s.Enum, v)
		case int64:
			s.Type = "integer"
			s.Enum = append(s.Enum, v)
		case *object:
			s.Enum = append(s.Enum, strings.ToLower(f.name))
		}
	}
	return s
}

func (a annotation) genericClass(c *class, params []syntax.Node) *schema {
	inner := a
	inner.params = map[string]annotated{}
	for base := range c.node.Field("superclasses").Children() {
		name, names := generic(base)
		if name.Valid() {
			for i, n := range names {
				if i < len(params) {
					inner.params[inside(n).Text()] = annotated{frame: a.frame, node: params[i]}
				}
			}
		}
	}
	return inner.class(c)
}

// fields adds the fields that one class declares.
func (a annotation) fields(s *schema, c *class) {
	at := a.at(&frame{module: c.module, scope: c.scope})
	for _, f := range c.fields {
		if !f.annotation.Valid() || strings.HasPrefix(f.name, "_") || f.name == "model_config" {
			continue
		}
		p := at.schema(f.annotation)
		if p.Type == "null" { // a variable of the class
			continue
		}
		copied := *p
		required := !f.defaultNode.Valid()
		name := f.name
		if f.defaultNode.Valid() {
			required = at.fieldDefault(&copied, f.defaultNode, &name)
		}
		s.Properties = append(s.Properties.without(name), property{name, &copied})
		s.Required = slices.DeleteFunc(s.Required, func(r string) bool { return r == name })
		if required {
			s.Required = append(s.Required, name)
		}
	}
}

// fieldDefault reads what stands on the right of a field, and reports whether the field has to be given all the same.
func (a annotation) fieldDefault(s *schema, n syntax.Node, name *string) bool {
	if n.Is("ellipsis") {
		return true
	}
	if !n.Is("call") {
		s.Default = literal(a.in.eval(a.frame, n))
		return false
	}
	switch last(n.Field("function").Text()) {
	case "Field", "field", "Form", "Query", "Body":
	default:
		return false
	}
	given := a.in.arguments(a.frame, n)
	s.constrain(given)
	if alias := given.text(-1, "alias"); alias != "" {
		*name = alias
	}
	if given.has(-1, "default_factory") || given.has(-1, "factory") {
		return false
	}
	for arg := range n.Field("arguments").Children() {
		if arg.Is("ellipsis") || arg.Is("keyword_argument") && arg.Field("name").Text() == "default" && arg.Field("value").Is("ellipsis") {
			return true
		}
	}
	if !given.has(0, "default") {
		return true
	}
	s.Default = literal(given.at(0, "default"))
	return false
}

// constrain adds what a Field, a Query and their like say.
func (s *schema) constrain(a args) {
	if text := a.text(-1, "description"); text != "" {
		s.Description = dedent(text)
	}
	if text := a.text(-1, "title"); text != "" {
		s.Title = text
	}
	for name, to := range map[string]*[]byte{
		"ge": (*[]byte)(&s.Minimum), "le": (*[]byte)(&s.Maximum), "gt": (*[]byte)(&s.ExclusiveMinimum), "lt": (*[]byte)(&s.ExclusiveMaximum),
		"min_length": (*[]byte)(&s.MinLength), "max_length": (*[]byte)(&s.MaxLength), "examples": (*[]byte)(&s.Examples),
	} {
		if text := literal(a.named[name]); text != nil {
			*to = text
		}
	}
	if example := literal(a.named["example"]); example != nil {
		s.Examples = append(append([]byte("["), example...), ']')
	}
	for _, name := range []string{"pattern", "regex"} {
		if text := a.text(-1, name); text != "" {
			s.Pattern = text
		}
	}
}
