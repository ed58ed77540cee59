// Package route has the words that the front ends and those who use them share.
package route

import "encoding/json"

// Any is the method of an endpoint that answers every method, or whose methods are not known.
const Any = "*"

// Origin tells how an endpoint became known.
type Origin string

// An endpoint is read from the source, told by the running app, or both.
const (
	Static Origin = "static"
	Live   Origin = "live"
	Both   Origin = "both"
)

// Place is where a parameter goes.
type Place string

// The places of a parameter, as OpenAPI names them.
const (
	InPath   Place = "path"
	InQuery  Place = "query"
	InHeader Place = "header"
	InCookie Place = "cookie"
	InBody   Place = "body"
)

// Endpoint is one method on one path.
type Endpoint struct {
	Path        string      `json:"path"`   // with parameters as {name}
	Method      string      `json:"method"` // upper case, or Any
	Summary     string      `json:"summary"`
	Description string      `json:"description"`
	Tags        []string    `json:"tags"`
	Name        string      `json:"name,omitempty"` // what the app's own code calls it: the operation's id, or the handler
	Parameters  []Parameter `json:"parameters"`

	RequestSchema  json.RawMessage `json:"request_schema,omitempty"`  // JSON schema of the body
	ResponseSchema json.RawMessage `json:"response_schema,omitempty"` // JSON schema of a good answer's body
	RequestExample json.RawMessage `json:"request_example,omitempty"` // a body that fits the schema

	Source  Source `json:"source"`
	Origin  Origin `json:"origin"`
	Builtin bool   `json:"builtin,omitempty"` // the framework's own: documents, an administration
}

// Parameter is what a request carries beside its body.
type Parameter struct {
	Name        string          `json:"name"`
	In          Place           `json:"in"`
	Type        string          `json:"type,omitempty"` // as in JSON schema: string, integer, number, boolean, array, object
	Format      string          `json:"format,omitempty"`
	Required    bool            `json:"required"`
	Default     json.RawMessage `json:"default,omitempty"`
	Example     json.RawMessage `json:"example,omitempty"`
	Description string          `json:"description,omitempty"`
	Enum        []string        `json:"enum,omitempty"`
}

// Source is the place in the project's files; a zero one is not known.
type Source struct {
	File string `json:"file"`
	Line int    `json:"line"`
}

// Warning tells what could not be read or followed.
type Warning struct {
	Source
	Message string `json:"message"`
}
