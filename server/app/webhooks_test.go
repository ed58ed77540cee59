package app_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"previewd/runtime/preview"
	"previewd/server/auth"
	"previewd/server/client"
	"previewd/server/webhook"
)

const hookSecret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

// hook is one delivery that a receiver took.
type hook struct {
	id   string
	text string
	webhook.Payload
}

// receiver is a front end's server that is told of previews. It verifies as its own documentation says.
type receiver struct {
	*httptest.Server
	refuse atomic.Int64 // the status it answers with instead of taking anything; 0 is none
	mu     sync.Mutex
	got    []hook
}

// receive starts a receiver; before is called with each delivery, before it is answered.
func receive(t testing.TB, before func(hook)) *receiver {
	t.Helper()
	verifier, err := standardwebhooks.NewWebhook(hookSecret)
	if err != nil {
		t.Fatal(err)
	}
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if status := r.refuse.Load(); status != 0 {
			w.WriteHeader(int(status))
			return
		}
		body, err := io.ReadAll(req.Body)
		if err == nil {
			err = verifier.Verify(body, req.Header)
		}
		h := hook{id: req.Header.Get("webhook-id"), text: string(body)}
		if err == nil {
			err = json.Unmarshal(body, &h.Payload)
		}
		if err != nil {
			t.Errorf("webhook %q: %v", body, err)
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		r.mu.Lock()
		r.got = append(r.got, h)
		r.mu.Unlock()
		if before != nil {
			before(h)
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(r.Close)
	return r
}

// of are the deliveries about a preview, each event once.
func (r *receiver) of(previewID string) []hook {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []hook
	for _, h := range r.got {
		if h.PreviewID == previewID && !slices.ContainsFunc(list, func(before hook) bool { return before.id == h.id }) {
			list = append(list, h)
		}
	}
	return list
}

// told waits until a preview's events are the wanted ones.
func (r *receiver) told(t testing.TB, previewID string, want ...preview.EventName) []hook {
	t.Helper()
	var names []preview.EventName
	if !eventually(patience, func() bool {
		names = nil
		for _, h := range r.of(previewID) {
			names = append(names, h.Event)
		}
		return len(names) >= len(want)
	}) || !slices.Equal(names, want) {
		t.Fatalf("told %v, want %v", names, want)
	}
	return r.of(previewID)
}

func (r *receiver) settings() []string {
	return []string{"PREVIEW_WEBHOOK_URL=" + r.URL + "/previews?key=hunter2", "PREVIEW_WEBHOOK_SECRET=" + hookSecret, "PREVIEW_WEBHOOK_ALLOW_PRIVATE=1"}
}

func TestTheReceiverIsToldOfAPreviewsLife(t *testing.T) {
	t.Parallel()
	r := receive(t, nil)
	s := start(t, settings(t, 2, r.settings()...))
	good := s.upload(t, example("static-site"))
	status := good.running()
	good.stop()
	hooks := r.told(t, status.ID, preview.LaunchedEvent, preview.StartedEvent, preview.StoppedEvent)
	for i, want := range []preview.Status{preview.Starting, preview.Running, preview.Stopped} {
		h := hooks[i]
		if h.Data.Status != want || h.Data.Port != status.Port || h.GenerationID != good.id || h.UserID != "tester" || h.ProjectID != "tests" ||
			h.Data.Error != nil || h.Type != h.Event || time.Since(h.Timestamp).Abs() > patience {
			t.Errorf("%s", h.text)
		}
	}
	if end := hooks[2].Data; end.Reason == nil || *end.Reason != preview.User || end.Message == nil {
		t.Errorf("%s", hooks[2].text)
	}

	bad := s.upload(nameOf(t, "broken"), example("broken", "missing-env"))
	launched := bad.launch()
	end := r.told(t, launched.ID, preview.LaunchedEvent, preview.FailedEvent)[1].Data
	if end.Status != preview.Failed || end.Reason == nil || *end.Reason != preview.MissingEnv || end.Error == nil ||
		!strings.Contains(*end.Error, "DATABASE_URL") || end.Hint == nil || end.ExitCode == nil {
		t.Errorf("%s", r.of(launched.ID)[1].text)
	}
	s.allDelivered(t, 5)
}

// allDelivered asks the outbox itself.
func (s *service) allDelivered(t testing.TB, want int) {
	t.Helper()
	token, err := auth.Mint([]byte(secret), "root", time.Hour, true)
	if err != nil {
		t.Fatal(err)
	}
	c, err := client.New(s.api, client.StaticToken(token))
	if err != nil {
		t.Fatal(err)
	}
	if !eventually(patience, func() bool {
		list, to, err := c.WebhookEvents(t.Context(), "delivered", 100)
		return err == nil && len(list) == want && to != nil && !strings.Contains(to.Origin, "hunter2")
	}) {
		t.Errorf("not all %d events are noted as delivered", want)
	}
}

func TestTheReceiverIsToldOfAShutdown(t *testing.T) {
	t.Parallel()
	r := receive(t, nil)
	p := spawnReady(t, settings(t, 2, r.settings()...))
	status := p.uploadFiles(t, page).running()
	p.term()
	hooks := r.of(status.ID) // without waiting: the process has ended
	if len(hooks) != 3 || *hooks[2].Data.Reason != preview.Shutdown {
		t.Errorf("told %+v", hooks)
	}
	if strings.Contains(p.said.String(), "hunter2") {
		t.Error("the receiver's URL is in the log")
	}
}

// TestAKilledPreviewdForgetsNoEvent kills previewd while the receiver takes an event: the next one sends it again,
// and what happened in between.
func TestAKilledPreviewdForgetsNoEvent(t *testing.T) {
	t.Parallel()
	hold, arrived := make(chan struct{}), make(chan struct{}, 10)
	r := receive(t, func(h hook) {
		if h.Event == preview.StartedEvent {
			arrived <- struct{}{}
			<-hold
		}
	})
	environ := settings(t, 2, r.settings()...)
	p := spawnReady(t, environ)
	site := p.uploadFiles(t, page)
	status := site.running()
	<-arrived
	p.kill()
	close(hold)
	again := spawnReady(t, environ)
	site.on(again.service).stop()
	r.told(t, status.ID, preview.LaunchedEvent, preview.StartedEvent, preview.StoppedEvent)
	again.allDelivered(t, 3)
	r.mu.Lock()
	defer r.mu.Unlock()
	bodies := map[string]string{}
	for _, h := range r.got {
		if before, twice := bodies[h.id]; twice && before != h.text {
			t.Errorf("one event in two versions:\n%s\n%s", before, h.text)
		}
		bodies[h.id] = h.text
	}
	if len(r.got) != 4 || len(bodies) != 3 {
		t.Errorf("%d deliveries of %d events, want one of the three twice", len(r.got), len(bodies))
	}
}
