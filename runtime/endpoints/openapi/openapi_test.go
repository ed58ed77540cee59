package openapi_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"previewd/runtime/endpoints"
	"previewd/runtime/endpoints/openapi"
)

func read(t *testing.T, document string) []endpoints.Endpoint {
	t.Helper()
	all, err := openapi.Endpoints([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func same(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestOpenAPI31(t *testing.T) {
	all := read(t, `{"openapi":"3.1.0","info":{"title":"x","version":"1"},"servers":[{"url":"https://x.example/{v}/","variables":{"v":{"default":"v1"}}}],
	"paths":{"/items/{id}":{"parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"integer"}}],
	"put":{"operationId":"put_item","summary":"Put","description":"Puts it.","tags":["items"],
	"parameters":[{"name":"q","in":"query","schema":{"anyOf":[{"type":"string","format":"date"},{"type":"null"}],"default":"now"}},
	{"name":"sort","in":"query","schema":{"$ref":"#/components/schemas/Sort"}}],
	"requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Item"}}}},
	"responses":{"200":{"description":"ok","content":{"application/json":{"schema":{"type":"array","items":{"$ref":"#/components/schemas/Item"}}}}}}}}},
	"components":{"schemas":{"Sort":{"type":"string","enum":["up","down"]},
	"Item":{"type":"object","required":["name"],"properties":{"name":{"type":["string","null"],"examples":["Ann"]},"parent":{"$ref":"#/components/schemas/Item"}}}}}}`)
	item := `{"type":"object","properties":{"name":{"type":["string","null"],"example":"Ann"},"parent":{}},"required":["name"]}`
	same(t, all, []endpoints.Endpoint{{
		Path: "/v1/items/{id}", Method: "PUT", Summary: "Put", Description: "Puts it.", Tags: []string{"items"}, Name: "put_item",
		Parameters: []endpoints.Parameter{
			{Name: "id", In: "path", Type: "integer", Required: true},
			{Name: "q", In: "query", Type: "string", Format: "date", Default: json.RawMessage(`"now"`)},
			{Name: "sort", In: "query", Type: "string", Enum: []string{"up", "down"}},
		},
		RequestSchema: json.RawMessage(item), ResponseSchema: json.RawMessage(`{"type":"array","items":` + item + `}`), Origin: endpoints.Live,
	}})
}

func TestOpenAPI30InYAML(t *testing.T) {
	all := read(t, `
openapi: 3.0.3
info: {title: x, version: "1"}
servers: [{url: /api}]
paths:
  /a:
    get:
      parameters: [{$ref: '#/components/parameters/Limit'}]
      responses: {'204': {description: none}}
    post:
      requestBody:
        content:
          text/plain: {schema: {type: string}}
          application/vnd.x+json: {schema: {type: object, nullable: true, properties: {b: {type: integer, minimum: 1}, a: {type: boolean}}}, example: {a: true}}
      responses: {default: {description: x}}
components:
  parameters:
    Limit: {name: limit, in: query, example: 7, schema: {type: integer, default: 20}}
`)
	same(t, all, []endpoints.Endpoint{
		{
			Path: "/api/a", Method: "GET", Origin: endpoints.Live,
			Parameters: []endpoints.Parameter{{Name: "limit", In: "query", Type: "integer", Default: json.RawMessage(`20`), Example: json.RawMessage(`7`)}},
		},
		{
			Path: "/api/a", Method: "POST", Origin: endpoints.Live, RequestExample: json.RawMessage(`{"a":true}`),
			RequestSchema: json.RawMessage(`{"type":"object","nullable":true,"properties":{"b":{"type":"integer","minimum":1},"a":{"type":"boolean"}}}`),
		},
	})
}

func TestSwagger20(t *testing.T) {
	all := read(t, `{"swagger":"2.0","info":{"title":"x","version":"1"},"basePath":"/v2","paths":{"/pets":{"post":{"tags":["pet"],
	"parameters":[{"in":"body","name":"body","schema":{"$ref":"#/definitions/Pet"}},{"in":"header","name":"X-Key","type":"string","enum":["a"],"default":"a"}],
	"responses":{"201":{"description":"x","schema":{"$ref":"#/definitions/Pet"}}}}},
	"/upload":{"put":{"parameters":[{"in":"formData","name":"file","type":"file"}],"responses":{"200":{"description":"x"}}}}},
	"definitions":{"Pet":{"type":"object","properties":{"name":{"type":"string"}}}}}`)
	pet := json.RawMessage(`{"type":"object","properties":{"name":{"type":"string"}}}`)
	same(t, all, []endpoints.Endpoint{
		{
			Path: "/v2/pets", Method: "POST", Tags: []string{"pet"}, RequestSchema: pet, ResponseSchema: pet, Origin: endpoints.Live,
			Parameters: []endpoints.Parameter{{Name: "X-Key", In: "header", Type: "string", Enum: []string{"a"}, Default: json.RawMessage(`"a"`)}},
		},
		{
			Path: "/v2/upload", Method: "PUT", Origin: endpoints.Live,
			RequestSchema: json.RawMessage(`{"type":"object","properties":{"file":{"type":"string"}}}`),
		},
	})
}

// TestHostileDocuments has documents that lead somewhere else, in circles, or nowhere.
func TestHostileDocuments(t *testing.T) {
	var wide strings.Builder
	wide.WriteString(`"A0":{"type":"string"}`)
	for i := range 30 { // each refers to the one before ten times
		one := `{"$ref":"#/components/schemas/A` + string(rune('0'+i%10)) + `"}`
		wide.WriteString(`,"B` + strings.Repeat("x", i) + `":{"type":"object","properties":{"a":` + one + `,"b":` + one + `}}`)
	}
	head := `{"openapi":"3.0.0","info":{"title":"x","version":"1"},"paths":{"/a":{"post":{"requestBody":{"content":{"application/json":{"schema":`
	tail := `}}},"responses":{"200":{"description":"x"}}}}},"components":{"schemas":{`
	tests := map[string]string{
		"remote":   head + `{"$ref":"http://127.0.0.1:1/secret.json"}` + tail + `}}}`,
		"file":     head + `{"$ref":"file:///etc/passwd"}` + tail + `}}}`,
		"relative": head + `{"$ref":"../../../../etc/passwd#/a"}` + tail + `}}}`,
		"circle":   head + `{"$ref":"#/components/schemas/A"}` + tail + `"A":{"allOf":[{"$ref":"#/components/schemas/A"},{"$ref":"#/components/schemas/B"}]},"B":{"type":"object","required":["a"],"properties":{"a":{"$ref":"#/components/schemas/A"}}}}}}`,
		"itself":   head + `{"$ref":"#/components/schemas/A"}` + tail + `"A":{"$ref":"#/components/schemas/A"}}}}`,
		"wide":     head + `{"$ref":"#/components/schemas/Bxxx"}` + tail + wide.String() + `}}}`,
	}
	for name, document := range tests {
		t.Run(name, func(t *testing.T) {
			all, err := openapi.Endpoints([]byte(document))
			if err == nil && (len(all) != 1 || strings.Contains(string(all[0].RequestSchema), "root:")) {
				t.Errorf("%+v", all)
			}
			if err != nil && !errors.Is(err, openapi.ErrNoDocument) {
				t.Error(err)
			}
			t.Log(len(all), err)
		})
	}
}

func TestNoDocuments(t *testing.T) {
	for _, text := range []string{"", "null", "{}", "[]", "hello", "<!doctype html>", `{"openapi":3}`, `{"openapi":"3.0.0","paths":[]}`, `{"swagger":"2.0","paths":{"/":7}}`, "a: &a [*a]"} {
		if all, err := openapi.Endpoints([]byte(text)); len(all) > 0 {
			t.Errorf("%q: %v, %v", text, all, err)
		}
	}
}

func FuzzEndpoints(f *testing.F) {
	f.Add([]byte(`{"openapi":"3.1.0","info":{},"paths":{"/a":{"get":{"parameters":[{"name":"a","in":"query"}],"responses":{}}}}}`))
	f.Add([]byte("swagger: '2.0'\npaths:\n  /a:\n    get: {}\n"))
	f.Fuzz(func(_ *testing.T, data []byte) { _, _ = openapi.Endpoints(data) })
}
