package api_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const goApp = `package main

import "net/http"

// list answers with all notes.
func list(w http.ResponseWriter, r *http.Request) {}

func main() {
	http.HandleFunc("GET /notes", list)
	http.HandleFunc("POST /notes", nil)
	http.HandleFunc("/notes/{id}", nil)
}
`

func (h *harness) putFiles(user, id string, files map[string]string) {
	h.Helper()
	body, err := json.Marshal(map[string]any{"project_id": "shop", "files": files})
	if err != nil {
		h.Fatal(err)
	}
	a := h.do(user, http.MethodPut, gens+id, body, "Content-Type", "application/json")
	if a.status != http.StatusOK && a.status != http.StatusCreated {
		h.Fatal(a.text)
	}
}

// endpoints are the lines "METHOD path origin" of the answer.
func (h *harness) endpoints(query string) []string {
	h.Helper()
	a := h.want(h.get("ann", gens+"g1/preview/endpoints"+query), http.StatusOK)
	lines := []string{}
	list, _ := a.body["endpoints"].([]any)
	for _, one := range list {
		e, _ := one.(map[string]any)
		lines = append(lines, strings.Join([]string{e["method"].(string), e["path"].(string), e["origin"].(string)}, " "))
	}
	if a.body["count"] != float64(len(lines)) || a.body["complete"] != true {
		h.Errorf("count %v, complete %v", a.body["count"], a.body["complete"])
	}
	return lines
}

func (h *harness) wantEndpoints(query string, want ...string) {
	h.Helper()
	if got := h.endpoints(query); strings.Join(got, "\n") != strings.Join(want, "\n") {
		h.Errorf("%s: got %q, want %q", query, got, want)
	}
}

// TestEndpoints has a generation that was never launched.
func TestEndpoints(t *testing.T) {
	h := newHarness(t)
	h.putFiles("ann", "g1", map[string]string{"main.go": goApp, "go.mod": "module notes\n"})
	h.wantEndpoints("", "GET /notes static", "POST /notes static", "* /notes/{id} static")
	h.wantEndpoints("?method=post", "POST /notes static", "* /notes/{id} static")
	h.wantEndpoints("?tag=none")
	first := h.get("ann", gens+"g1/preview/endpoints").body["endpoints"].([]any)[0].(map[string]any)
	source, _ := first["source"].(map[string]any)
	if first["summary"] != "Answers with all notes" || source["file"] != "main.go" || source["line"] != float64(9) {
		t.Errorf("%v", first)
	}
	h.putFiles("ann", "g1", map[string]string{"main.go": strings.ReplaceAll(goApp, "/notes", "/lists"), "go.mod": "module notes\n"})
	h.wantEndpoints("?method=POST", "POST /lists static", "* /lists/{id} static")
	h.putFiles("ann", "g1", map[string]string{"index.html": "<h1>hi</h1>"})
	h.wantEndpoints("")
}

func TestEndpointsRefused(t *testing.T) {
	h := newHarness(t)
	h.put("ann", "g1")
	for query, want := range map[string]int{
		"?method=GET&method=PUT": 400, "?tag=" + strings.Repeat("x", 300): 400, "?method=" + url.QueryEscape("no such"): 200, "?tag=&method=": 200,
	} {
		h.want(h.get("ann", gens+"g1/preview/endpoints"+query), want)
	}
	h.want(h.get("bob", gens+"g1/preview/endpoints"), 403)
	h.want(h.get("ann", gens+"nothing/preview/endpoints"), 404)
	h.want(h.get("", gens+"g1/preview/endpoints"), 401)
}

// TestEndpointsOfARunningApp has an app that publishes a document.
func TestEndpointsOfARunningApp(t *testing.T) {
	h := newHarness(t)
	h.running(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/openapi.json" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(`{"openapi":"3.1.0","info":{"title":"x","version":"1"},"paths":{
			"/notes":{"get":{"tags":["notes"],"responses":{"200":{"description":"x"}}}},
			"/notes/{note_id}":{"delete":{"parameters":[{"name":"note_id","in":"path","required":true,"schema":{"type":"integer"}}],"responses":{"204":{"description":"x"}}}},
			"/plugin":{"get":{"responses":{"200":{"description":"x"}}}}}}`))
	})
	h.putFiles("ann", "g1", map[string]string{"main.go": "// openapi.json is written by hand\n" + goApp, "go.mod": "module notes\n"})
	h.wantEndpoints("", "GET /notes both", "POST /notes static", "DELETE /notes/{note_id} both", "GET /plugin live")
	h.wantEndpoints("?tag=notes", "GET /notes both")
	status := h.want(h.get("ann", gens+"g1/preview/status"), 200)
	if status.body["endpoints_count"] != float64(4) {
		t.Errorf("the status tells %v endpoints", status.body["endpoints_count"])
	}
}
