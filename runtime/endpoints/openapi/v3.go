package openapi

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/pb33f/libopenapi"
	"github.com/pb33f/libopenapi/datamodel/high/base"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"
	"github.com/pb33f/libopenapi/orderedmap"

	"previewd/runtime/endpoints/internal/route"
)

func openapi3(doc libopenapi.Document) ([]route.Endpoint, error) {
	model, err := doc.BuildV3Model()
	if model == nil { // an error beside a model tells of references that lead nowhere or in a circle
		return nil, fmt.Errorf("%w: %w", ErrNoDocument, err)
	}
	c := newCollector(serverPath(model.Model.Servers))
	if model.Model.Paths == nil {
		return nil, nil
	}
	for path, item := range model.Model.Paths.PathItems.FromOldest() {
		if item == nil {
			continue
		}
		of := c
		if len(item.Servers) > 0 {
			of = &collector{prefix: serverPath(item.Servers), schemas: c.schemas}
		}
		for method, op := range item.GetOperations().FromOldest() {
			if op != nil {
				c.add(of.operation(path, method, item, op))
			}
		}
	}
	return c.found, nil
}

// serverPath is the path of the first server, with its variables' defaults.
func serverPath(servers []*v3.Server) string {
	if len(servers) == 0 || servers[0] == nil {
		return ""
	}
	address := servers[0].URL
	for name, v := range servers[0].Variables.FromOldest() {
		address = strings.ReplaceAll(address, "{"+name+"}", v.Default)
	}
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Path
}

func (c *collector) operation(path, method string, item *v3.PathItem, op *v3.Operation) route.Endpoint {
	e := route.Endpoint{
		Path: c.path(path), Method: strings.ToUpper(method), Summary: op.Summary, Description: op.Description,
		Tags: op.Tags, Name: op.OperationId,
	}
	if e.Summary == "" {
		e.Summary = item.Summary
	}
	for _, p := range append(append([]*v3.Parameter{}, item.Parameters...), op.Parameters...) {
		if p != nil && p.Name != "" {
			e.Parameters = c.withParameter(e.Parameters, c.parameter(p))
		}
	}
	if op.RequestBody != nil {
		c.body(&e, op.RequestBody)
	}
	e.ResponseSchema = c.response(op.Responses)
	return e
}

// withParameter adds a parameter, in the place of one of the path item that it overrides.
func (c *collector) withParameter(all []route.Parameter, p route.Parameter) []route.Parameter {
	for i := range all {
		if all[i].Name == p.Name && all[i].In == p.In {
			all[i] = p
			return all
		}
	}
	return append(all, p)
}

func (c *collector) parameter(p *v3.Parameter) route.Parameter {
	made := route.Parameter{
		Name: p.Name, In: route.Place(p.In), Description: p.Description, Required: p.In == "path" || p.Required != nil && *p.Required,
	}
	schema := p.Schema
	if schema == nil {
		_, media := firstOf(p.Content)
		if media != nil {
			schema = media.Schema
		}
	}
	c.schemas.describe(&made, schema)
	if v := value(p.Example); v != nil {
		made.Example = v
	} else if v := firstExample(p.Examples); v != nil {
		made.Example = v
	}
	return made
}

func (c *collector) body(e *route.Endpoint, body *v3.RequestBody) {
	_, media := preferred(body.Content)
	if media == nil {
		return
	}
	e.RequestSchema = c.schemas.write(media.Schema)
	if v := value(media.Example); v != nil {
		e.RequestExample = v
	} else {
		e.RequestExample = firstExample(media.Examples)
	}
}

// response is the schema of the first good answer.
func (c *collector) response(responses *v3.Responses) []byte {
	if responses == nil {
		return nil
	}
	for code, r := range responses.Codes.FromOldest() {
		if r == nil || !strings.HasPrefix(code, "2") {
			continue
		}
		if _, media := preferred(r.Content); media != nil {
			return c.schemas.write(media.Schema)
		}
	}
	return nil
}

// preferred is JSON where there is a choice.
func preferred(content *orderedmap.Map[string, *v3.MediaType]) (string, *v3.MediaType) {
	for name, media := range content.FromOldest() {
		if strings.Contains(name, "json") && media != nil {
			return name, media
		}
	}
	return firstOf(content)
}

func firstOf(content *orderedmap.Map[string, *v3.MediaType]) (string, *v3.MediaType) {
	for name, media := range content.FromOldest() {
		return name, media
	}
	return "", nil
}

func firstExample(all *orderedmap.Map[string, *base.Example]) []byte {
	for _, example := range all.FromOldest() {
		if example != nil {
			if v := value(example.Value); v != nil {
				return v
			}
		}
	}
	return nil
}
