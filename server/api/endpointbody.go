package api

import (
	"encoding/json"

	"previewd/runtime/endpoints"
	"previewd/runtime/endpoints/catalog"
)

// endpointList is every endpoint of an app. Their number is bounded, so there is one page.
type endpointList struct {
	Endpoints []endpointBody `json:"endpoints"`
	Count     int            `json:"count"`   // of those
	Builtin   []endpointBody `json:"builtin"` // the framework's own, which are not counted
	Complete  bool           `json:"complete"`
	Warnings  []warningBody  `json:"warnings"`
}

// endpointBody is one method of one path.
type endpointBody struct {
	Path           string                `json:"path"`
	Method         string                `json:"method"`
	Summary        string                `json:"summary"`
	Description    string                `json:"description"`
	Tags           []string              `json:"tags"`
	Name           string                `json:"name"`
	Parameters     []endpoints.Parameter `json:"parameters"`
	RequestSchema  json.RawMessage       `json:"request_schema"` // with the next two: null where there is none
	RequestExample json.RawMessage       `json:"request_example"`
	ResponseSchema json.RawMessage       `json:"response_schema"`
	Source         *endpoints.Source     `json:"source"` // null where only the app knows it
	Origin         endpoints.Origin      `json:"origin"`
}

type warningBody struct {
	File    string `json:"file"` // "" where it is about no file
	Line    int    `json:"line"` // 0 where it is about none
	Message string `json:"message"`
}

func newEndpointList(l catalog.Listing, wanted endpointFilter) endpointList {
	list := endpointList{
		Endpoints: endpointBodies(l.Endpoints, wanted), Builtin: endpointBodies(l.Builtin, wanted),
		Complete: l.Complete, Warnings: make([]warningBody, 0, len(l.Warnings)),
	}
	list.Count = len(list.Endpoints)
	for _, w := range l.Warnings {
		list.Warnings = append(list.Warnings, warningBody{w.File, w.Line, w.Message})
	}
	return list
}

func endpointBodies(all []endpoints.Endpoint, wanted endpointFilter) []endpointBody {
	list := []endpointBody{}
	for _, e := range all {
		if !wanted.matches(e) {
			continue
		}
		b := endpointBody{
			Path: e.Path, Method: e.Method, Summary: e.Summary, Description: e.Description, Tags: e.Tags, Name: e.Name, Parameters: e.Parameters,
			RequestSchema: e.RequestSchema, RequestExample: e.RequestExample, ResponseSchema: e.ResponseSchema, Origin: e.Origin,
		}
		if e.Source.File != "" {
			b.Source = &e.Source
		}
		list = append(list, b)
	}
	return list
}
