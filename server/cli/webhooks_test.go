package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"previewd/server/auth"
)

const hookSecret = "0123456789abcdef0123456789abcdef"

// fakeWebhooks answers for a service with three events, to admins alone.
type fakeWebhooks struct {
	*httptest.Server
	mu       sync.Mutex
	receiver any
	retried  []string
}

func newFakeWebhooks(t *testing.T) *fakeWebhooks {
	t.Helper()
	verifier, err := auth.NewVerifier(auth.Options{Secrets: [][]byte{[]byte(hookSecret)}})
	if err != nil {
		t.Fatal(err)
	}
	f := &fakeWebhooks{receiver: map[string]any{"origin": "https://hooks.example.com", "gone_at": nil}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v1/webhooks/events", f.list)
	mux.HandleFunc("POST /api/v1/webhooks/events/retry", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 200, map[string]int{"retried": 2})
	})
	mux.HandleFunc("POST /api/v1/webhooks/events/{id}/retry", f.retry)
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, err := verifier.Verify(t.Context(), strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
		switch {
		case err != nil:
			refuse(w, 401, "INVALID_TOKEN", "A valid bearer token is required.")
		case !who.Admin:
			refuse(w, 403, "PERMISSION_DENIED", "This is for admins: the token needs admin in its scope.")
		default:
			mux.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(f.Close)
	return f
}

func (f *fakeWebhooks) events() []map[string]any {
	now := time.Now()
	base := func(id, event, status string, attempts int, ago time.Duration) map[string]any {
		return map[string]any{
			"id": id, "event": event, "timestamp": now.Add(-ago), "preview_id": "p1", "generation_id": "shop", "user_id": "ann",
			"project_id": "p", "data": map[string]any{"status": "running"}, "status": status, "attempts": attempts, "next_attempt_at": nil, "attempted_at": now, "settled_at": now,
			"response_status": nil, "error": nil,
		}
	}
	pending := base("msg_3", "preview.stopped", "pending", 3, time.Minute+time.Second)
	pending["next_attempt_at"], pending["settled_at"] = now.Add(2*time.Hour+time.Minute), nil
	pending["error"] = "HTTP 500: \x1b[2J" + strings.Repeat("x", 100)
	dead := base("msg_2", "preview.started", "dead", 14, 25*time.Hour)
	dead["error"], dead["response_status"] = "HTTP 410", 410
	return []map[string]any{pending, dead, base("msg_1", "preview.launched", "delivered", 1, 72*time.Hour)}
}

// list answers one event a page, so that paging is seen to work.
func (f *fakeWebhooks) list(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []map[string]any
	for _, e := range f.events() {
		if want := r.URL.Query().Get("status"); want == "" || want == e["status"] {
			all = append(all, e)
		}
	}
	at := 0
	_, _ = fmt.Sscan(r.URL.Query().Get("cursor"), &at)
	page := map[string]any{"events": all[min(at, len(all)):min(at+1, len(all))], "next_cursor": nil, "receiver": f.receiver}
	if at+1 < len(all) {
		page["next_cursor"] = fmt.Sprint(at + 1)
	}
	answer(w, 200, page)
}

func (f *fakeWebhooks) retry(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range f.events() {
		if e["id"] == r.PathValue("id") {
			f.retried = append(f.retried, r.PathValue("id"))
			answer(w, 200, e)
			return
		}
	}
	refuse(w, 404, "WEBHOOK_EVENT_NOT_FOUND", "There is no webhook event with this id.")
}

// hooks runs a command as somebody who may read the server's secret.
func hooks(t *testing.T, f *fakeWebhooks, args ...string) result {
	t.Helper()
	d := Deps{Environ: environOf(t, f.URL, "PREVIEW_JWT_SECRET="+hookSecret)}
	return runWith(t, t.Context(), d, append([]string{"webhooks"}, args...)...)
}

func TestWebhooksLs(t *testing.T) {
	f := newFakeWebhooks(t)
	r := hooks(t, f, "ls")
	wantCode(t, r, ExitOK)
	wantText(t, r.stdout,
		"ID     EVENT             GENERATION  STATUS     ATTEMPTS  AGE  NEXT  LAST ERROR\n",
		"msg_3  preview.stopped   shop        pending    3         1m   2h    HTTP 500: "+strings.Repeat("x", 40), "…\n",
		"msg_2  preview.started   shop        dead       14        25h  -     HTTP 410\n",
		"msg_1  preview.launched  shop        delivered  1         3d   -     -\n")
	if r.stderr != "" || strings.Contains(r.stdout, "\x1b") {
		t.Errorf("%q %q", r.stderr, r.stdout)
	}
	r = hooks(t, f, "ls", "--status", "dead")
	if strings.Count(r.stdout, "\n") != 2 {
		t.Error(r.stdout)
	}
	r = hooks(t, f, "ls", "--limit", "2", "--json")
	var body struct {
		Events   []map[string]any  `json:"events"`
		Receiver map[string]string `json:"receiver"`
	}
	if err := json.Unmarshal([]byte(r.stdout), &body); err != nil || len(body.Events) != 2 || body.Events[0]["id"] != "msg_3" || body.Events[0]["data"] == nil ||
		body.Receiver["origin"] != "https://hooks.example.com" {
		t.Errorf("%v %s", err, r.stdout)
	}
}

func TestWebhooksLsSaysWhenNothingIsSent(t *testing.T) {
	f := newFakeWebhooks(t)
	f.receiver = nil
	wantText(t, hooks(t, f, "ls").stderr, "PREVIEW_WEBHOOK_URL is not set")
	f.receiver = map[string]any{"origin": "https://hooks.example.com", "gone_at": fakeTime}
	wantText(t, hooks(t, f, "ls").stderr, "https://hooks.example.com answered 410 Gone at 2026-03-04 05:06:07", "retry --all")
}

func TestWebhooksRetry(t *testing.T) {
	f := newFakeWebhooks(t)
	r := hooks(t, f, "retry", "msg_2")
	wantCode(t, r, ExitOK)
	wantText(t, r.stdout, "preview.started of shop is sent again\n")
	if fmt.Sprint(f.retried) != "[msg_2]" {
		t.Error(f.retried)
	}
	wantText(t, hooks(t, f, "retry", "msg_2", "--json").stdout, `"id":"msg_2"`)
	r = hooks(t, f, "retry", "--all")
	wantCode(t, r, ExitOK)
	wantText(t, r.stdout, "2 events are sent again\n")
	wantText(t, hooks(t, f, "retry", "--all", "--json").stdout, `{"retried":2}`)
	r = hooks(t, f, "retry", "msg_9")
	wantCode(t, r, ExitNotFound)
	wantText(t, r.stderr, "WEBHOOK_EVENT_NOT_FOUND", "previewd webhooks ls")
}

func TestWebhooksUsage(t *testing.T) {
	f := newFakeWebhooks(t)
	for args, says := range map[string]string{
		"": "webhooks --help", "sl": "did you mean ls", "ls x": "wrong number", "ls --status lost": "pending, delivered or dead",
		"ls --limit 0": "at least 1", "retry": "or --all", "retry a b": "or --all", "retry a --all": "or --all", "retry a/b": "no event's id",
	} {
		r := hooks(t, f, strings.Fields(args)...)
		wantCode(t, r, ExitUsage)
		wantText(t, r.stderr, says)
	}
	user, err := auth.Mint([]byte(hookSecret), "ann", time.Hour, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"ls"}, {"retry", "msg_1"}, {"retry", "--all"}} {
		d := Deps{Environ: environOf(t, f.URL, "PREVIEW_TOKEN="+user)}
		r := runWith(t, t.Context(), d, append([]string{"webhooks"}, args...)...)
		wantCode(t, r, ExitUnauthorized)
		wantText(t, r.stderr, "previewd token --admin")
	}
}
