package python

import (
	"encoding/json"
	"slices"
	"strings"

	"previewd/runtime/endpoints/internal/route"
	"previewd/runtime/endpoints/internal/syntax"
)

// signature adds what the parameters of a FastAPI handler tell: where each goes, its type, the body, the answer.
func (in *interpreter) signature(endpoint *route.Endpoint, e *entry) {
	fn, ok := e.handler.(*function)
	if !ok || fn.native != nil || !fn.node.Valid() {
		return
	}
	s := &signature{in: in, endpoint: endpoint, seen: map[string]bool{}}
	s.function(fn, 0)
	for _, d := range items(e.args.at(-1, "dependencies")) {
		s.depends(d, 0)
	}
	s.finish()
	endpoint.ResponseSchema = in.response(fn, e)
	if s := e.args.text(-1, "summary"); s == "" && endpoint.Summary != "" {
		endpoint.Description = docstring(fn.node)
	}
	if endpoint.Summary == "" || e.args.text(-1, "summary") == "" {
		endpoint.Summary = titled(fn.name)
	}
}

// titled is read_item as Read Item, FastAPI's own way.
func titled(name string) string {
	words := strings.Fields(strings.ReplaceAll(name, "_", " "))
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, " ")
}

type signature struct {
	in       *interpreter
	endpoint *route.Endpoint
	seen     map[string]bool
	bodies   []body
	form     *schema
}

type body struct {
	name     string
	schema   *schema
	required bool
	embed    bool
}

// function reads the parameters of a handler or of what it depends on.
func (s *signature) function(fn *function, depth int) {
	if depth > 8 || !fn.node.Valid() {
		return
	}
	at := s.in.annotationAt(&frame{module: fn.module, scope: fn.closure})
	first := true
	for p := range fn.node.Field("parameters").Children() {
		name := parameterName(p)
		skip := first && fn.class != nil && !fn.static
		first = false
		if skip || name == "" || p.Is("list_splat_pattern", "dictionary_splat_pattern", "keyword_separator", "positional_separator", "comment") {
			continue
		}
		s.parameter(at, name, p.Field("type"), p.Field("value"), depth)
	}
}

// parameter places one parameter.
func (s *signature) parameter(at annotation, name string, typ, def syntax.Node, depth int) {
	at, typ, metadata := at.peeled(typ)
	var given value
	if def.Valid() {
		given = s.in.eval(at.frame, def)
	}
	marker := markerOf(metadata, given)
	if marker != nil && isDepends(marker) {
		s.dependency(marker, at, typ, depth)
		return
	}
	if !typ.Valid() && !def.Valid() && marker == nil && !slices.Contains(pathNames(s.endpoint), name) && depth > 0 {
		return
	}
	switch at.typeName(typ) {
	case "Request", "Response", "WebSocket", "BackgroundTasks", "HTTPConnection", "SecurityScopes":
		return
	}
	sch := at.schema(typ)
	copied := *sch
	p := placed{name: name, schema: &copied, required: !def.Valid(), marker: marker}
	p.readDefault(def, given)
	s.place(p)
}

// placed is a parameter whose place is to be found.
type placed struct {
	name     string
	schema   *schema
	required bool
	marker   *object
}

// readDefault takes the default from the marker, or from what stands on the right.
func (p *placed) readDefault(def syntax.Node, given value) {
	if p.marker == nil {
		p.schema.Default = literal(given)
		return
	}
	p.schema.constrain(p.marker.args)
	if alias := p.marker.args.text(-1, "alias"); alias != "" {
		p.name = alias
	}
	if given == value(p.marker) {
		a := p.marker.args
		p.required = !a.has(0, "default") && !a.has(-1, "default_factory") || hasEllipsis(a.node)
		p.schema.Default = literal(a.at(0, "default"))
		return
	}
	p.required = !def.Valid()
	p.schema.Default = literal(given)
}

func hasEllipsis(call syntax.Node) bool {
	for arg := range call.Field("arguments").Children() {
		if arg.Is("ellipsis") {
			return true
		}
	}
	return false
}

// markerOf is the Query(), Body() or Depends() of a parameter.
func markerOf(metadata []value, given value) *object {
	for _, v := range append([]value{given}, metadata...) {
		if o, ok := v.(*object); ok && o.class == nil {
			switch last(o.kind) {
			case "Query", "Path", "Header", "Cookie", "Body", "Form", "File", "Depends", "Security":
				return o
			}
		}
	}
	return nil
}

func isDepends(o *object) bool { return last(o.kind) == "Depends" || last(o.kind) == "Security" }

func pathNames(e *route.Endpoint) []string {
	var names []string
	for _, p := range e.Parameters {
		if p.In == route.InPath {
			names = append(names, p.Name)
		}
	}
	return names
}

func (s *signature) depends(v value, depth int) {
	if o, ok := v.(*object); ok && isDepends(o) {
		s.dependency(o, s.in.annotationAt(o.args.frame), syntax.Node{}, depth)
	}
}

// dependency goes on in what is depended on: a function, a class by its constructor, an object that can be called.
func (s *signature) dependency(marker *object, at annotation, typ syntax.Node, depth int) {
	target := marker.args.at(0, "dependency")
	if target == nil && typ.Valid() {
		target = at.named(typ)
	}
	switch target := target.(type) {
	case *function:
		s.function(target, depth+1)
	case *class:
		if init, ok := target.member("__init__"); ok {
			if fn, ok := init.(*function); ok {
				s.function(fn, depth+1)
			}
			return
		}
		inner := s.in.annotationAt(&frame{module: target.module, scope: target.scope})
		for _, f := range target.fields {
			if f.annotation.Valid() && depth < 8 {
				s.parameter(inner, f.name, f.annotation, f.defaultNode, depth+1)
			}
		}
	case *object:
		if target.class != nil {
			if call, ok := target.class.member("__call__"); ok {
				if fn, ok := call.(*function); ok {
					s.function(fn, depth+1)
				}
			}
		}
	}
}

// place decides where a parameter goes, as FastAPI does.
func (s *signature) place(p placed) {
	if slices.Contains(pathNames(s.endpoint), p.name) {
		s.path(p)
		return
	}
	kind := ""
	if p.marker != nil {
		kind = last(p.marker.kind)
	}
	switch kind {
	case "Header":
		if p.marker.args.text(-1, "alias") == "" && p.marker.args.at(-1, "convert_underscores") != false {
			p.name = strings.ReplaceAll(p.name, "_", "-")
		}
		s.add(p, route.InHeader)
	case "Cookie":
		s.add(p, route.InCookie)
	case "Query":
		s.add(p, route.InQuery)
	case "Form", "File":
		s.formField(p)
	case "Body":
		s.bodies = append(s.bodies, body{p.name, p.schema, p.required, p.marker.args.at(-1, "embed") == true})
	default:
		if p.schema.Format == "binary" {
			s.formField(p)
			return
		}
		if p.schema.model || p.schema.Type == "object" || p.schema.Type == "array" {
			s.bodies = append(s.bodies, body{p.name, p.schema, p.required, false})
			return
		}
		s.add(p, route.InQuery)
	}
}

func (s *signature) path(p placed) {
	for i := range s.endpoint.Parameters {
		if known := &s.endpoint.Parameters[i]; known.Name == p.name && known.In == route.InPath {
			filled := p.parameter(route.InPath)
			if filled.Type == "" {
				filled.Type = known.Type
			}
			filled.Required = true
			*known = filled
		}
	}
}

func (s *signature) add(p placed, in route.Place) {
	key := string(in) + p.name
	if s.seen[key] || len(s.endpoint.Parameters) > 200 {
		return
	}
	s.seen[key] = true
	s.endpoint.Parameters = append(s.endpoint.Parameters, p.parameter(in))
}

func (p placed) parameter(in route.Place) route.Parameter {
	parameter := route.Parameter{
		Name: p.name, In: in, Type: p.schema.Type, Format: p.schema.Format, Required: p.required, Default: p.schema.Default,
		Description: p.schema.Description,
	}
	for _, v := range p.schema.Enum {
		parameter.Enum = append(parameter.Enum, display(v))
	}
	var examples []json.RawMessage
	if json.Unmarshal(p.schema.Examples, &examples) == nil && len(examples) > 0 {
		parameter.Example = examples[0]
	}
	return parameter
}

func (s *signature) formField(p placed) {
	if s.form == nil {
		s.form = &schema{Type: "object"}
	}
	s.form.Properties = append(s.form.Properties.without(p.name), property{p.name, p.schema})
	if p.required {
		s.form.Required = append(s.form.Required, p.name)
	}
}

// finish makes one body of what goes into it: one model alone is the body, several are its fields.
func (s *signature) finish() {
	if s.form != nil {
		s.endpoint.RequestSchema = s.form.raw()
		return
	}
	if len(s.bodies) == 0 {
		return
	}
	if only := s.bodies[0]; len(s.bodies) == 1 && !only.embed {
		s.endpoint.RequestSchema = only.schema.raw()
		return
	}
	joined := &schema{Type: "object"}
	for _, b := range s.bodies {
		joined.Properties = append(joined.Properties.without(b.name), property{b.name, b.schema})
		if b.required {
			joined.Required = append(joined.Required, b.name)
		}
	}
	s.endpoint.RequestSchema = joined.raw()
}

// response is the schema of what a handler gives back: its response_model, or its annotation.
func (in *interpreter) response(fn *function, e *entry) json.RawMessage {
	for arg := range e.args.node.Field("arguments").Children() {
		if arg.Is("keyword_argument") && arg.Field("name").Text() == "response_model" && e.args.frame != nil {
			return in.annotationAt(e.args.frame).schema(arg.Field("value")).raw()
		}
	}
	if n := fn.node.Field("return_type"); n.Valid() {
		s := in.annotationAt(&frame{module: fn.module, scope: fn.closure}).schema(n)
		if s.Type == "null" {
			return nil
		}
		return s.raw()
	}
	return nil
}
