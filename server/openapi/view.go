package openapi

import (
	"html/template"
	"slices"
	"strings"
)

// view is the page in the template's words.
type view struct {
	Style       template.CSS
	Title       string
	Version     string
	Summary     string
	Description template.HTML
	Schemes     []scheme
	Groups      []group
	Headers     []parameter
	Schemas     []component
}

type scheme struct {
	Name        string
	How         string
	Description template.HTML
}

// group is the operations of a tag.
type group struct {
	ID, Name    string
	Description template.HTML
	Operations  []operation
	Events      []operation // what is sent to the reader's own server
}

// component is a schema that has a name.
type component struct {
	Name   string
	Schema schema
}

func newView(root object) (view, error) {
	b := builder{root: root}
	v := view{
		Style: template.CSS(pageStyle), //nolint:gosec // it is embedded
		Title: textAt(root, "info", "title"), Version: textAt(root, "info", "version"), Summary: textAt(root, "info", "summary"),
		Description: b.markdown(textAt(root, "info", "description")),
		Schemes:     b.schemes(),
		Groups:      b.groups(),
		Headers:     b.headers(),
		Schemas:     b.components(),
	}
	return v, b.err
}

// builder reads a document. It keeps the first error.
type builder struct {
	root object
	err  error
}

func (b *builder) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

// resolve follows a reference into the components.
func (b *builder) resolve(o object) object {
	if path, found := strings.CutPrefix(textAt(o, "$ref"), "#/"); found {
		return b.resolve(objectAt(b.root, strings.Split(path, "/")...))
	}
	return o
}

func (b *builder) schemes() []scheme {
	var list []scheme
	for _, item := range objectAt(b.root, "components", "securitySchemes") {
		how := "Authorization: Bearer …"
		switch textAt(item.Value, "in") {
		case "header":
			how = textAt(item.Value, "name") + ": …"
		case "query":
			how = "?" + textAt(item.Value, "name") + "=…"
		}
		list = append(list, scheme{Name: name(item), How: how, Description: b.markdown(textAt(item.Value, "description"))})
	}
	return list
}

func (b *builder) groups() []group {
	var list []group
	for _, tag := range listAt(b.root, "tags") {
		g := group{Name: textAt(tag, "name"), Description: b.markdown(textAt(tag, "description"))}
		g.ID = "tag-" + strings.ToLower(g.Name)
		g.Operations = b.operations("paths", g.Name)
		g.Events = b.operations("webhooks", g.Name)
		list = append(list, g)
	}
	return list
}

// operations are those of a section that have a tag.
func (b *builder) operations(section, tag string) []operation {
	var list []operation
	for _, path := range objectAt(b.root, section) {
		item, _ := path.Value.(object)
		for _, member := range item {
			op, _ := member.Value.(object)
			if slices.Contains(listAt(op, "tags"), any(tag)) {
				list = append(list, b.operation(name(path), name(member), item, op))
			}
		}
	}
	return list
}

// headers are those of answers, each once.
func (b *builder) headers() []parameter {
	var list []parameter
	for _, path := range objectAt(b.root, "paths") {
		for _, method := range methods() {
			for _, response := range objectAt(path.Value, method, "responses") {
				given, _ := response.Value.(object)
				list = b.addHeaders(list, objectAt(b.resolve(given), "headers"))
			}
		}
	}
	slices.SortFunc(list, func(x, y parameter) int { return strings.Compare(x.Name, y.Name) })
	return list
}

func (b *builder) addHeaders(list []parameter, headers object) []parameter {
	for _, item := range headers {
		if slices.ContainsFunc(list, func(p parameter) bool { return p.Name == name(item) }) {
			continue
		}
		given, _ := item.Value.(object)
		header := b.parameter(b.resolve(given))
		header.Name = name(item)
		list = append(list, header)
	}
	return list
}

func (b *builder) components() []component {
	var list []component
	for _, item := range objectAt(b.root, "components", "schemas") {
		o, _ := item.Value.(object)
		list = append(list, component{Name: name(item), Schema: b.schema(o)})
	}
	slices.SortFunc(list, func(x, y component) int { return strings.Compare(x.Name, y.Name) })
	return list
}
