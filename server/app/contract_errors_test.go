package app_test

import (
	"net/http"
	"strings"
	"testing"

	"previewd/server/openapi/openapitest"
	"previewd/server/problem"
)

// outOfReach are codes that nobody can ask for from outside: faults, races, and what is told as a preview's reason.
var outOfReach = []problem.Code{
	problem.Internal, problem.EngineUnavailable, problem.ShuttingDown, problem.Conflict, problem.GenerationActive,
	problem.StartupTimeout, problem.HealthCheckFailed, problem.IdentityUnavailable,
	problem.LoopDetected, // of a preview whose app asks for itself through the gateway; its test is the gateway's
}

// contractErrors reaches every other error on a server whose limits are tight.
func contractErrors(t *testing.T, reached map[string]bool) {
	s := start(t, settings(t, 2, "PREVIEW_MAX_PER_USER=1", "PREVIEW_RATE_LAUNCH=3/h", "PREVIEW_MAX_UPLOAD_MB=1"))
	alice, bob, root := s.wire(t, "alice", false), s.wire(t, "bob", false), s.wire(t, "root", true)
	alice.reached, bob.reached, root.reached = reached, reached, reached
	alice.put("page", page)
	for _, step := range []struct {
		name string
		test func(t *testing.T, alice, bob, root *wire)
	}{
		{"callers", strangers}, {"requests", badRequests}, {"limits", limits}, {"states", notRunning}, {"events", unknownEvent},
	} {
		t.Run(step.name, func(t *testing.T) {
			at := func(w *wire) *wire {
				other := *w
				other.TB, other.http = t, openapitest.Client(t)
				return &other
			}
			step.test(t, at(alice), at(bob), at(root))
		})
	}
}

func strangers(t *testing.T, alice, bob, root *wire) {
	nobody := *alice
	nobody.token = ""
	r := nobody.get("page")
	nobody.wantError("no token", r, 401, "INVALID_TOKEN")
	if r.header.Get("WWW-Authenticate") != `Bearer realm="previewd"` {
		t.Error(r.header)
	}
	nobody.token = alice.token + "x"
	nobody.wantError("a token that was tampered with", nobody.get("page"), 401, "INVALID_TOKEN")
	for _, path := range []string{"page", "page/files", "page/preview/status", "page/preview/config", "page/preview/logs"} {
		bob.wantError("bob at alice's "+path, bob.get(path), 403, "PERMISSION_DENIED")
	}
	bob.wantError("bob launches alice's", bob.post("page/preview/launch", `{"project_id":"p"}`), 403, "PERMISSION_DENIED")
	root.want(root.get("page"), 200)
	alice.wantError("unknown generation", alice.get("nothing"), 404, "GENERATION_NOT_FOUND")
}

func badRequests(t *testing.T, alice, _, _ *wire) {
	for body, detail := range map[string]string{
		`{"project_id":7}`:                   "project_id: want a string",
		`{}`:                                 "project_id: is required",
		`{"project_id":"p","timeout":"30"}`:  "timeout: want a whole number",
		`{"project_id":"p","env":{"A B":""}`: "the body is not valid JSON",
		`{"project_id":"p","memory_mb":1}`:   "memory_mb: want 16",
	} {
		r := alice.post("page/preview/launch", body)
		alice.wantError(body, r, 400, "INVALID_REQUEST")
		if !strings.HasPrefix(r.text("detail"), detail) {
			t.Errorf("%s: %s", body, r.text("detail"))
		}
	}
	alice.wantError("an id", alice.get("a%20b"), 400, "INVALID_REQUEST")
	alice.wantError("a path", alice.get("/api/v1/nothing"), 404, "NOT_FOUND")
	r := alice.send(http.MethodPut, "page/preview/status", "")
	alice.wantError("a method", r, 405, "METHOD_NOT_ALLOWED")
	if r.header.Get("Allow") != "GET, HEAD" {
		t.Error(r.header)
	}
	alice.wantError("a type", alice.post("page/preview/launch", "x", "Content-Type", "text/plain"), 415, "UNSUPPORTED_MEDIA_TYPE")
	alice.wantError("a launch of 2 MB", alice.post("page/preview/launch", `{"project_id":"`+strings.Repeat("p", 2<<20)+`"}`), 413, "PAYLOAD_TOO_LARGE")
	alice.wantError("a cursor", alice.get("/api/v1/generations?cursor=nonsense"), 400, "INVALID_CURSOR")
}

func limits(t *testing.T, alice, bob, root *wire) {
	launch := `{"project_id":"p"}`
	alice.want(alice.post("page/preview/launch", launch), 201)
	alice.put("another", page)
	alice.wantError("a second preview", alice.post("another/preview/launch", launch), 429, "QUOTA_EXCEEDED")
	bob.put("bobs", page)
	bob.want(bob.post("bobs/preview/launch", launch), 201)
	root.put("roots", page)
	r := root.post("roots/preview/launch", launch)
	root.wantError("a third preview on two ports", r, 503, "NO_PORTS_AVAILABLE")
	if r.header.Get("Retry-After") == "" || r.text("detail") != "No ports available (max 2 concurrent)." {
		t.Error(r.header, r.raw)
	}
	bob.want(bob.send(http.MethodDelete, "bobs/preview", ""), 204)
	for range 2 {
		alice.want(alice.send(http.MethodDelete, "page/preview", ""), 204) // a port of a preview that is replaced is free a moment later
		alice.want(alice.post("page/preview/launch", launch), 201)
	}
	r = alice.post("page/preview/launch", launch)
	alice.wantError("a launch too many", r, 429, "RATE_LIMIT_EXCEEDED")
	alice.wantMembers("a launch too many", r.body, map[string]string{"retry_after": "int", "reset_time": "time"})
	if r.header.Get("Retry-After") == "" || r.header.Get("X-RateLimit-Limit") != "3" || r.header.Get("X-RateLimit-Remaining") != "0" {
		t.Error(r.header)
	}
	alice.want(alice.send(http.MethodDelete, "page/preview", ""), 204)
}

// notRunning asks a preview that starts for as long as it may, and then has ended.
func notRunning(t *testing.T, _, bob, _ *wire) {
	bob.put("silent", map[string]string{"server.js": "require('http'); setInterval(() => {}, 1000)", "Procfile": "web: node server.js"})
	l := bob.want(bob.post("silent/preview/launch", `{"project_id":"p","timeout":5}`), 201)
	ask := func() reply {
		return bob.post("silent/preview/request", `{"path":"/"}`, "X-Preview-Token", l.text("session_token"))
	}
	r := ask()
	bob.wantError("a starting preview", r, 503, "PREVIEW_NOT_RUNNING")
	if r.text("preview_status") != "starting" || r.text("phase") == "" || r.header.Get("Retry-After") == "" {
		t.Error(r.raw, r.header)
	}
	if !eventually(patience, func() bool { return bob.get("silent/preview/status").text("status") == "failed" }) {
		t.Fatal("the preview starts for ever")
	}
	r = ask()
	bob.wantError("a failed preview", r, 409, "PREVIEW_NOT_RUNNING")
	if r.text("preview_status") != "failed" || r.text("reason") != "STARTUP_TIMEOUT" || r.text("message") == "" || r.text("hint") == "" {
		t.Error(r.raw)
	}
	bob.wantError("an extension of it", bob.post("silent/preview/extend", ""), 409, "PREVIEW_NOT_RUNNING")
}

func unknownEvent(_ *testing.T, alice, _, root *wire) {
	root.wantError("an unknown event", root.post("/api/v1/webhooks/events/msg_0/retry", ""), 404, "WEBHOOK_EVENT_NOT_FOUND")
	alice.wantError("not for everybody", alice.get("/api/v1/webhooks/events"), 403, "PERMISSION_DENIED")
}
