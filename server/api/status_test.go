package api_test

import (
	"fmt"
	"net/http"
	"testing"

	"previewd/runtime/preview"
	"previewd/server/api"
)

func TestStatusOfARunningPreview(t *testing.T) {
	h := newHarness(t)
	h.want(h.put("ann", "g1"), http.StatusCreated)
	h.want(h.launch("ann", "g1", `{"project_id":"p","wait":true,"memory_mb":256}`), http.StatusCreated)
	a := h.want(h.get("ann", gens+"g1/preview/status"), http.StatusOK)
	for name, want := range map[string]any{
		"generation_id": "g1", "user_id": "ann", "status": "running", "memory_usage_mb": 50.5, "cpu_usage_percent": 12.35,
		"health": "healthy", "endpoints_count": 0.0, "memory_limit_mb": 256.0, "phase": nil, "reason": nil, "evidence": nil,
		"framework": "", "cached": false,
	} {
		if got, there := a.body[name]; !there || got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if up := a.body["uptime_seconds"].(float64); up < 90 || up > 150 {
		t.Error("uptime", up)
	}
	if a.body["started_at"] == nil || a.body["timings"].(map[string]any)["booting"] != 120.0 {
		t.Error(a.text)
	}
	h.launches.noStats = true
	if a := h.want(h.get("ann", gens+"g1/preview/status"), http.StatusOK); a.body["memory_usage_mb"] != 0.0 {
		t.Error("statistics that cannot be had are zero:", a.text)
	}
}

func TestStatusWhileStarting(t *testing.T) {
	h := newHarness(t)
	h.want(h.put("ann", "g1"), http.StatusCreated)
	h.want(h.launch("ann", "g1", `{"project_id":"p"}`), http.StatusCreated)
	a := h.want(h.get("ann", gens+"g1/preview/status"), http.StatusOK)
	got := fmt.Sprint(a.body["status"], a.body["phase"], a.body["uptime_seconds"], a.body["started_at"], a.body["memory_usage_mb"], a.body["timings"])
	if want := fmt.Sprint("starting", "queued", 0, nil, 0, map[string]any{}); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestStatusAfterTheEnd(t *testing.T) {
	h := newHarness(t)
	h.want(h.put("ann", "g1"), http.StatusCreated)
	h.launches.ends = &preview.Reason{
		Code: preview.OutOfMemory, Message: "Killed.", ExitCode: new(137),
		Evidence: &preview.Evidence{MemoryLimit: 1 << 29, LastLines: []string{"boom"}},
	}
	h.want(h.launch("ann", "g1", `{"project_id":"p","wait":true}`), http.StatusCreated)
	a := h.want(h.get("ann", gens+"g1/preview/status"), http.StatusOK)
	got := fmt.Sprint(a.body["status"], a.body["reason"], a.body["message"], a.body["hint"], a.body["exit_code"], a.body["evidence"], a.body["port"])
	want := fmt.Sprint("failed", "OUT_OF_MEMORY", "Killed.", nil, 137, map[string]any{"memory_limit": 1 << 29 * 1.0, "last_lines": []any{"boom"}}, 0)
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestStop(t *testing.T) {
	h := newHarness(t)
	h.want(h.put("ann", "g1"), http.StatusCreated)
	if a := h.do("ann", http.MethodDelete, gens+"g1/preview", nil); a.status != 404 || a.code() != "PREVIEW_NOT_FOUND" {
		t.Error("there never was one:", a.status, a.text)
	}
	h.want(h.launch("ann", "g1", `{"project_id":"p"}`), http.StatusCreated)
	for range 2 {
		if a := h.want(h.do("ann", http.MethodDelete, gens+"g1/preview", nil), http.StatusNoContent); a.text != "" {
			t.Error(a.text)
		}
	}
	if len(h.launches.stops) != 1 {
		t.Error("an ended preview was stopped again:", h.launches.stops)
	}
	a := h.want(h.get("ann", gens+"g1/preview/status"), http.StatusOK)
	if a.body["status"] != "stopped" || a.body["reason"] != "USER" || a.body["base_url"] != "" {
		t.Error(a.text)
	}
}

func TestConfigRoute(t *testing.T) {
	h := newHarness(t)
	h.want(h.put("ann", "g1"), http.StatusCreated)
	want := map[string]any{
		"port": 0.0, "base_url": "", "session_timeout_seconds": 1800.0, "max_uptime_seconds": 3600.0, "memory_limit_mb": 512.0,
		"startup_timeout_seconds": 30.0, "health_check_retries": 3.0, "health_check_interval_seconds": 10.0,
		"idle_timeout_seconds": 1800.0, "request_timeout_seconds": 10.0, "request_max_response_kb": 1024.0, "expires_at": nil, "token_expiry": nil,
	}
	if a := h.want(h.get("ann", gens+"g1/preview/config"), http.StatusOK); fmt.Sprint(a.body) != fmt.Sprint(want) {
		t.Error(a.body)
	}
	launched := h.want(h.launch("ann", "g1", `{"project_id":"p","timeout":45,"memory_mb":128}`), http.StatusCreated)
	want["port"], want["base_url"] = launched.body["port"], launched.body["base_url"]
	want["startup_timeout_seconds"], want["memory_limit_mb"] = 45.0, 128.0
	extended := h.want(h.do("ann", http.MethodPost, gens+"g1/preview/extend", []byte(`{"duration":3600}`)), http.StatusOK)
	want["expires_at"], want["token_expiry"] = extended.body["expires_at"], extended.body["token_expiry"]
	if a := h.want(h.get("ann", gens+"g1/preview/config"), http.StatusOK); fmt.Sprint(a.body) != fmt.Sprint(want) {
		t.Error(a.body)
	}
}

func TestBaseURLFollowsTheBindAddress(t *testing.T) {
	tests := []struct{ bind, host, want string }{
		{"127.0.0.1", "api.example:8080", "http://127.0.0.1:"},
		{"10.1.2.3", "api.example:8080", "http://10.1.2.3:"},
		{"::1", "api.example:8080", "http://[::1]:"},
		{"0.0.0.0", "api.example:8080", "http://api.example:"},
		{"0.0.0.0", "api.example", "http://api.example:"},
		{"::", "[2001:db8::1]:8080", "http://[2001:db8::1]:"},
		{"::", "[2001:db8::1]", "http://[2001:db8::1]:"},
		{"0.0.0.0", "a_b!:80", "http://127.0.0.1:"},
	}
	for _, test := range tests {
		t.Run(test.bind+" "+test.host, func(t *testing.T) {
			h := newHarness(t, func(o *api.Options) { o.Config.BindAddr = test.bind })
			h.want(h.put("ann", "g1"), http.StatusCreated)
			a := h.want(h.do("ann", http.MethodPost, gens+"g1/preview/launch", []byte(`{"project_id":"p"}`), "Host", test.host), http.StatusCreated)
			if want := fmt.Sprintf("%s%v", test.want, a.body["port"]); a.body["base_url"] != want {
				t.Errorf("got %v, want %s", a.body["base_url"], want)
			}
		})
	}
}
