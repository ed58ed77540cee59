package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/server/api"
)

const sharePath = "/api/v1/generations/g1/preview/share"

func TestShare(t *testing.T) {
	clock := time.Date(2026, 3, 1, 12, 0, 0, 5e8, time.UTC)
	h := newHarness(t, func(o *api.Options) { o.Now = func() time.Time { return clock } })
	h.running(echo)
	p, err := h.store.LatestPreview(t.Context(), "g1")
	if err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]string{
		``: "2026-03-01T13:00:00Z", `{"ttl_seconds":null}`: "2026-03-01T13:00:00Z", `{"ttl_seconds":1}`: "2026-03-01T12:00:01Z",
		`{"ttl_seconds":86400,"x":1}`: "2026-03-02T12:00:00Z",
	} {
		a := h.want(h.do("ann", http.MethodPost, sharePath, []byte(body)), http.StatusOK)
		url, _ := a.body["url"].(string)
		if a.body["expires_at"] != want || !strings.HasPrefix(url, "http://"+p.Host+".preview.localhost:8080/?__previewd_token=share_") {
			t.Errorf("%s: %s", body, a.text)
		}
	}
}

func TestRevokeShares(t *testing.T) {
	h := newHarness(t)
	h.running(echo)
	round := func() int {
		p, err := h.store.LatestPreview(t.Context(), "g1")
		if err != nil {
			t.Fatal(err)
		}
		return p.ShareRound
	}
	link := func() any { return h.want(h.do("ann", http.MethodPost, sharePath, nil), http.StatusOK).body["url"] }
	before := link()
	for want := 1; want <= 2; want++ {
		if h.want(h.do("ann", http.MethodDelete, sharePath, nil), http.StatusNoContent); round() != want {
			t.Errorf("links are of round %d after %d revocations", round(), want)
		}
	}
	if before == link() {
		t.Error("a new link is the old one")
	}
	if a := h.do("bob", http.MethodDelete, sharePath, nil); a.status != http.StatusForbidden || round() != 2 {
		t.Error(a.status, a.text)
	}
	p, err := h.store.LatestPreview(t.Context(), "g1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.store.BeginStopping(t.Context(), p.ID, preview.Reason{Code: preview.User, Message: "You stopped it."}); err != nil {
		t.Fatal(err)
	}
	h.want(h.do("ann", http.MethodDelete, sharePath, nil), http.StatusNoContent) // no link opens it
}

func TestShareRefuses(t *testing.T) {
	h := newHarness(t)
	h.running(echo)
	for body, detail := range map[string]string{
		`{"ttl_seconds":0}`:     "ttl_seconds: want 1 to 86400",
		`{"ttl_seconds":-1}`:    "ttl_seconds: want 1 to 86400",
		`{"ttl_seconds":86401}`: "ttl_seconds: want 1 to 86400",
		`{"ttl_seconds":1.5}`:   "ttl_seconds: want a whole number, not number 1.5",
		`{"ttl_seconds":"1h"}`:  "ttl_seconds: want a whole number, not string",
		`[]`:                    "the body has to be a JSON object",
	} {
		if a := h.do("ann", http.MethodPost, sharePath, []byte(body)); a.status != http.StatusBadRequest || a.detail() != detail {
			t.Errorf("%s: %d %s", body, a.status, a.text)
		}
	}
	p, err := h.store.LatestPreview(t.Context(), "g1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.store.BeginStopping(t.Context(), p.ID, preview.Reason{Code: preview.User, Message: "You stopped it."}); err != nil {
		t.Fatal(err)
	}
	if a := h.do("ann", http.MethodPost, sharePath, nil); a.status != http.StatusConflict || a.code() != "PREVIEW_NOT_RUNNING" || a.body["reason"] != "USER" {
		t.Error(a.status, a.text)
	}
}
