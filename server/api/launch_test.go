package api_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"previewd/runtime/launch"
	"previewd/runtime/preview"
)

func TestLaunchAnswersTheContract(t *testing.T) {
	h := newHarness(t)
	h.want(h.put("ann", "g1"), http.StatusCreated)
	a := h.want(h.launch("ann", "g1", `{"project_id":"shop","unknown":{"x":1}}`), http.StatusCreated)

	for name, want := range map[string]any{
		"generation_id": "g1", "user_id": "ann", "project_id": "shop", "status": "starting", "phase": "queued", "health": "unknown",
		"memory_limit_mb": 512.0, "started_at": nil, "reason": nil, "message": nil, "hint": nil, "exit_code": nil,
	} {
		if got, there := a.body[name]; !there || got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	port := a.body["port"].(float64)
	if port < 3001 || port > 3100 || a.body["base_url"] != fmt.Sprintf("http://127.0.0.1:%.0f", port) {
		t.Error(a.body["port"], a.body["base_url"])
	}
	// The launch's address shows the token, the status's is the same without it.
	address := regexp.MustCompile(`^http://p[0-9a-f]{32}\.preview\.localhost:8080/$`)
	bare, query, _ := strings.Cut(a.body["preview_url"].(string), "?")
	if !address.MatchString(bare) || query != "__previewd_token="+a.body["session_token"].(string) {
		t.Error(a.body["preview_url"])
	}
	if status := h.want(h.get("ann", "/api/v1/generations/g1/preview/status"), http.StatusOK); status.body["preview_url"] != bare {
		t.Error(status.body["preview_url"], "want", bare)
	}
	if token := a.body["session_token"].(string); !strings.HasPrefix(token, "sess_") || len(token) != 48 {
		t.Error(token)
	}
	for _, name := range []string{"created_at", "token_expiry", "expires_at"} {
		at, err := time.Parse(time.RFC3339Nano, a.body[name].(string))
		if err != nil || !strings.HasSuffix(a.body[name].(string), "Z") || time.Until(at).Abs() > 2*time.Hour {
			t.Errorf("%s: %v %v", name, a.body[name], err)
		}
	}
}

func TestLaunchPassesTheRequestOn(t *testing.T) {
	h := newHarness(t)
	h.want(h.put("ann", "g1"), http.StatusCreated)
	h.want(h.launch("ann", "g1", `{"project_id":"p","timeout":600,"env":{"A_1":"x=y\n","_b":""},"memory_mb":512,"command":"npm start"}`), http.StatusCreated)
	want := launch.Request{
		GenerationID: "g1", UserID: "ann", ProjectID: "p", By: "ann", TimeoutSeconds: 600,
		Env: map[string]string{"A_1": "x=y\n", "_b": ""}, MemoryMB: 512, Command: "npm start",
	}
	if diff := cmp.Diff(want, h.launches.last()); diff != "" {
		t.Error(diff)
	}
	h.want(h.launch("ann", "g1", `{"project_id":"p","timeout":3.0e1,"env":null,"memory_mb":null,"command":null,"wait":null}`), http.StatusCreated)
	if got := h.launches.last(); got.TimeoutSeconds != 30 || got.MemoryMB != 0 || got.Command != "" || got.Env != nil {
		t.Errorf("%+v", got)
	}
	h.want(h.launch("root", "g1", `{"project_id":"p"}`), http.StatusCreated)
	if got := h.launches.last(); got.UserID != "ann" || got.By != "root" {
		t.Errorf("an admin's launch belongs to the owner: %+v", got)
	}
}

func TestLaunchValidation(t *testing.T) {
	h := newHarness(t)
	h.want(h.put("ann", "g1"), http.StatusCreated)
	many := map[string]string{}
	for i := range 201 {
		many[fmt.Sprintf("V%d", i)] = ""
	}
	big := map[string]string{}
	for i := range 9 {
		big[fmt.Sprintf("V%d", i)] = strings.Repeat("x", 32<<10)
	}
	env := func(e map[string]string) string {
		text, err := json.Marshal(map[string]any{"project_id": "p", "env": e})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	tests := []struct{ body, detail string }{
		{``, "the body is empty: want a JSON object"},
		{`{`, "the body is not valid JSON: unexpected end of JSON input"},
		{`[]`, "the body has to be a JSON object"},
		{`{"project_id":"p"} x`, "the body is not valid JSON: invalid character 'x' after top-level value"},
		{`{}`, "project_id: is required"},
		{`{"project_id":null}`, "project_id: is required"},
		{`{"project_id":7}`, "project_id: want a string, not number"},
		{`{"project_id":""}`, "project_id: want 1-128 characters"},
		{`{"project_id":"a/b"}`, "project_id: want 1-128 characters"},
		{`{"project_id":"` + strings.Repeat("a", 129) + `"}`, "project_id: want 1-128 characters"},
		{`{"project_id":"p","timeout":"30"}`, "timeout: want a whole number, not string"},
		{`{"project_id":"p","timeout":1.5}`, "timeout: want a whole number, not number 1.5"},
		{`{"project_id":"p","timeout":0}`, "timeout: want 1 to 600 seconds"},
		{`{"project_id":"p","timeout":601}`, "timeout: want 1 to 600 seconds"},
		{`{"project_id":"p","memory_mb":15}`, "memory_mb: want 16 to 512"},
		{`{"project_id":"p","memory_mb":513}`, "memory_mb: want 16 to 512"},
		{`{"project_id":"p","memory_mb":[]}`, "memory_mb: want a whole number, not array"},
		{`{"project_id":"p","wait":"yes"}`, "wait: want true or false, not string"},
		{`{"project_id":"p","command":" "}`, "command: is empty"},
		{`{"project_id":"p","command":"a\u0000b"}`, "command: holds a NUL"},
		{`{"project_id":"p","command":"` + strings.Repeat("x", 4097) + `"}`, "command: is longer than 4096 bytes"},
		{`{"project_id":"p","env":["A=1"]}`, "env: want an object, not array"},
		{`{"project_id":"p","env":{"B":"","A":1}}`, "env.A: want a string, not number"},
		{`{"project_id":"p","env":{"A":null}}`, "env.A: want a string, not null"},
		{`{"project_id":"p","env":{"a b":{}}}`, `env."a b": want a string, not object`},
		{`{"project_id":"p","PROJECT_ID":7,"Timeout":"x","timeout":1e999}`, "timeout: want 1 to 600 seconds"},
		{`{"Project_ID":"p"}`, "project_id: is required"},
		{"{\"project_id\":\"p\",\"env\":{\"A\":\"\xff\"}}", "the body is not valid JSON: it is not UTF-8"},
		{`null`, "the body has to be a JSON object"},
		{env(map[string]string{"1A": ""}), `env."1A": want a name`},
		{env(map[string]string{"A=B": ""}), `env."A=B": want a name`},
		{env(map[string]string{"": ""}), `env."": want a name`},
		{env(map[string]string{"A\nB": ""}), `env."A\nB": want a name`},
		{env(map[string]string{"PREVIEWD_SHIM": ""}), `env.PREVIEWD_SHIM: names that begin with PREVIEWD_ are reserved`},
		{env(map[string]string{"A": "x\x00"}), `env.A: its value holds a NUL`},
		{env(map[string]string{"A": strings.Repeat("x", 32<<10+1)}), `env.A: its value is longer than 32768 bytes`},
		{`{"project_id":"p","secret_env":{"A":1}}`, "secret_env.A: want a string, not number"},
		{`{"project_id":"p","secret_env":{"1A":"long enough"}}`, `secret_env."1A": want a name`},
		{`{"project_id":"p","secret_env":{"A":"abc"}}`, "secret_env.A: its value is too short to be kept out of the log: want 4 bytes, of several lines 8 in one"},
		{`{"project_id":"p","secret_env":{"A":" abc "}}`, "secret_env.A: its value is too short"},
		{`{"project_id":"p","secret_env":{"A":"several\nshort\nlines"}}`, "secret_env.A: its value is too short"},
		{`{"project_id":"p","secret_env":{"A":"long enough"},"env":{"A":"x"}}`, "secret_env.A: is in env, too"},
		{`{"project_id":"p","secret_env":{"A":"` + strings.Repeat("x", 32<<10) + `"}}`, "secret_env: is larger than 32768 bytes"},
		{env(many), "env: has 201 variables, more than 200"},
		{env(big), "env: is larger than 262144 bytes"},
	}
	for _, test := range tests {
		t.Run(test.detail, func(t *testing.T) {
			a := h.launch("ann", "g1", test.body)
			if a.status != 400 || a.code() != "INVALID_REQUEST" || !strings.HasPrefix(a.detail(), test.detail) {
				t.Errorf("%d %s", a.status, a.text)
			}
		})
	}
	if n := len(h.launches.requests); n > 0 {
		t.Errorf("%d invalid requests were launched", n)
	}
}

func TestLaunchRefusals(t *testing.T) {
	h := newHarness(t)
	h.want(h.put("ann", "g1"), http.StatusCreated)
	tests := []struct {
		err    error
		status int
		code   string
		detail string
	}{
		{preview.ErrNoPorts, 503, "NO_PORTS_AVAILABLE", "No ports available (max 100 concurrent)."},
		{
			&preview.QuotaError{Quota: preview.QuotaPreviewsPerUser, Most: 10, Used: 10, Wanted: 1}, 429, "QUOTA_EXCEEDED",
			"The user has 10 active previews, and at most 10 are allowed. Stop one of them first.",
		},
		{
			&preview.QuotaError{Quota: preview.QuotaMemoryPerUser, Most: 1024, Used: 768, Wanted: 512}, 429, "QUOTA_EXCEEDED",
			"The user's active previews may use 768 MB of memory, this one wants 512 MB, and at most 1024 MB are allowed. Stop one of them first, or launch with a smaller memory_mb.",
		},
		{
			&preview.QuotaError{Quota: preview.QuotaMemoryTotal, Most: 4096, Used: 4000, Wanted: 512}, 503, "QUOTA_EXCEEDED",
			"All active previews together may use 4000 MB of memory, this one wants 512 MB, and at most 4096 MB are allowed. Try again when others have ended, or launch with a smaller memory_mb.",
		},
		{preview.ErrEngineUnavailable, 503, "ENGINE_UNAVAILABLE", "The container engine cannot be reached."},
		{launch.ErrShuttingDown, 503, "SHUTTING_DOWN", "The service is shutting down."},
		{errors.New("pq: hunter2"), 500, "INTERNAL_ERROR", "Something went wrong. The request id leads to the log entry."},
	}
	for _, test := range tests {
		h.launches.refuse = fmt.Errorf("start: %w", test.err)
		a := h.launch("ann", "g1", `{"project_id":"p"}`)
		if a.status != test.status || a.code() != test.code || a.detail() != test.detail {
			t.Errorf("%v: %d %s", test.err, a.status, a.text)
		}
	}
}

func TestLaunchBodyLimitsAndType(t *testing.T) {
	h := newHarness(t)
	h.want(h.put("ann", "g1"), http.StatusCreated)
	path := gens + "g1/preview/launch"
	a := h.do("ann", http.MethodPost, path, []byte(`{"project_id":"p","x":"`+strings.Repeat("x", 1<<20)+`"}`), "Content-Type", "application/json")
	if a.status != 413 || a.code() != "PAYLOAD_TOO_LARGE" {
		t.Error(a.status, a.text)
	}
	a = h.do("ann", http.MethodPost, path, []byte(`{}`), "Content-Type", "text/plain")
	if a.status != 415 || a.code() != "UNSUPPORTED_MEDIA_TYPE" {
		t.Error(a.status, a.text)
	}
	h.want(h.do("ann", http.MethodPost, path, []byte(`{"project_id":"p"}`)), http.StatusCreated) // no type at all
	h.want(h.do("ann", http.MethodPost, path, []byte(`{"project_id":"p"}`), "Content-Type", "application/json; charset=utf-8"), http.StatusCreated)
}

func TestLaunchWaits(t *testing.T) {
	h := newHarness(t)
	h.want(h.put("ann", "g1"), http.StatusCreated)
	a := h.want(h.launch("ann", "g1", `{"project_id":"p","wait":true}`), http.StatusCreated)
	if a.body["status"] != "running" || a.body["phase"] != nil || a.body["session_token"] == "" {
		t.Error(a.text)
	}
	h.launches.ends = &preview.Reason{Code: preview.AppExited, Message: "It exited.", Hint: "Look at line 3.", ExitCode: new(2)}
	a = h.want(h.launch("ann", "g1", `{"project_id":"p","wait":true}`), http.StatusCreated)
	got := fmt.Sprint(a.body["status"], a.body["reason"], a.body["message"], a.body["hint"], a.body["exit_code"], a.body["port"], a.body["base_url"])
	if want := fmt.Sprint("failed", "APP_EXITED", "It exited.", "Look at line 3.", 2, 0, ""); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestLaunchAnswersNothingSecret(t *testing.T) {
	h := newHarness(t)
	h.want(h.put("ann", "g1"), http.StatusCreated)
	a := h.want(h.launch("ann", "g1", `{"project_id":"p","env":{"API_KEY":"hunter2"}}`), http.StatusCreated)
	status := h.want(h.get("ann", gens+"g1/preview/status"), http.StatusOK)
	list := h.want(h.get("ann", "/api/v1/previews"), http.StatusOK)
	for _, text := range []string{status.text, list.text} {
		if strings.Contains(text, "sess_") || strings.Contains(text, "hunter2") || strings.Contains(text, "hash") {
			t.Error(text)
		}
	}
	if strings.Contains(a.text, "hunter2") {
		t.Error(slices.Collect(maps.Keys(a.body)))
	}
}
