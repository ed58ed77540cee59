package api_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"previewd/server/api"
)

func ok(detail string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return detail, nil }
}

func TestProbesNeedNoToken(t *testing.T) {
	h := newHarness(t, func(o *api.Options) { o.Checks = []api.Check{{Name: "database", Run: ok("")}} })
	if a := h.want(h.get("", "/livez"), http.StatusOK); a.body["status"] != "ok" {
		t.Error(a.text)
	}
	for _, path := range []string{"/readyz", "/healthz"} {
		a := h.want(h.get("", path), http.StatusOK)
		if a.body["status"] != "ok" || a.body["checks"].(map[string]any)["database"].(map[string]any)["status"] != "ok" {
			t.Error(a.text)
		}
	}
}

func TestReadiness(t *testing.T) {
	broken := func(context.Context) (string, error) { return "what anybody may know", errors.New("hunter2") }
	tests := []struct {
		name   string
		check  api.Check
		status int
		want   string
	}{
		{"fine", api.Check{Run: ok("rules in force")}, 200, "ok rules in force: <nil>"},
		{"optional and failing", api.Check{Optional: true, Run: broken}, 200, "degraded what anybody may know: mend it"},
		{"failing", api.Check{Run: broken}, 503, "failed what anybody may know: mend it"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.check.Name, test.check.Hint = "it", "mend it"
			h := newHarness(t, func(o *api.Options) { o.Checks = []api.Check{test.check, {Name: "other", Run: ok("")}} })
			a := h.want(h.get("", "/readyz"), test.status)
			it := a.body["checks"].(map[string]any)["it"].(map[string]any)
			if got := fmt.Sprint(it["status"], " ", it["detail"], ": ", it["hint"]); got != test.want {
				t.Errorf("got %s", got)
			}
			if overall := a.body["status"]; (overall == "ok") != (test.status == 200) || strings.Contains(a.text, "hunter2") {
				t.Error(a.text)
			}
		})
	}
}
