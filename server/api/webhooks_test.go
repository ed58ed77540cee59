package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/server/api"
	"previewd/server/webhook"
	"previewd/storage"
	"previewd/storage/storagetest"
)

const eventsPath = "/api/v1/webhooks/events"

// newWebhooks is an API whose outbox holds a launched and a failed event of one preview.
func newWebhooks(t *testing.T, change ...func(*api.Options)) (*harness, *storage.Store) {
	t.Helper()
	s, err := storage.Open(t.Context(), storagetest.URL(t), storage.Options{Webhooks: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	receiver, err := webhook.ParseEndpoint("https://hooks.example.com/hunter2?key=hunter2", false)
	if err != nil {
		t.Fatal(err)
	}
	h := newHarness(t, append(change, func(o *api.Options) { o.Webhooks, o.Receiver = s, &receiver })...)
	now := time.Now()
	if _, err := s.PutGeneration(t.Context(), preview.Generation{ID: "g1", UserID: "ann", ProjectID: "shop"}, nil, nil); err != nil {
		t.Fatal(err)
	}
	_, _, err = s.StartPreview(t.Context(), preview.Preview{
		ID: "p1", GenerationID: "g1", UserID: "ann", ProjectID: "shop", CreatedAt: now, LastActiveAt: now, ExpiresAt: now, TokenExpiry: now,
	}, preview.StartOptions{PortMin: 3001, PortMax: 3001})
	if err != nil {
		t.Fatal(err)
	}
	reason := preview.Reason{Code: preview.AppExited, Message: "It ended."}
	if _, err := s.Finish(t.Context(), "p1", preview.Failed, reason, nil); err != nil {
		t.Fatal(err)
	}
	return h, s
}

func list(a answer) []map[string]any {
	items, _ := a.body["events"].([]any)
	var all []map[string]any
	for _, item := range items {
		all = append(all, item.(map[string]any))
	}
	return all
}

func TestWebhookEvents(t *testing.T) {
	h, s := newWebhooks(t)
	due, err := s.DueEvents(t.Context(), time.Now(), nil, 10)
	if err != nil || len(due) != 1 {
		t.Fatal(due, err)
	}
	attempt := preview.Attempt{At: time.Now(), State: preview.DeliveryDead, ResponseStatus: 500, Error: "HTTP 500: away"}
	if err := s.NoteAttempt(t.Context(), due[0], attempt); err != nil {
		t.Fatal(err)
	}

	a := h.want(h.get("root", eventsPath), 200)
	all := list(a)
	if len(all) != 2 || strings.Contains(a.text, "hunter2") {
		t.Fatal(a.text)
	}
	failed, launched := all[0], all[1]
	for name, want := range map[string]any{
		"event": "preview.failed", "preview_id": "p1", "generation_id": "g1", "user_id": "ann", "project_id": "shop", "status": "pending",
		"attempts": 0.0, "attempted_at": nil, "settled_at": nil, "response_status": nil, "error": nil, "next_attempt_at": failed["timestamp"],
	} {
		if failed[name] != want {
			t.Errorf("failed: %s is %v, want %v", name, failed[name], want)
		}
	}
	if data, _ := failed["data"].(map[string]any); data["error"] != "It ended." || data["reason"] != "APP_EXITED" || data["port"] != 3001.0 {
		t.Errorf("data: %v", failed["data"])
	}
	for name, want := range map[string]any{
		"event": "preview.launched", "status": "dead", "attempts": 1.0, "response_status": 500.0, "error": "HTTP 500: away", "next_attempt_at": nil,
		"id": due[0].ID,
	} {
		if launched[name] != want {
			t.Errorf("launched: %s is %v, want %v", name, launched[name], want)
		}
	}
	if launched["settled_at"] == nil || launched["attempted_at"] == nil {
		t.Errorf("%v", launched)
	}
	receiver, _ := a.body["receiver"].(map[string]any)
	if receiver["origin"] != "https://hooks.example.com" || receiver["gone_at"] != nil {
		t.Errorf("receiver: %v", receiver)
	}

	a = h.want(h.get("root", eventsPath+"?limit=1"), 200)
	next, _ := a.body["next_cursor"].(string)
	a = h.want(h.get("root", eventsPath+"?limit=1&cursor="+next), 200)
	if rest := list(a); len(rest) != 1 || rest[0]["id"] != due[0].ID || a.body["next_cursor"] != nil {
		t.Error(a.text)
	}
	if dead := list(h.get("root", eventsPath+"?status=dead")); len(dead) != 1 || dead[0]["id"] != due[0].ID {
		t.Error(dead)
	}
	if a := h.get("root", eventsPath+"?status=lost"); a.status != 400 || !strings.HasPrefix(a.detail(), "status:") {
		t.Error(a.text)
	}
}

func TestWebhookRetries(t *testing.T) {
	h, s := newWebhooks(t)
	if _, err := s.BuryEvents(t.Context(), time.Now(), "gone"); err != nil {
		t.Fatal(err)
	}
	receiver, err := webhook.ParseEndpoint("https://hooks.example.com/hunter2?key=hunter2", false)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.EndpointGone(t.Context(), receiver.Digest(), time.Now()); err != nil {
		t.Fatal(err)
	}
	a := h.want(h.get("root", eventsPath), 200)
	if told, _ := a.body["receiver"].(map[string]any); told["gone_at"] == nil {
		t.Errorf("nobody tells that the receiver is gone: %s", a.text)
	}
	id, _ := list(a)[0]["id"].(string)
	a = h.want(h.do("root", http.MethodPost, eventsPath+"/"+id+"/retry", nil), 200)
	if a.body["id"] != id || a.body["status"] != "pending" {
		t.Error(a.text)
	}
	a = h.want(h.do("root", http.MethodPost, eventsPath+"/retry", nil), 200)
	if a.body["retried"] != 1.0 {
		t.Error(a.text)
	}
	if told, _ := h.get("root", eventsPath).body["receiver"].(map[string]any); told["gone_at"] != nil {
		t.Error("the receiver still counts as gone")
	}
	if a := h.do("root", http.MethodPost, eventsPath+"/msg_x/retry", nil); a.status != 404 || a.code() != "WEBHOOK_EVENT_NOT_FOUND" {
		t.Error(a.text)
	}
	if a := h.do("root", http.MethodPost, eventsPath+"/a'--/retry", nil); a.status != 400 || a.code() != "INVALID_REQUEST" {
		t.Error(a.text)
	}
}

func TestWebhooksAreForAdmins(t *testing.T) {
	insecure := func(o *api.Options) { o.Config.Insecure = true }
	for name, tt := range map[string]struct {
		change []func(*api.Options)
		want   map[string]int
	}{
		"secure":   {nil, map[string]int{"": 401, "ann": 403, "root": 200}},
		"insecure": {[]func(*api.Options){insecure}, map[string]int{"ann": 200}}, // whoever asks is the only one there is
	} {
		t.Run(name, func(t *testing.T) {
			h, _ := newWebhooks(t, tt.change...)
			id, _ := list(h.get(map[bool]string{true: "ann", false: "root"}[name == "insecure"], eventsPath))[0]["id"].(string)
			for user, want := range tt.want {
				for _, r := range []struct{ method, path string }{{"GET", ""}, {"POST", "/retry"}, {"POST", "/" + id + "/retry"}} {
					if a := h.do(user, r.method, eventsPath+r.path, nil); a.status != want || want == 403 && a.code() != "PERMISSION_DENIED" {
						t.Errorf("%s %s as %q: %d, want %d: %s", r.method, r.path, user, a.status, want, a.text)
					}
				}
			}
		})
	}
}

func TestWithoutAReceiver(t *testing.T) {
	h := newHarness(t)
	a := h.want(h.get("root", eventsPath), 200)
	if told, given := a.body["receiver"]; told != nil || !given || len(list(a)) != 0 {
		t.Error(a.text)
	}
}
