package client

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"previewd/runtime/endpoints"
)

// EndpointList is what an app serves.
type EndpointList struct {
	Endpoints []Endpoint        `json:"endpoints"`
	Count     int               `json:"count"`
	Builtin   []Endpoint        `json:"builtin"`  // the framework's own
	Complete  bool              `json:"complete"` // false while the files are still being read
	Warnings  []EndpointWarning `json:"warnings"`
}

// Endpoint is one method of one path.
type Endpoint struct {
	Path           string                `json:"path"`
	Method         string                `json:"method"` // "*" is any
	Summary        string                `json:"summary"`
	Description    string                `json:"description"`
	Tags           []string              `json:"tags"`
	Name           string                `json:"name"`
	Parameters     []endpoints.Parameter `json:"parameters"`
	RequestSchema  json.RawMessage       `json:"request_schema"`
	RequestExample json.RawMessage       `json:"request_example"`
	ResponseSchema json.RawMessage       `json:"response_schema"`
	Source         *endpoints.Source     `json:"source"` // nil where only the app knows it
	Origin         endpoints.Origin      `json:"origin"`
}

// EndpointWarning tells what could not be read or followed.
type EndpointWarning struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Message string `json:"message"`
}

// EndpointFilter chooses endpoints; "" is any.
type EndpointFilter struct{ Tag, Method string }

// NewEndpoint is an endpoint as the API tells it.
func NewEndpoint(e endpoints.Endpoint) Endpoint {
	made := Endpoint{
		Path: e.Path, Method: e.Method, Summary: e.Summary, Description: e.Description, Tags: e.Tags, Name: e.Name, Parameters: e.Parameters,
		RequestSchema: e.RequestSchema, RequestExample: e.RequestExample, ResponseSchema: e.ResponseSchema, Origin: e.Origin,
	}
	if e.Source.File != "" {
		made.Source = &e.Source
	}
	return made
}

// Endpoints lists what a generation's app serves.
func (c *Client) Endpoints(ctx context.Context, generationID string, f EndpointFilter) (EndpointList, error) {
	query := url.Values{}
	for name, v := range map[string]string{"tag": f.Tag, "method": f.Method} {
		if v != "" {
			query.Set(name, v)
		}
	}
	var list EndpointList
	err := c.do(ctx, call{
		method: http.MethodGet,
		path:   []string{"generations", generationID, "preview", "endpoints"},
		query:  query,
		out:    &list,
	})
	return list, err
}
