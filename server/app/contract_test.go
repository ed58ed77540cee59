package app_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"previewd/server/openapi/openapitest"
	"previewd/server/problem"
)

// The contract as existing front ends know it: members and their types, route by route. What is there besides is ours.
var (
	launched = map[string]string{
		"id": "string", "generation_id": "string", "user_id": "string", "project_id": "string", "status": "string", "port": "int", "base_url": "string",
		"session_token": "string", "created_at": "time", "token_expiry": "time", "preview_url": "string", "expires_at": "time",
	}
	statusOf = map[string]string{
		"id": "string", "generation_id": "string", "user_id": "string", "status": "string", "port": "int", "base_url": "string",
		"uptime_seconds": "int", "memory_usage_mb": "number", "cpu_usage_percent": "number", "health": "string", "started_at": "time?",
		"endpoints_count": "int", "phase": "string?", "reason": "string?", "message": "string?", "hint": "string?", "exit_code": "int?",
		"framework": "string", "memory_limit_mb": "int", "expires_at": "time", "timings": "object",
	}
	configOf = map[string]string{
		"port": "int", "base_url": "string", "session_timeout_seconds": "int", "max_uptime_seconds": "int", "memory_limit_mb": "int",
		"startup_timeout_seconds": "int", "health_check_retries": "int", "health_check_interval_seconds": "int",
	}
	answerOf = map[string]string{
		"status_code": "int", "headers": "object", "body": "object", "elapsed_ms": "number", "body_encoding": "string", "truncated": "bool",
	}
	logLine    = map[string]string{"seq": "int", "timestamp": "time", "level": "string", "message": "string", "source": "string", "stream": "string"}
	generation = map[string]string{"id": "string", "project_id": "string", "files": "int", "bytes": "int", "digest": "string", "framework": "string", "runtime": "string"}
)

// chatty is an app of one file that answers in every way the request route has to cope with.
var chatty = map[string]string{"server.js": `
const http = require('http')
http.createServer((q, s) => {
  const say = (status, type, body, more) => { s.writeHead(status, {'Content-Type': type, ...more}); s.end(body) }
  const path = q.url.split('?')[0]
  if (path === '/slow') return
  if (path === '/cut') return q.socket.destroy()
  if (path === '/moved') return say(302, 'text/plain', 'elsewhere', {Location: '/'})
  if (path === '/bytes') return say(200, 'application/octet-stream', Buffer.from([0, 255, 1]))
  if (path === '/long') return say(200, 'text/plain', 'x'.repeat(3000))
  let body = ''
  q.on('data', d => body += d).on('end', () => say(200, 'application/json', JSON.stringify({method: q.method, url: q.url, body, accept: q.headers.accept})))
}).listen(process.env.PORT, () => console.log('listening'))
console.error('Error: only a word on stderr')
`}

func TestContract(t *testing.T) {
	t.Parallel()
	s := start(t, settings(t, 10, "PREVIEW_REQUEST_TIMEOUT=1", "PREVIEW_REQUEST_MAX_RESPONSE_KB=1",
		"PREVIEW_RATE_LAUNCH=10/h", "PREVIEW_RATE_STATUS=100/m", "PREVIEW_RATE_REQUEST=1000/h"))
	alice := s.wire(t, "alice", false)
	stored := alice.put("chatty", chatty)
	alice.wantMembers("upload", stored.body, generation)
	if stored.status != 201 || stored.text("runtime") != "node" || alice.put("chatty", chatty).status != 200 {
		t.Error(stored.raw)
	}
	for _, step := range []struct {
		name string
		test func(*testing.T, *wire)
	}{
		{"before a launch", beforeALaunch},
		{"launch", launches},
		{"status", statuses},
		{"config", configs},
		{"request", requests},
		{"logs", logPages},
		{"stream", logStream},
		{"session", sessions},
		{"lists", lists},
		{"stop", stops},
		{"failure", failures},
		{"service", serviceRoutes},
		{"delete", deletes},
	} {
		ok := t.Run(step.name, func(t *testing.T) {
			w := *alice
			w.TB, w.http = t, openapitest.Client(t)
			step.test(t, &w)
		})
		if !ok {
			return // the steps are one life of one preview
		}
	}
	t.Run("errors", func(t *testing.T) { contractErrors(t, alice.reached) })
	for _, code := range problem.Codes() {
		if !alice.reached[string(code)] && !slices.Contains(outOfReach, code) {
			t.Errorf("no error %s was reached", code)
		}
	}
}

func beforeALaunch(_ *testing.T, w *wire) {
	w.wantError("status before the first launch", w.get("chatty/preview/status"), 404, "PREVIEW_NOT_FOUND")
	w.wantError("stop before the first launch", w.send(http.MethodDelete, "chatty/preview", ""), 404, "PREVIEW_NOT_FOUND")
	w.wantMembers("config before the first launch", w.want(w.get("chatty/preview/config"), 200).body, configOf)
	w.wantMembers("endpoints before the first launch", w.want(w.get("chatty/preview/endpoints?tag=&method=GET"), 200).body, map[string]string{
		"endpoints": "list", "count": "int", "builtin": "list", "complete": "bool", "warnings": "list",
	})
}

func launches(t *testing.T, w *wire) {
	first := w.want(w.post("chatty/preview/launch", `{"project_id":"shop","timeout":30,"unknown":[1]}`), 201)
	w.wantMembers("launch", first.body, launched)
	if first.text("status") != "starting" || first.text("user_id") != "alice" || first.text("project_id") != "shop" || !strings.HasPrefix(first.text("session_token"), "sess_") {
		t.Error(first.raw)
	}
	if first.header.Get("X-RateLimit-Limit") != "10" || first.header.Get("X-RateLimit-Remaining") != "9" || first.header.Get("X-RateLimit-Reset") == "" {
		t.Error(first.header)
	}
	second := w.want(w.post("chatty/preview/launch", `{"project_id":"shop","memory_mb":128,"env":{"GREETING":"hello"},"wait":true}`), 201)
	w.wantMembers("launch that waits", second.body, launched)
	if second.text("status") != "running" || second.text("id") == first.text("id") || second.text("session_token") == first.text("session_token") {
		t.Error(second.raw)
	}
	if code, _ := get(t, second.text("base_url")); code != 200 {
		t.Errorf("the preview answers %d", code)
	}
	replaced := slices.IndexFunc(w.all("/api/v1/previews", "previews"), func(p map[string]any) bool { return p["id"] == first.body["id"] && p["reason"] == "REPLACED" })
	if replaced < 0 {
		t.Error("the first preview was not replaced")
	}
}

func statuses(t *testing.T, w *wire) {
	r := w.want(w.get("chatty/preview/status"), 200)
	w.wantMembers("status", r.body, statusOf)
	if r.text("status") != "running" || r.text("health") != "healthy" || r.body["memory_limit_mb"] != 128.0 || r.body["reason"] != nil || r.body["phase"] != nil {
		t.Error(r.raw)
	}
	if r.header.Get("X-RateLimit-Limit") != "100" {
		t.Error(r.header)
	}
	head := w.want(w.send(http.MethodHead, "chatty/preview/status", ""), 200)
	if head.raw != "" {
		t.Error("HEAD has a body:", head.raw)
	}
}

func configs(t *testing.T, w *wire) {
	r := w.want(w.get("chatty/preview/config"), 200)
	w.wantMembers("config", r.body, configOf)
	if r.body["port"] == 0.0 || r.text("base_url") == "" || r.body["max_uptime_seconds"] != 3600.0 || r.body["session_timeout_seconds"] != 1800.0 {
		t.Error(r.raw)
	}
}

func lists(t *testing.T, w *wire) {
	w.put("second", page)
	for path, name := range map[string]string{"/api/v1/generations": "generations", "/api/v1/previews": "previews"} {
		if n := len(w.all(path, name)); n != 2 {
			t.Errorf("%s lists %d", path, n)
		}
		if r := w.want(w.get(path+"?limit=1"), 200); r.text("next_cursor") == "" {
			t.Error(r.raw)
		}
	}
	files := w.want(w.get("second/files"), 200)
	if list, _ := files.body["files"].([]any); len(list) != 1 || files.body["next_cursor"] != nil {
		t.Error(files.raw)
	}
	w.wantMembers("generation", w.want(w.get("second"), 200).body, generation)
	if r := w.want(w.get("/api/v1/previews", "Authorization", "Bearer "+w.other("bob")), 200); len(r.body["previews"].([]any)) != 0 {
		t.Error("bob sees alice's previews:", r.raw)
	}
}

// all follows a list's cursor, one item at a time.
func (w *wire) all(path, name string) (items []map[string]any) {
	w.Helper()
	for cursor := ""; ; {
		r := w.want(w.get(path+"?limit=1&cursor="+cursor), 200)
		for _, item := range r.body[name].([]any) {
			items = append(items, item.(map[string]any))
		}
		if cursor = r.text("next_cursor"); cursor == "" {
			return items
		}
	}
}

func stops(t *testing.T, w *wire) {
	for range 2 {
		if r := w.want(w.send(http.MethodDelete, "chatty/preview", ""), 204); r.raw != "" {
			t.Error(r.raw)
		}
	}
	r := w.want(w.get("chatty/preview/status"), 200)
	w.wantMembers("status after the end", r.body, statusOf)
	if r.text("status") != "stopped" || r.text("reason") != "USER" || r.body["port"] != 0.0 || r.text("base_url") != "" || r.text("message") == "" {
		t.Error(r.raw)
	}
}

func failures(t *testing.T, w *wire) {
	w.put("broken", map[string]string{"server.js": "const http = require('http'); console.error('boom'); process.exit(3); http.createServer().listen(80)"})
	r := w.want(w.post("broken/preview/launch", `{"project_id":"shop","wait":true}`), 201)
	w.wantMembers("launch that fails", r.body, launched)
	r = w.want(w.get("broken/preview/status"), 200)
	w.wantMembers("status of a failure", r.body, statusOf)
	if r.text("status") != "failed" || r.text("reason") != "APP_EXITED" || r.body["exit_code"] != 3.0 || r.text("hint") == "" || !strings.Contains(r.raw, "boom") {
		t.Error(r.raw)
	}
}

func serviceRoutes(t *testing.T, w *wire) {
	w.token = ""
	for path, media := range map[string]string{
		"/livez": "application/json", "/readyz": "application/json", "/healthz": "application/json", "/openapi.json": "application/json", "/docs": "text/html; charset=utf-8",
	} {
		r := w.want(w.get(path), 200)
		if r.header.Get("Content-Type") != media || r.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", path, r.header)
		}
	}
	if r := w.want(w.get("/livez", "X-Request-ID", "mine-7"), 200); r.header.Get("X-Request-ID") != "mine-7" {
		t.Error(r.header)
	}
	if r := w.get("/livez"); !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(r.header.Get("X-Request-ID")) {
		t.Error(r.header)
	}
}

func deletes(t *testing.T, w *wire) {
	w.want(w.post("second/preview/launch", `{"project_id":"shop"}`), 201)
	w.want(w.send(http.MethodDelete, "second", ""), 204)
	w.wantError("deleted generation", w.get("second"), 404, "GENERATION_NOT_FOUND")
	w.wantError("its preview", w.get("second/preview/status"), 404, "GENERATION_NOT_FOUND")
	if n := slices.IndexFunc(w.all("/api/v1/previews", "previews"), func(p map[string]any) bool { return p["generation_id"] == "second" }); n >= 0 {
		t.Error("its previews are still listed")
	}
}
