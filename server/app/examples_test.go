package app_test

import (
	"strings"
	"testing"

	"previewd/runtime/preview"
	"previewd/server/client"
)

// TestExamplesRun launches every example for real: detection, install, isolation, shim, port, first answer.
func TestExamplesRun(t *testing.T) {
	tests := []struct {
		dir, framework string
		path           string // asked once it runs
		status         int
		says           string
	}{
		{"fastapi-notes", "fastapi", "/docs", 200, "swagger"},
		{"starlette", "starlette", "/", 200, ""},
		{"flask", "flask", "/", 200, ""},
		{"flask-factory", "flask", "/", 200, ""},
		{"django", "django", "/", 200, "csrfmiddlewaretoken"},
		{"python-script", "", "/", 200, ""},
		{"node-http", "", "/", 200, ""},
		{"express", "express", "/", 200, ""},
		{"express-typescript", "express", "/", 200, ""},
		{"fastify", "fastify", "/", 200, ""},
		{"koa", "koa", "/", 200, ""},
		{"hono", "hono", "/", 200, ""},
		{"nestjs", "nestjs", "/cats", 200, ""},
		{"next", "next", "/", 200, ""},
		{"vite-react", "vite", "/", 200, "/@vite/client"},
		{"go-http", "", "/", 200, ""},
		{"go-chi", "", "/", 200, ""},
		{"go-cgo", "", "/", 200, ""},
		{"static-site", "", "/", 200, "<"},
		{"dockerfile", "", "/", 200, "<"},
		{"procfile", "", "/", 200, ""},
		{"previewd-yaml", "", "/", 200, ""},
		{"ports/hardcoded-3000", "", "/", 200, ""},
		{"ports/loopback-only", "", "/", 200, ""},
		{"ports/ipv6-only", "", "/", 200, ""},
		{"ports/late", "", "/", 200, ""},
		{"ports/two-ports", "", "/", 200, "the app"},
	}
	s := start(t, settings(t, 100, "PREVIEW_LAUNCH_CONCURRENCY=3"))
	t.Run("all", func(t *testing.T) {
		for _, tt := range tests {
			t.Run(strings.ReplaceAll(tt.dir, "/", "-"), func(t *testing.T) {
				t.Parallel()
				p := s.upload(t, example(tt.dir))
				status := p.running()
				if tt.framework != "" && status.Framework != tt.framework {
					t.Errorf("framework %q, want %q", status.Framework, tt.framework)
				}
				code, body := get(t, status.BaseURL+tt.path)
				if code != tt.status || !strings.Contains(body, tt.says) {
					t.Errorf("GET %s = %d %.300q, want %d with %q", tt.path, code, body, tt.status, tt.says)
				}
				if err := p.Stop(t.Context(), p.id); err != nil {
					t.Fatal(err)
				}
				if end := p.status(); end.Status != preview.Stopped || end.Reason != preview.User {
					t.Errorf("after the stop it is %s for %s", end.Status, end.Reason)
				}
			})
		}
	})
}

// TestBrokenProjectsSayWhy launches every broken example and reads its reason.
func TestBrokenProjectsSayWhy(t *testing.T) {
	short := func(r *client.LaunchRequest) { r.Timeout = 3 }
	tests := []struct {
		dir     string
		code    preview.Code
		message string // a part of it
		hint    string
		poke    string // path that breaks it once it runs
		request func(*client.LaunchRequest)
	}{
		{dir: "syntax-error", code: preview.AppExited, message: "does not compile: SyntaxError", hint: "Correct"},
		{dir: "missing-dependency", code: preview.AppExited, message: "cannot be found", hint: "package.json"},
		{dir: "no-start-command", code: preview.NoStartCommand},
		{dir: "exits-zero", code: preview.AppExited, message: "exit code 0", hint: "keeps running"},
		{dir: "oom-at-start", code: preview.OutOfMemory, message: "memory", hint: "memory_mb", request: func(r *client.LaunchRequest) { r.MemoryMB = 128 }},
		{dir: "oom-later", code: preview.OutOfMemory, message: "memory", poke: "/leak", request: func(r *client.LaunchRequest) { r.MemoryMB = 128 }},
		{dir: "never-listens", code: preview.StartupTimeout, message: "opened no port within 3 seconds", hint: "PORT", request: short},
		{dir: "crash-after-running", code: preview.AppExited, message: "was running and then ended", poke: "/crash"},
		{dir: "missing-env", code: preview.MissingEnv, message: "DATABASE_URL", hint: "DATABASE_URL"},
		{dir: "install-fails", code: preview.InstallFailed},
	}
	s := start(t, settings(t, 100, "PREVIEW_LAUNCH_CONCURRENCY=3"))
	t.Run("all", func(t *testing.T) {
		for _, tt := range tests {
			t.Run(tt.dir, func(t *testing.T) {
				t.Parallel()
				p := s.upload(t, example("broken", tt.dir))
				var changes []func(*client.LaunchRequest)
				if tt.request != nil {
					changes = append(changes, tt.request)
				}
				if tt.poke != "" {
					status := p.running(changes...)
					_, _, _ = tryGet(t.Context(), status.BaseURL+tt.poke) // its answer may die with it
				} else {
					p.launch(changes...)
				}
				end := p.ended()
				if end.Status != preview.Failed || end.Reason != tt.code || !strings.Contains(end.Message, tt.message) || !strings.Contains(end.Hint, tt.hint) {
					t.Errorf("ended as %s: %s %q, hint %q\nwant %s …%q…, hint …%q…\n%s",
						end.Status, end.Reason, end.Message, end.Hint, tt.code, tt.message, tt.hint, p.log())
				}
				if end.Message == "" || end.Hint == "" {
					t.Error("a reason without words does not help")
				}
			})
		}
	})
}

// TestASecondLaunchInstallsNothing proves the dependencies' cache.
func TestASecondLaunchInstallsNothing(t *testing.T) {
	s := start(t, settings(t, 10))
	p := s.upload(t, example("express"))
	p.running()
	p.running()
	if log := p.log(); strings.Contains(log, "installing dependencies") {
		t.Errorf("the second launch installed again:\n%s", log)
	}
	if took := p.status().Timings["installing"]; took > 1000 {
		t.Errorf("the installing phase of a cached launch took %d ms", took)
	}
}
