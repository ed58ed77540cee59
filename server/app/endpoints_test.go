package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"previewd/server/client"
)

// endpoints are lines of method, path and origin.
func (p *project) endpoints(filter client.EndpointFilter) []string {
	p.t.Helper()
	list, err := p.Endpoints(p.t.Context(), p.id, filter)
	if err != nil {
		p.t.Fatal(err)
	}
	lines := make([]string, len(list.Endpoints))
	for i, e := range list.Endpoints {
		lines[i] = fmt.Sprintf("%s %s %s", e.Method, e.Path, e.Origin)
	}
	return lines
}

func (p *project) wantEndpoints(when string, want ...string) {
	p.t.Helper()
	if got := p.endpoints(client.EndpointFilter{}); !slices.Equal(got, want) {
		p.t.Errorf("%s: got\n%s\nwant\n%s", when, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func each(lines []string, origin string) []string {
	all := make([]string, len(lines))
	for i, line := range lines {
		all[i] = line + " " + origin
	}
	return all
}

// TestEndpointsOfRealApps lists two apps before, during and after their previews. The status tells the number on its own.
func TestEndpointsOfRealApps(t *testing.T) {
	s := start(t, settings(t, 10))
	tests := []struct {
		dir  string
		want []string
		told int  // those that the app knows itself, the last ones
		mute bool // the app is not asked at all, which its log would show
	}{
		{"fastapi-notes", []string{ // the page is not in the document
			"GET /", "GET /api/health", "GET /api/notes", "POST /api/notes", "DELETE /api/notes/{note_id}", "GET /api/notes/{note_id}", "PATCH /api/notes/{note_id}",
		}, 6, false},
		{"express", []string{"GET /", "GET /todos", "POST /todos", "GET /todos/{id}"}, 0, true},
	}
	for _, tt := range tests {
		t.Run(tt.dir, func(t *testing.T) {
			p := s.upload(t, example(tt.dir))
			p.wantEndpoints("before the launch", each(tt.want, "static")...)
			p.running()
			p.until("the number of endpoints", func(s client.Status) bool { return s.EndpointsCount == len(tt.want) })
			quiet := len(tt.want) - tt.told
			p.wantEndpoints("while it runs", append(each(tt.want[:quiet], "static"), each(tt.want[quiet:], "both")...)...)
			if log := p.log(); tt.mute && strings.Contains(log, "openapi") {
				t.Errorf("the app was asked for a document:\n%s", log)
			}
			p.stop()
			p.wantEndpoints("after the stop", each(tt.want, "static")...)
			if n := p.status().EndpointsCount; n != len(tt.want) {
				t.Errorf("after the stop the status tells %d endpoints", n)
			}
		})
	}
}

// TestEndpointExample sends the body that is suggested for an endpoint, which the real app takes.
func TestEndpointExample(t *testing.T) {
	s := start(t, settings(t, 10))
	p := s.upload(t, example("fastapi-notes"))
	launched := p.launch()
	p.until("the preview to run", func(s client.Status) bool { return s.Status == "running" })
	list, err := p.Endpoints(t.Context(), p.id, client.EndpointFilter{Method: "post"})
	if err != nil || len(list.Endpoints) != 1 {
		t.Fatalf("%+v %v", list, err)
	}
	w := s.wire(t, "nobody", false)
	w.token = ""
	r := w.post(p.id+"/preview/request", fmt.Sprintf(`{"method":"POST","path":%q,"body":%s}`, list.Endpoints[0].Path, list.Endpoints[0].RequestExample), "X-Preview-Token", launched.SessionToken)
	if r.body["status_code"] != 201.0 && r.body["status_code"] != 200.0 {
		t.Errorf("the app answers the example %s with %s", list.Endpoints[0].RequestExample, r.raw)
	}
}
