package openapi

import (
	"fmt"
	"html/template"
	"slices"
	"strings"
)

// schema is a type for people.
type schema struct {
	Type        string // in words; a reference's name stands in Link
	Link        string // name of the component
	Enum        []string
	Facts       []string // bounds, pattern and default
	Description template.HTML
	Members     []member
}

// member is a property, or what all properties of a map are.
type member struct {
	Name     string
	Required bool
	Schema   schema
}

// schema describes one. A reference is named and not followed: the component has its own place.
func (b *builder) schema(o object) schema {
	if target, is := strings.CutPrefix(textAt(o, "$ref"), "#/components/schemas/"); is {
		return schema{Link: target}
	}
	s := schema{Type: typeOf(o), Facts: facts(o), Description: b.markdown(textAt(o, "description"))}
	for _, value := range listAt(o, "enum") {
		s.Enum = append(s.Enum, b.literal(value))
	}
	b.alternatives(&s, listAt(o, "oneOf"))
	b.together(&s, listAt(o, "allOf"))
	if items := objectAt(o, "items"); items != nil {
		of := b.schema(items)
		s.Type, s.Link, s.Enum, s.Members = strings.TrimSpace("list of "+of.Type), of.Link, of.Enum, of.Members
	}
	required := listAt(o, "required")
	for _, item := range objectAt(o, "properties") {
		given, _ := item.Value.(object)
		s.Members = append(s.Members, member{Name: name(item), Required: slices.Contains(required, any(name(item))), Schema: b.schema(given)})
	}
	if each := objectAt(o, "additionalProperties"); each != nil {
		s.Members = append(s.Members, member{Name: "*", Schema: b.schema(each)})
	}
	return s
}

// alternatives take what is told of each, joined: "string or null".
func (b *builder) alternatives(s *schema, list []any) {
	var types []string
	for _, one := range list {
		given, _ := one.(object)
		part := b.schema(given)
		if part.Link != "" {
			s.Link = part.Link
			continue
		}
		types = append(types, part.Type)
		s.Members = append(s.Members, part.Members...)
	}
	if len(types) == 0 {
		return
	}
	s.Type = strings.Join(types, " or ")
	if s.Link != "" {
		s.Type = "or " + s.Type // behind the link
	}
}

// together takes the members of all parts, those of references as well: the reader wants to see them in one place.
func (b *builder) together(s *schema, list []any) {
	for _, one := range list {
		given, _ := one.(object)
		part := b.schema(b.resolve(given))
		s.Type = "object"
		s.Members = overlay(s.Members, part.Members)
	}
}

// overlay replaces members by others of the same name, which say more.
func overlay(members, more []member) []member {
	for _, m := range more {
		same := func(other member) bool { return other.Name == m.Name }
		if i := slices.IndexFunc(members, same); i >= 0 {
			m.Required = m.Required || members[i].Required
			members[i] = m
			continue
		}
		members = append(members, m)
	}
	return members
}

func typeOf(o object) string {
	var types []string
	if one := textAt(o, "type"); one != "" {
		types = []string{one}
	}
	for _, t := range listAt(o, "type") {
		types = append(types, fmt.Sprint(t))
	}
	words := strings.Join(types, " or ")
	if format := textAt(o, "format"); format != "" {
		words += ", " + format
	}
	return words
}

// facts are what a value is held to beyond its type.
func facts(o object) []string {
	var list []string
	for _, fact := range []struct{ key, words string }{
		{"const", "always %v"},
		{"minimum", "at least %v"},
		{"maximum", "at most %v"},
		{"minLength", "at least %v characters"},
		{"maxLength", "at most %v characters"},
		{"minProperties", "at least %v members"},
		{"maxProperties", "at most %v members"},
		{"pattern", "matches %v"},
		{"default", "default %v"},
	} {
		if value := at(o, fact.key); value != nil {
			list = append(list, fmt.Sprintf(fact.words, value))
		}
	}
	return list
}

func (b *builder) literal(value any) string {
	text, err := encode(value)
	if err != nil {
		b.fail(err)
	}
	return strings.Trim(string(text), `"`)
}
