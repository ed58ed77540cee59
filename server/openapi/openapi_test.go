package openapi

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"
)

func TestDocumentKeepsTheOrderItIsWrittenIn(t *testing.T) {
	d, err := New()
	if err != nil {
		t.Fatal(err)
	}
	last := 0
	for _, word := range []string{`"openapi":`, `"info":`, `"paths":`, `"put":{"operationId":`, `"components":`, `"ID":`, `"Problem":`} {
		at := strings.Index(string(d.JSON), word)
		if at <= last {
			t.Errorf("%s is at %d, want it after %d", word, at, last)
		}
		last = at
	}
	if !json.Valid(d.JSON) || strings.Contains(string(d.JSON), `"x-errors"`) || strings.Contains(string(d.JSON), `"x-members"`) {
		t.Error("an abbreviation is left")
	}
}

func TestMistakesAreNamed(t *testing.T) {
	const root = "openapi: 3.1.0\npaths:\n  /a: {get: {responses: {'200': {description: ok}}}}\n"
	tests := []struct{ name, head, more, want string }{
		{"a path twice", root, "paths: {/a: {}}", "more.yaml: /a is there already"},
		{"a schema twice", root + "components: {schemas: {A: {}}}", "components: {schemas: {A: {}}}", "more.yaml: A is there already"},
		{"an unknown error", root, "paths: {/b: {put: {x-errors: [NO_SUCH]}}}", "put /b: previewd has no error NO_SUCH"},
		{"a status that is none", root, "paths: {/b: {put: {x-errors: [often NOT_FOUND]}}}", `put /b: error "often NOT_FOUND": want a status and a code`},
		{"a status twice", root, "paths: {/b: {put: {x-errors: [NOT_FOUND], responses: {'404': {description: no}}}}}", "put /b: 404 is described twice"},
		{"no YAML", root, "paths: [", "more.yaml: "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := assemble(fstest.MapFS{head: {Data: []byte(test.head)}, "more.yaml": {Data: []byte(test.more)}})
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("%v, want %s", err, test.want)
			}
		})
	}
	if _, err := assemble(fstest.MapFS{}); err == nil {
		t.Error("a document without a head")
	}
}

func TestErrorsAreSpelledOut(t *testing.T) {
	root, err := assemble(fstest.MapFS{head: {Data: []byte(`
openapi: 3.1.0
x-members:
  PREVIEW_NOT_RUNNING: {required: [phase], properties: {phase: {type: string}}, example: {phase: booting}}
paths:
  /a:
    post:
      responses: {'201': {description: made}}
      x-rate-limit: some.
      x-errors: [503 PREVIEW_NOT_RUNNING, CONFLICT, INVALID_SESSION_TOKEN, PREVIEW_NOT_RUNNING]
`)}})
	if err != nil {
		t.Fatal(err)
	}
	op := objectAt(root, "paths", "/a", "post")
	var statuses []string
	for _, item := range objectAt(op, "responses") {
		statuses = append(statuses, name(item))
	}
	if got, want := strings.Join(statuses, " "), "201 401 409 429 500 503"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	tests := []struct{ status, want, not string }{
		{"201", "X-RateLimit-Limit", "Retry-After"},
		{"401", "WWW-Authenticate", "X-RateLimit-Limit"},
		{"409", `"enum":["CONFLICT","PREVIEW_NOT_RUNNING"]`, `"required"`},
		{"409", `"phase":"booting"`, ""},
		{"429", "Retry-After", "WWW-Authenticate"},
		{"503", `"status":503`, "409"},
		{"503", `"required":["phase"]`, "CONFLICT"},
	}
	for _, test := range tests {
		response := (&builder{root: root}).resolve(objectAt(op, "responses", test.status))
		text, err := encode(response)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), test.want) || test.not != "" && strings.Contains(string(text), test.not) || !strings.Contains(string(text), "X-Request-ID") {
			t.Errorf("%s: want %s and no %s:\n%s", test.status, test.want, test.not, text)
		}
	}
	if root, err = assemble(fstest.MapFS{head: {Data: []byte("paths: {/a: {get: {x-errors: [INVALID_TOKEN]}}}")}}); err != nil {
		t.Fatal(err)
	}
	if at(root, "paths", "/a", "get", "responses", "503") == nil {
		t.Error("who looks at tokens may be without keys")
	}
	if !strings.HasSuffix(textAt(op, "description"), "**Rate limit**: some.") {
		t.Error(textAt(op, "description"))
	}
}
