package endpoints_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"previewd/runtime/endpoints"
)

func TestMerge(t *testing.T) {
	at := endpoints.Source{File: "main.py", Line: 3}
	raw := func(text string) json.RawMessage { return json.RawMessage(text) }
	static := []endpoints.Endpoint{
		{Method: "GET", Path: "/b", Summary: "From the source", Tags: []string{"t"}, Source: at, Origin: endpoints.Static},
		{Method: "*", Path: "/any/{id}", Source: at, Origin: endpoints.Static, Parameters: []endpoints.Parameter{{Name: "id", In: "path", Type: "integer", Required: true}}},
		{Method: "POST", Path: "/a/{id}", Name: "create", Source: at, Origin: endpoints.Static, RequestSchema: raw(`{"type":"integer"}`)},
		{Method: "*", Path: "/alone", Source: at, Origin: endpoints.Static},
	}
	live := []endpoints.Endpoint{
		{Method: "POST", Path: "/a/{item_id}", Summary: "From the app", RequestSchema: raw(`{"type":"string"}`), Name: "create_a"},
		{Method: "GET", Path: "/any/{key}"},
		{Method: "PUT", Path: "/any/{key}"},
		{Method: "GET", Path: "/b"},
		{Method: "GET", Path: "/live"},
		{Method: "GET", Path: "/live", Summary: "told twice"},
	}
	key := []endpoints.Parameter{{Name: "key", In: "path", Type: "integer", Required: true, Example: raw(`1`)}}
	none, no := []endpoints.Parameter{}, []string{}
	want := []endpoints.Endpoint{
		{Method: "POST", Path: "/a/{item_id}", Summary: "From the app", Name: "create", Tags: no, Parameters: none, Source: at, Origin: endpoints.Both, RequestSchema: raw(`{"type":"string"}`), RequestExample: raw(`"string"`)},
		{Method: "*", Path: "/alone", Tags: no, Parameters: none, Source: at, Origin: endpoints.Static},
		{Method: "GET", Path: "/any/{key}", Tags: no, Parameters: key, Source: at, Origin: endpoints.Both},
		{Method: "PUT", Path: "/any/{key}", Tags: no, Parameters: key, Source: at, Origin: endpoints.Both},
		{Method: "GET", Path: "/b", Summary: "From the source", Tags: []string{"t"}, Parameters: none, Source: at, Origin: endpoints.Both},
		{Method: "GET", Path: "/live", Summary: "told twice", Tags: no, Parameters: none, Origin: endpoints.Live},
	}
	if diff := cmp.Diff(want, endpoints.Merge(static, live)); diff != "" {
		t.Error(diff)
	}
}
