package app_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"previewd/runtime/tracing"
	"previewd/runtime/tracing/tracingtest"
)

const (
	callersTrace = "4bf92f3577b34da6a3ce929d0e0e4736"
	callersSpan  = "00f067aa0ba902b7"
)

// TestTraces launches on the real engine, for a caller that has a trace: the request, the launch with its stages and calls, and
// the visits are parts of it, and the last of them are sent when the service ends.
func TestTraces(t *testing.T) {
	t.Parallel()
	collector := tracingtest.New(t)
	s := start(t, settings(t, 4, "OTEL_EXPORTER_OTLP_ENDPOINT="+collector.Endpoint(), "OTEL_SERVICE_NAME=tested", "OTEL_EXPORTER_OTLP_HEADERS=x-api-key=hunter%32"))
	w := s.wire(t, "alice", false)
	parent := []string{"Traceparent", "00-" + callersTrace + "-" + callersSpan + "-01"}
	w.put("traced", map[string]string{"server.js": `require("http").createServer((q, a) => a.end(q.headers.traceparent)).listen(process.env.PORT)`})
	w.put("broken", map[string]string{"server.js": `console.error("http"); process.exit(3); require("http").createServer().listen(80)`})
	launched := w.want(w.post("traced/preview/launch", `{"project_id":"p","wait":true}`, parent...), 201)
	w.want(w.post("broken/preview/launch", `{"project_id":"p","wait":true}`), 201)
	asked := w.want(w.post("traced/preview/request", `{"path":"/"}`, append(parent, "X-Preview-Token", launched.text("session_token"))...), 200)
	visit := s.browser(t).open(launched.text("preview_url"), parent...)
	w.want(w.get("nobody"), 404)
	w.want(w.get("/livez"), 200)
	w.want(w.send(http.MethodDelete, "traced/preview", ""), 204)
	s.stop()

	checkLaunchTrace(t, collector)
	failed := collector.Named("launch")[1]
	if !failed.Failed || failed.Attributes["previewd.reason"] != "APP_EXITED" || failed.Attributes["previewd.outcome"] != "failure" || failed.Trace == callersTrace {
		t.Errorf("%+v", failed)
	}
	request := collector.Named("POST /api/v1/generations/{generation_id}/preview/request")[0]
	if want := "00-" + callersTrace + "-" + request.ID + "-01"; asked.text("body") != want {
		t.Errorf("the app was told %s of the request, want %s", asked.raw, want)
	}
	visits := collector.Named("gateway") // one, after the redirect that takes the token out of the address
	if len(visits) != 1 || visit.body != "00-"+callersTrace+"-"+visits[0].ID+"-01" || visits[0].Parent != callersSpan {
		t.Errorf("the app was told %s of the visit, %+v", visit.body, visits)
	}
	unknown := collector.Named("GET /api/v1/generations/{generation_id}")[0]
	if unknown.Failed || unknown.Attributes["previewd.error_code"] != "GENERATION_NOT_FOUND" || unknown.Attributes["http.response.status_code"] != "404" {
		t.Errorf("%+v", unknown)
	}
	tellNothing(t, collector, launched.text("session_token"))
}

func checkLaunchTrace(t *testing.T, collector *tracingtest.Receiver) {
	t.Helper()
	request := collector.Named("POST /api/v1/generations/{generation_id}/preview/launch")[0]
	if request.Trace != callersTrace || request.Parent != callersSpan || request.Kind != "server" {
		t.Errorf("%+v", request)
	}
	tree := collector.Tree(request, tracing.Status, tracing.Outcome, tracing.Reason, tracing.Runtime, tracing.Framework, tracing.Cached)
	tree = regexp.MustCompile(`cached=(true|false)`).ReplaceAllString(tree, "cached=ANY") // by whether another test was here before
	stages := regexp.MustCompile(`(?m)^ +engine .*\n`).ReplaceAllString(tree, "")
	want := `POST /api/v1/generations/{generation_id}/preview/launch status_code=201
  launch outcome=success runtime=node framework=none cached=ANY
    queued
    fetching
    detecting
    installing cached=ANY
    creating
    booting
`
	if stages != want {
		t.Errorf("got\n%swant\n%s", stages, want)
	}
	for _, call := range []string{"      engine container_create status_code=201\n", "    booting\n      engine container_start status_code=204\n"} {
		if !strings.Contains(tree, call) {
			t.Errorf("%q is not in\n%s", call, tree)
		}
	}
}

// tellNothing checks that spans are made of known words, and nothing that is a secret or a stranger's text gets to the collector.
func tellNothing(t *testing.T, collector *tracingtest.Receiver, token string) {
	t.Helper()
	known := regexp.MustCompile(`^[A-Za-z0-9_./{}-]*$`)
	for _, span := range collector.Spans() {
		if span.Resource["service.name"] != "tested" || span.Name == "GET /livez" {
			t.Errorf("%+v", span)
		}
		for key, value := range span.Attributes {
			if !known.MatchString(value) || strings.Contains(value, token) {
				t.Errorf("%s: %s is %q", span.Name, key, value)
			}
		}
	}
	for _, h := range collector.Headers() {
		if h.Get("X-Api-Key") != "hunter2" {
			t.Error(h)
		}
	}
}

// TestACollectorThatIsAwayHoldsUpNobody: the launch and the visit are as ever, it is told of once, and the service ends well.
func TestACollectorThatIsAwayHoldsUpNobody(t *testing.T) {
	t.Parallel()
	p := spawnReady(t, settings(t, 2, "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1", "OTEL_EXPORTER_OTLP_TIMEOUT=100", "OTEL_BSP_SCHEDULE_DELAY=10", "PREVIEW_LOG_FORMAT=json"))
	project := p.uploadFiles(t, map[string]string{"index.html": "hello"})
	l := project.launch()
	project.settled()
	const told = "traces cannot be delivered and are dropped"
	if !eventually(patience, func() bool { return strings.Contains(p.said.String(), told) }) {
		t.Fatal(p.said)
	}
	b := p.browser(t)
	for range 50 {
		if a := b.open(l.PreviewURL); a.body != "hello" {
			t.Fatal(a.status, a.body)
		}
	}
	project.stop()
	began := time.Now()
	p.term()
	if took := time.Since(began); took > startPatience {
		t.Errorf("the end took %v", took)
	}
	if n := strings.Count(p.said.String(), told); n != 1 {
		t.Errorf("it was told of %d times:\n%s", n, p.said)
	}
}
