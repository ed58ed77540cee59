package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/server/api"
)

const (
	extendPath  = gens + "g1/preview/extend"
	sessionPath = gens + "g1/preview/session"
)

// in is how long from now a time of an answer is.
func in(t *testing.T, now time.Time, at any) time.Duration {
	t.Helper()
	text, _ := at.(string)
	then, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t.Fatal(err)
	}
	return then.Sub(now).Round(time.Minute)
}

func TestExtend(t *testing.T) {
	clock := time.Now()
	h := newHarness(t, func(o *api.Options) {
		o.Now = func() time.Time { return clock }
		o.Config.SessionTimeout, o.Config.MaxUptime = 90*60, 2*60*60
	})
	token := h.running(echo) // it and its token live for an hour
	tests := []struct {
		body string
		want time.Duration
	}{
		{`{"duration":60}`, time.Hour}, // never shorter than it was
		{``, 90 * time.Minute},
		{`{}`, 90 * time.Minute},
		{`{"duration":null,"x":1}`, 90 * time.Minute},
		{`{"duration":6000}`, 100 * time.Minute},
		{`{"duration":2592000}`, 2 * time.Hour}, // never longer than the maximum
	}
	for _, test := range tests {
		a := h.want(h.do("ann", http.MethodPost, extendPath, []byte(test.body)), http.StatusOK)
		if expires, token := in(t, clock, a.body["expires_at"]), in(t, clock, a.body["token_expiry"]); expires != test.want || token != test.want {
			t.Errorf("%s: the preview lives for %v, the token for %v, want %v", test.body, expires, token, test.want)
		}
		if a.body["status"] != "running" || a.body["memory_usage_mb"] != 50.5 || a.body["session_token"] != nil {
			t.Error("not the status:", a.text)
		}
	}
	clock = clock.Add(110 * time.Minute)
	h.want(h.ask(token, `{"path":"/"}`), http.StatusOK) // the token was renewed too
	p, err := h.store.LatestPreview(t.Context(), "g1")
	if err != nil || p.LastActiveAt.Before(clock.Add(-time.Minute)) {
		t.Error("an extension is no use:", p.LastActiveAt, err)
	}
}

func TestExtendRefuses(t *testing.T) {
	h := newHarness(t)
	h.running(echo)
	tests := []struct{ body, detail string }{
		{`[]`, "the body has to be a JSON object"},
		{`{`, "the body is not valid JSON"},
		{`{"duration":0}`, "duration: want 1 to 2592000 seconds"},
		{`{"duration":-5}`, "duration: want 1 to 2592000 seconds"},
		{`{"duration":2592001}`, "duration: want 1 to 2592000 seconds"},
		{`{"duration":1e300}`, "duration: want 1 to 2592000 seconds"},
		{`{"duration":1.5}`, "duration: want a whole number, not number 1.5"},
		{`{"duration":"30m"}`, "duration: want a whole number, not string"},
		{`{"duration":true}`, "duration: want a whole number, not bool"},
	}
	for _, test := range tests {
		a := h.do("ann", http.MethodPost, extendPath, []byte(test.body))
		if a.status != 400 || a.code() != "INVALID_REQUEST" || !strings.HasPrefix(a.detail(), test.detail) {
			t.Errorf("%s: %d %s", test.body, a.status, a.text)
		}
	}
}

func TestEndedPreviewsAreNotRenewed(t *testing.T) {
	h := newHarness(t)
	h.put("ann", "g1")
	h.launches.ends = &preview.Reason{Code: preview.AppExited, Message: "It exited.", Hint: "Look at line 3."}
	h.want(h.launch("ann", "g1", `{"project_id":"p","wait":true}`), http.StatusCreated)
	for _, path := range []string{extendPath, sessionPath} {
		a := h.do("ann", http.MethodPost, path, nil)
		got := fmt.Sprint(a.status, a.code(), a.body["preview_status"], a.body["reason"], a.body["hint"], a.header.Get("Retry-After"))
		if want := fmt.Sprint(409, "PREVIEW_NOT_RUNNING", "failed", "APP_EXITED", "Look at line 3.", ""); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}

func TestNewSessionToken(t *testing.T) {
	h := newHarness(t)
	old := h.running(echo)
	a := h.want(h.do("ann", http.MethodPost, sessionPath, nil), http.StatusOK)
	token, _ := a.body["session_token"].(string)
	if !strings.HasPrefix(token, "sess_") || token == old || in(t, time.Now(), a.body["token_expiry"]) != 30*time.Minute || len(a.body) != 2 {
		t.Error(a.text)
	}
	h.want(h.ask(token, `{"path":"/"}`), http.StatusOK)
	if a := h.ask(old, `{"path":"/"}`); a.code() != "INVALID_SESSION_TOKEN" {
		t.Error("the old token still opens the preview:", a.text)
	}
	if a := h.get("", gens+"g1/preview/logs/stream?token="+old); a.code() != "INVALID_SESSION_TOKEN" {
		t.Error("the old token still opens the log:", a.text)
	}
	stored, err := h.store.LatestPreview(t.Context(), "g1")
	if err != nil || strings.Contains(fmt.Sprintf("%+v", stored), token) {
		t.Error("the token itself is stored", err)
	}
}

// TestATokenBesideOthers leaves them, and ends with them when they are renewed.
func TestATokenBesideOthers(t *testing.T) {
	h := newHarness(t)
	tokens := []string{h.running(echo)}
	for range 2 {
		a := h.want(h.do("ann", http.MethodPost, sessionPath, []byte(`{"keep":true}`)), http.StatusOK)
		token, _ := a.body["session_token"].(string)
		tokens = append(tokens, token)
	}
	for i, token := range tokens {
		if a := h.ask(token, `{"path":"/"}`); a.status != http.StatusOK {
			t.Errorf("token %d: %s", i, a.text)
		}
	}
	h.want(h.do("ann", http.MethodPost, sessionPath, []byte(`{"keep":false}`)), http.StatusOK)
	for i, token := range tokens {
		if a := h.ask(token, `{"path":"/"}`); a.code() != "INVALID_SESSION_TOKEN" {
			t.Errorf("token %d after all were replaced: %s", i, a.text)
		}
	}
	if a := h.do("ann", http.MethodPost, sessionPath, []byte(`{"keep":"yes"}`)); a.status != http.StatusBadRequest || a.detail() != "keep: want true or false, not string" {
		t.Error(a.text)
	}
}

// TestStartingPreviewsAreRenewed: an install may take longer than the token lives.
func TestStartingPreviewsAreRenewed(t *testing.T) {
	h := newHarness(t)
	h.put("ann", "g1")
	h.want(h.launch("ann", "g1", `{"project_id":"p"}`), http.StatusCreated)
	if a := h.want(h.do("ann", http.MethodPost, extendPath, nil), http.StatusOK); a.body["status"] != "starting" {
		t.Error(a.text)
	}
	h.want(h.do("root", http.MethodPost, sessionPath, nil), http.StatusOK)
}
