package sample_test

import (
	"encoding/json"
	"strings"
	"testing"

	"previewd/runtime/endpoints/internal/sample"
)

func TestOf(t *testing.T) {
	deep := strings.Repeat(`{"type":"object","properties":{"a":`, 100) + `{"type":"string"}` + strings.Repeat(`}}`, 100)
	tests := map[string]struct{ schema, want string }{
		"nothing":     {``, ``},
		"anything":    {`{}`, ``},
		"no schema":   {`7`, ``},
		"string":      {`{"type":"string","minLength":9}`, `"stringxxx"`},
		"format":      {`{"type":["null","string"],"format":"email"}`, `"user@example.com"`},
		"integer":     {`{"type":"integer","minimum":18}`, `18`},
		"above":       {`{"type":"integer","exclusiveMinimum":5}`, `6`},
		"above, 3.0":  {`{"type":"number","minimum":5,"exclusiveMinimum":true}`, `6`},
		"number":      {`{"type":"number"}`, `1.5`},
		"enum":        {`{"type":"string","enum":["red","blue"]}`, `"red"`},
		"default":     {`{"type":"integer","default":0}`, `0`},
		"example":     {`{"type":"integer","default":0,"example":7}`, `7`},
		"examples":    {`{"type":"string","examples":["Ann"]}`, `"Ann"`},
		"optional":    {`{"anyOf":[{"type":"null"},{"type":"boolean"}],"default":null}`, `true`},
		"array":       {`{"type":"array","items":{"type":"integer"},"minItems":2}`, `[1,1]`},
		"array of ?":  {`{"type":"array"}`, `[]`},
		"object":      {`{"type":"object","properties":{"z":{"type":"string"},"a":{"type":"integer"},"id":{"type":"string","readOnly":true},"x":{}}}`, `{"z":"string","a":1}`},
		"all of":      {`{"allOf":[{"properties":{"a":{"type":"integer"}}},{"properties":{"a":{"type":"string"},"b":{"const":"x"}}}],"properties":{"c":{"type":"boolean"}}}`, `{"a":1,"b":"x","c":true}`},
		"empty":       {`{"type":"object"}`, `{}`},
		"deep":        {deep, `{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{}}}}}}}}}`},
		"odd members": {`{"type":5,"properties":[],"items":3}`, `[]`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := string(sample.Of(json.RawMessage(test.schema))); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func FuzzOf(f *testing.F) {
	f.Add([]byte(`{"allOf":[{"type":"object","properties":{"a":{"type":"array","items":{"oneOf":[{"type":"string"}]}}}}]}`))
	f.Fuzz(func(t *testing.T, schema []byte) {
		if v := sample.Of(schema); v != nil && !json.Valid(v) {
			t.Errorf("%q is no JSON", v)
		}
	})
}
