package openapi

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pb33f/libopenapi"
	v2 "github.com/pb33f/libopenapi/datamodel/high/v2"

	"previewd/runtime/endpoints/internal/route"
)

func swagger(doc libopenapi.Document) ([]route.Endpoint, error) {
	model, err := doc.BuildV2Model()
	if model == nil {
		return nil, fmt.Errorf("%w: %w", ErrNoDocument, err)
	}
	c := newCollector(model.Model.BasePath)
	if model.Model.Paths == nil {
		return nil, nil
	}
	for path, item := range model.Model.Paths.PathItems.FromOldest() {
		if item == nil {
			continue
		}
		for method, op := range item.GetOperations().FromOldest() {
			if op != nil {
				c.add(c.operation2(path, method, item, op))
			}
		}
	}
	return c.found, nil
}

func (c *collector) operation2(path, method string, item *v2.PathItem, op *v2.Operation) route.Endpoint {
	e := route.Endpoint{
		Path: c.path(path), Method: strings.ToUpper(method), Summary: op.Summary, Description: op.Description,
		Tags: op.Tags, Name: op.OperationId,
	}
	form := object{}
	for _, p := range append(append([]*v2.Parameter{}, item.Parameters...), op.Parameters...) {
		switch {
		case p == nil || p.Name == "" && p.In != "body":
		case p.In == "body":
			e.RequestSchema = c.schemas.write(p.Schema)
		case p.In == "formData":
			form = form.with(p.Name, object{}.with("type", formType(p.Type)))
		default:
			e.Parameters = c.withParameter(e.Parameters, parameter2(p))
		}
	}
	if len(form) > 0 && e.RequestSchema == nil {
		e.RequestSchema, _ = json.Marshal(object{}.with("type", "object").with("properties", form)) // of plain values
	}
	if op.Responses == nil {
		return e
	}
	for code, r := range op.Responses.Codes.FromOldest() {
		if r != nil && r.Schema != nil && strings.HasPrefix(code, "2") {
			e.ResponseSchema = c.schemas.write(r.Schema)
			break
		}
	}
	return e
}

func formType(t string) string {
	if t == "file" {
		return "string"
	}
	return t
}

func parameter2(p *v2.Parameter) route.Parameter {
	made := route.Parameter{
		Name: p.Name, In: route.Place(p.In), Description: p.Description, Type: p.Type, Format: p.Format,
		Required: p.In == "path" || p.Required != nil && *p.Required, Default: value(p.Default),
	}
	for _, node := range p.Enum {
		made.Enum = append(made.Enum, node.Value)
	}
	return made
}
