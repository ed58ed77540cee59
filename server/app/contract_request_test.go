package app_test

import (
	"net/http"
	"testing"
	"time"
)

// renewed is a session token of the preview, made anew, because the launch's was told once.
func (w *wire) renewed() string {
	w.Helper()
	r := w.want(w.post("chatty/preview/session", ""), 200)
	w.wantMembers("session", r.body, map[string]string{"session_token": "string", "token_expiry": "time"})
	return r.text("session_token")
}

// ask sends a request to the app as its front end does: with the session token alone.
func (w *wire) ask(session, body string) reply {
	w.Helper()
	anybody := *w
	anybody.token = ""
	return anybody.post("chatty/preview/request", body, "X-Preview-Token", session)
}

func requests(t *testing.T, w *wire) {
	session := w.renewed()
	r := w.want(w.ask(session, `{"method":"POST","path":"/echo?a=1","query":{"b":[1,true],"c":"d e"},"headers":{"Accept":"x/y"},"body":{"n":1.50}}`), 200)
	w.wantMembers("request", r.body, answerOf)
	got, _ := r.body["body"].(map[string]any)
	if r.body["status_code"] != 200.0 || got["method"] != "POST" || got["url"] != "/echo?a=1&b=1&b=true&c=d+e" || got["body"] != `{"n":1.50}` || got["accept"] != "x/y" {
		t.Error(r.raw)
	}
	if headers, _ := r.body["headers"].(map[string]any); headers["content-type"] != "application/json" {
		t.Error("header names are in lower case:", r.raw)
	}
	if r.header.Get("X-RateLimit-Limit") != "1000" || r.header.Get("X-RateLimit-Remaining") == "" || r.header.Get("X-RateLimit-Reset") == "" {
		t.Error(r.header)
	}
	r = w.want(w.ask(session, `{"path":"/moved"}`), 200)
	if r.body["status_code"] != 302.0 || r.body["body"] != "elsewhere" {
		t.Error("redirects are told, not followed:", r.raw)
	}
	if r = w.want(w.ask(session, `{"path":"/bytes"}`), 200); r.body["body"] != "AP8B" || r.body["body_encoding"] != "base64" {
		t.Error(r.raw)
	}
	if r = w.want(w.ask(session, `{"path":"/long"}`), 200); r.body["truncated"] != true || len(r.text("body")) != 1024 {
		t.Error(r.raw)
	}
	w.wantError("an app that does not answer", w.ask(session, `{"path":"/slow"}`), 504, "REQUEST_TIMEOUT")
	w.wantError("an app that hangs up", w.ask(session, `{"path":"/cut"}`), 502, "PREVIEW_UNREACHABLE")
	w.wantError("a path that leads out", w.ask(session, `{"path":"//evil.example/"}`), 400, "INVALID_REQUEST")
	w.wantError("no session token", w.ask("", `{"path":"/"}`), 401, "INVALID_SESSION_TOKEN")
	w.wantError("another session token", w.ask("sess_0123456789012345678901234567890123456789012", `{"path":"/"}`), 401, "INVALID_SESSION_TOKEN")
}

func sessions(t *testing.T, w *wire) {
	old, session := w.renewed(), w.renewed()
	w.wantError("the token before", w.ask(old, `{"path":"/"}`), 401, "INVALID_SESSION_TOKEN")
	w.want(w.ask(session, `{"path":"/"}`), 200)
	before := w.get("chatty/preview/status").text("expires_at")
	r := w.want(w.post("chatty/preview/extend", `{"duration":3600}`), 200)
	w.wantMembers("extend", r.body, statusOf)
	w.wantMembers("extend", r.body, map[string]string{"token_expiry": "time"})
	from, errFrom := time.Parse(time.RFC3339, before)
	to, errTo := time.Parse(time.RFC3339, r.text("expires_at"))
	if errFrom != nil || errTo != nil || !to.After(from) {
		t.Errorf("extended from %s to %s", before, r.text("expires_at"))
	}
	w.wantError("a duration that is none", w.post("chatty/preview/extend", `{"duration":"long"}`), 400, "INVALID_REQUEST")
	if r := w.want(w.send(http.MethodPost, "chatty/preview/extend", ""), 200); r.text("status") != "running" {
		t.Error(r.raw)
	}
}
