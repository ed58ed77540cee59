package routes

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"previewd/server/api"
	"previewd/server/openapi"
)

// described is what the document says of one method of a path.
type described struct {
	OperationID string                `json:"operationId"`
	Security    []map[string][]string `json:"security"`
	Responses   map[string]struct {
		Ref string `json:"$ref"`
	} `json:"responses"`
}

// describedRoutes are the document's, by method and path.
func describedRoutes(t *testing.T) map[string]described {
	t.Helper()
	d, err := openapi.New()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Security []map[string][]string
		Paths    map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(d.JSON, &doc); err != nil {
		t.Fatal(err)
	}
	all := map[string]described{}
	for path, item := range doc.Paths {
		for method, raw := range item {
			if method == "parameters" {
				continue
			}
			var op described
			if err := json.Unmarshal(raw, &op); err != nil {
				t.Fatal(method, path, err)
			}
			if op.Security == nil {
				op.Security = doc.Security
			}
			all[strings.ToUpper(method)+" "+path] = op
		}
	}
	return all
}

func TestDocumentDescribesTheRouteTable(t *testing.T) {
	docs, ids := describedRoutes(t), map[string]bool{}
	for _, r := range table(&api.API{}, openapi.NewSite()) {
		key := r.method + " " + r.path
		op, there := docs[key]
		if !there {
			t.Errorf("%s is not described: add it to server/openapi/spec", key)
			continue
		}
		delete(docs, key)
		if want := securityOf(r.access); !slices.EqualFunc(op.Security, want, sameSchemes) {
			t.Errorf("%s: security %v, want %v", key, op.Security, want)
		}
		if ids[op.OperationID] || op.OperationID == "" {
			t.Errorf("%s: operationId %q is missing or there twice", key, op.OperationID)
		}
		ids[op.OperationID] = true
		// The request route counts for the preview and not for its caller, and so by itself.
		limited := strings.HasSuffix(op.Responses["429"].Ref, ".limited")
		if want := r.limit != free || r.access == sessions; limited != want {
			t.Errorf("%s: described as rate limited: %t, want %t", key, limited, want)
		}
		if _, late := op.Responses["504"]; r.timeout > 0 && r.access != everybody && !late {
			t.Errorf("%s ends after %s, which is not described", key, r.timeout)
		}
	}
	for key := range docs {
		t.Errorf("%s is described and does not exist", key)
	}
}

func sameSchemes(got map[string][]string, want []string) bool {
	return slices.Equal(slices.Sorted(maps.Keys(got)), want)
}

// securityOf lists what opens a route: one of the lists, all of its schemes.
func securityOf(a access) [][]string {
	switch a {
	case users:
		return [][]string{{"bearer"}}
	case usersSession:
		return [][]string{{"bearer"}, {"sessionQuery"}}
	case sessions:
		return [][]string{{"session"}, {"bearer", "session"}}
	case everybody:
	}
	return nil
}

var variable = regexp.MustCompile(`\{(\w+)\}`)

func TestPathsDescribeTheirParameters(t *testing.T) {
	d, err := openapi.New()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Components struct {
			Parameters map[string]struct{ Name, In string }
		}
		Paths map[string]struct {
			Parameters []struct {
				Ref string `json:"$ref"`
			}
		}
	}
	if err := json.Unmarshal(d.JSON, &doc); err != nil {
		t.Fatal(err)
	}
	for path, item := range doc.Paths {
		var want, got []string
		for _, match := range variable.FindAllStringSubmatch(path, -1) {
			want = append(want, match[1])
		}
		for _, p := range item.Parameters {
			param := doc.Components.Parameters[strings.TrimPrefix(p.Ref, "#/components/parameters/")]
			if param.In == "path" {
				got = append(got, param.Name)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: parameters %v, want %v", path, got, want)
		}
	}
}

func TestOpenAPIIsKeptByCaches(t *testing.T) {
	h, _ := newRoutes(t, false)
	first, _ := send(t, h, "GET", "/openapi.json")
	tag := first.Header.Get("ETag")
	if first.StatusCode != 200 || tag == "" || first.Header.Get("Cache-Control") != "no-cache" || first.Header.Get("Content-Type") != "application/json" {
		t.Error(first.Header)
	}
	for header, status := range map[string]int{tag: 304, "W/" + tag: 304, `"x", ` + tag: 304, "*": 304, `"x"`: 200, "": 200} {
		resp, _ := send(t, h, "GET", "/openapi.json", "If-None-Match", header)
		if resp.StatusCode != status || resp.Header.Get("ETag") != tag {
			t.Errorf("If-None-Match %s: %d %v", header, resp.StatusCode, resp.Header)
		}
	}
}
