package api_test

import (
	"net/http"
	"testing"

	"previewd/runtime/preview"
)

// TestWhoMayDoWhat sends every request of the API as everybody.
func TestWhoMayDoWhat(t *testing.T) {
	h := newHarness(t)
	h.want(h.put("ann", "g1"), http.StatusCreated)
	h.want(h.put("ann", "bare"), http.StatusCreated)
	h.want(h.launch("ann", "g1", `{"project_id":"p"}`), http.StatusCreated)

	routes := []struct {
		method, path, body string
		owner              int // what the owner and an admin get
	}{
		{"GET", gens + "g1", "", 200},
		{"GET", gens + "g1/files", "", 200},
		{"PUT", gens + "g1", `{"project_id":"p","files":{"a":"b"}}`, 200},
		{"GET", gens + "g1/preview/status", "", 200},
		{"GET", gens + "g1/preview/config", "", 200},
		{"GET", gens + "g1/preview/logs", "", 200},
		{"POST", gens + "g1/preview/extend", "", 200},
		{"POST", gens + "g1/preview/session", "", 200},
		{"POST", gens + "g1/preview/launch", `{"project_id":"p"}`, 201},
		{"DELETE", gens + "g1/preview", "", 204},
		{"GET", gens + "bare/preview/status", "", 404},
	}
	for _, r := range routes {
		for user, want := range map[string]int{"": 401, "bob": 403, "ann": r.owner, "root": r.owner} {
			a := h.do(user, r.method, r.path, []byte(r.body), "Content-Type", "application/json")
			if a.status != want {
				t.Errorf("%s %s as %q: %d, want %d: %s", r.method, r.path, user, a.status, want, a.text)
			}
			if code := map[int]string{401: "INVALID_TOKEN", 403: "PERMISSION_DENIED", 404: "PREVIEW_NOT_FOUND"}[want]; a.code() != code {
				t.Errorf("%s %s as %q: code %q, want %q", r.method, r.path, user, a.code(), code)
			}
		}
	}
	if a := h.do("bob", "DELETE", gens+"g1", nil); a.code() != "PERMISSION_DENIED" {
		t.Error(a.text)
	}
}

func TestUnknownAndInvalidGenerations(t *testing.T) {
	h := newHarness(t)
	routes := []struct{ method, path string }{
		{"GET", ""},
		{"DELETE", ""},
		{"GET", "/files"},
		{"GET", "/preview/status"},
		{"GET", "/preview/config"},
		{"GET", "/preview/logs"},
		{"DELETE", "/preview"},
		{"POST", "/preview/launch"},
		{"POST", "/preview/extend"},
		{"POST", "/preview/session"},
		{"POST", "/preview/request"},
	}
	token, _ := preview.NewSessionToken() // one route wants to see one before it looks
	for _, r := range routes {
		if a := h.do("ann", r.method, gens+"nothing"+r.path, nil, "X-Preview-Token", token); a.status != 404 || a.code() != "GENERATION_NOT_FOUND" {
			t.Errorf("%s %s: %d %s", r.method, r.path, a.status, a.text)
		}
		for _, id := range []string{"..", "a%20b", "%C3%BC", "a'--"} {
			if a := h.do("ann", r.method, gens+id+r.path, nil); a.status != 400 || a.code() != "INVALID_REQUEST" {
				t.Errorf("%s %s%s: %d %s", r.method, id, r.path, a.status, a.text)
			}
		}
	}
	if a := h.put("ann", "a%20b"); a.status != 400 {
		t.Error(a.status, a.text)
	}
}
