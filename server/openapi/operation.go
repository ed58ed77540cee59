package openapi

import (
	"bytes"
	"encoding/json"
	"html/template"
	"net/http"
	"strconv"
	"strings"
)

// operation is one method of one path.
type operation struct {
	ID, Method, Path string
	Summary          string
	Description      template.HTML
	Access           [][]string // names of schemes, of which one list is needed
	Parameters       []parameter
	Bodies           []media
	Optional         bool // the body may be left out
	Answers          []answer
	Curl             string
}

type parameter struct {
	Name, In    string
	Required    bool
	Schema      schema
	Description template.HTML
}

// media is a body in one content type.
type media struct {
	Type     string
	Schema   schema
	Examples []example
}

type example struct {
	Name, Summary string
	Text          template.HTML
}

type answer struct {
	Status, Words string
	Good          bool
	Description   template.HTML
	Headers       []string
	Bodies        []media
}

func (b *builder) operation(path, method string, item, op object) operation {
	o := operation{
		ID: textAt(op, "operationId"), Method: strings.ToUpper(method), Path: path, Summary: textAt(op, "summary"),
		Description: b.markdown(textAt(op, "description")), Access: b.access(op),
	}
	for _, p := range append(listAt(item, "parameters"), listAt(op, "parameters")...) {
		given, _ := p.(object)
		o.Parameters = append(o.Parameters, b.parameter(b.resolve(given)))
	}
	body := objectAt(op, "requestBody")
	o.Bodies, o.Optional = b.media(objectAt(body, "content")), body != nil && at(body, "required") != true
	for _, item := range objectAt(op, "responses") {
		given, _ := item.Value.(object)
		o.Answers = append(o.Answers, b.answer(name(item), b.resolve(given)))
	}
	if strings.HasPrefix(path, "/") {
		o.Curl = b.curl(path, method, item, op)
	}
	return o
}

func (b *builder) parameter(o object) parameter {
	return parameter{
		Name: textAt(o, "name"), In: textAt(o, "in"), Required: at(o, "required") == true,
		Schema: b.schema(objectAt(o, "schema")), Description: b.markdown(textAt(o, "description")),
	}
}

// access lists what opens the operation.
func (b *builder) access(op object) [][]string {
	security := at(op, "security")
	if security == nil {
		security = at(b.root, "security")
	}
	list, _ := security.([]any)
	var ways [][]string
	for _, way := range list {
		o, _ := way.(object)
		var all []string
		for _, item := range o {
			all = append(all, name(item))
		}
		ways = append(ways, all)
	}
	return ways
}

func (b *builder) answer(status string, o object) answer {
	a := answer{Status: status, Good: status < "4", Description: b.markdown(textAt(o, "description")), Bodies: b.media(objectAt(o, "content"))}
	if code, err := strconv.Atoi(status); err == nil {
		a.Words = http.StatusText(code)
	}
	for _, item := range objectAt(o, "headers") {
		a.Headers = append(a.Headers, name(item))
	}
	return a
}

func (b *builder) media(content object) []media {
	var list []media
	for _, item := range content {
		o, _ := item.Value.(object)
		list = append(list, media{Type: name(item), Schema: b.schema(objectAt(o, "schema")), Examples: b.examples(o)})
	}
	return list
}

func (b *builder) examples(o object) []example {
	var list []example
	if value := at(o, "example"); value != nil {
		list = append(list, example{Text: highlight(b.pretty(value))})
	}
	for _, item := range objectAt(o, "examples") {
		list = append(list, example{Name: name(item), Summary: textAt(item.Value, "summary"), Text: highlight(b.pretty(at(item.Value, "value")))})
	}
	return list
}

// pretty is JSON with a line per member; a text stays as it is.
func (b *builder) pretty(value any) string {
	if text, is := value.(string); is {
		return strings.TrimSpace(text)
	}
	text, err := encode(value)
	if err != nil {
		b.fail(err)
		return ""
	}
	var out bytes.Buffer
	if err := json.Indent(&out, text, "", "  "); err != nil {
		b.fail(err)
	}
	return out.String()
}
