package api_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/server/api"
	"previewd/server/auth"
	"previewd/server/openapi/openapitest"
	"previewd/server/sse"
)

// stream is an open log stream.
type stream struct {
	*testing.T
	events *sse.Reader
	header http.Header
}

// openStream connects as a user; query begins with "?" and pairs of headers may follow.
func (h *harness) openStream(user, query string, headers ...string) stream {
	h.Helper()
	ctx, cancel := context.WithTimeout(h.Context(), 20*time.Second)
	h.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, h.server.URL+gens+"g1/preview/logs/stream"+query, nil)
	if err != nil {
		h.Fatal(err)
	}
	if user != "" {
		r.Header.Set("Authorization", "Bearer "+h.token(user))
	}
	if len(headers) == 2 {
		r.Header.Set(headers[0], headers[1])
	}
	resp, err := openapitest.Client(h.T).Do(r)
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(func() { resp.Body.Close() })
	if resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") {
		text, _ := io.ReadAll(resp.Body)
		h.Fatalf("%d %s", resp.StatusCode, text)
	}
	return stream{h.T, sse.NewReader(resp.Body), resp.Header}
}

// expect reads events, each given as "id data" of which only a part is compared. States are passed over.
func (s stream) expect(events ...string) {
	s.Helper()
	for _, want := range events {
		e := s.next(sse.EventStatus)
		if got := e.ID + " " + e.Name + e.Data; !strings.Contains(got, want) {
			s.Fatalf("got %q, want %q", got, want)
		}
	}
}

// next is the next event that does not have a name.
func (s stream) next(butNot string) sse.Event {
	s.Helper()
	for {
		e, err := s.events.Next()
		if err != nil {
			s.Fatal(err)
		}
		if e.Name != butNot {
			return e
		}
	}
}

// expectState reads on to the next status event.
func (s stream) expectState(parts ...string) {
	s.Helper()
	e := s.next("")
	for _, part := range parts {
		if e.Name != sse.EventStatus || !strings.Contains(e.Data, part) {
			s.Fatalf("%+v, want status %q", e, part)
		}
	}
}

func (s stream) expectEnd() {
	s.Helper()
	if e, err := s.events.Next(); !errors.Is(err, io.EOF) {
		s.Fatalf("the stream goes on: %v %v", e, err)
	}
}

func (h *harness) stop() {
	h.Helper()
	h.want(h.do("ann", http.MethodDelete, gens+"g1/preview", nil), http.StatusNoContent)
}

func TestStreamReplaysFollowsAndEnds(t *testing.T) {
	h, id := withLog(t, 3)
	journal, err := h.logs.Open(t.Context(), id, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := h.openStream("ann", "?after=1")
	s.expect(`"message":"line 2"`, `"message":"line 3"`)
	journal.System(preview.Warning, "and %s", "live")
	s.expect(`"level":"WARNING","message":"and live","source":"system"`)
	h.stop()
	journal.System(preview.Info, "the last")
	if err := journal.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.expect(`"message":"the last"`, `end{"status":"stopped","reason":"USER","message":"You stopped it.","hint":null,"exit_code":null}`)
	s.expectEnd()
}

func TestStreamResumes(t *testing.T) {
	h, _ := withLog(t, 5)
	h.stop()
	h.openStream("ann", "", "Last-Event-ID", "3").expect(`4 {"seq":4`, `5 {"seq":5`, "end")
	h.openStream("ann", "?after=1", "Last-Event-ID", "4").expect(`5 {"seq":5`, "end")
	h.openStream("ann", "", "Last-Event-ID", "0").expect(`1 {"seq":1`)
	h.openStream("ann", "").expect(`1 {"seq":1`)

	over := h.do("ann", http.MethodGet, gens+"g1/preview/logs/stream", nil, "Last-Event-ID", "5")
	h.want(over, http.StatusNoContent) // so that a browser stops
}

// A reader that comes back after its preview was replaced goes on with that one's log, and not in the middle of the next one's.
func TestStreamOfANamedPreview(t *testing.T) {
	h, id := withLog(t, 5)
	launched := h.want(h.launch("ann", "g1", `{"project_id":"p"}`), http.StatusCreated).body
	named, token := "?preview_id="+id, "?token="+launched["session_token"].(string)
	h.openStream("ann", named, "Last-Event-ID", "4").expect(`5 {"seq":5`, `end{"status":"stopped","reason":"REPLACED"`)
	h.want(h.do("ann", http.MethodGet, gens+"g1/preview/logs/stream"+named, nil, "Last-Event-ID", "5"), http.StatusNoContent)
	h.stop()
	h.openStream("", token+"&preview_id="+launched["id"].(string)).expect(`end{"status":"stopped","reason":"USER"`)
	for query, user := range map[string]string{
		"?preview_id=" + preview.NewID(): "ann", "?preview_id=..": "ann", token + "&preview_id=" + id: "",
	} {
		if a := h.get(user, gens+"g1/preview/logs/stream"+query); a.code() != "PREVIEW_NOT_FOUND" {
			t.Errorf("%s: %d %s", query, a.status, a.text)
		}
	}
	if a := h.get("", gens+"g1/preview/logs/stream"+token+"&preview_id=a&preview_id=b"); a.code() != "INVALID_REQUEST" {
		t.Error(a.text)
	}
}

// TestStreamWaitsForAJournal connects before the launch opened the preview's journal.
func TestStreamWaitsForAJournal(t *testing.T) {
	h, id := withLog(t, 1)
	s := h.openStream("ann", "")
	s.expect(`"message":"line 1"`)
	journal, err := h.logs.Open(t.Context(), id, nil)
	if err != nil {
		t.Fatal(err)
	}
	journal.System(preview.Info, "here I am")
	s.expect(`"message":"here I am"`)
	if err := journal.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.stop()
	s.expect(`end{"status":"stopped","reason":"USER","message":"You stopped it.","hint":null,"exit_code":null}`)
}

func TestStreamEndsWithTheService(t *testing.T) {
	h, _ := withLog(t, 1)
	s := h.openStream("ann", "")
	s.expect("line 1")
	close(h.done)
	s.expectEnd() // and no end event: a browser connects again
}

func TestStreamAccess(t *testing.T) {
	h := newHarness(t)
	h.want(h.put("ann", "g1"), http.StatusCreated)
	h.want(h.put("ann", "g2"), http.StatusCreated)
	path := gens + "g1/preview/logs/stream"
	if a := h.get("ann", path); a.code() != "PREVIEW_NOT_FOUND" {
		t.Error(a.text)
	}
	first := h.want(h.launch("ann", "g1", `{"project_id":"p"}`), http.StatusCreated).body["session_token"].(string)
	token := h.want(h.launch("ann", "g1", `{"project_id":"p"}`), http.StatusCreated).body["session_token"].(string)
	other := h.want(h.launch("ann", "g2", `{"project_id":"p"}`), http.StatusCreated).body["session_token"].(string)
	mine, err := auth.Mint(secret, "ann", time.Hour, false)
	if err != nil {
		t.Fatal(err)
	}
	h.stop()
	tests := []struct{ name, user, query, code string }{
		{"nobody", "", "", "INVALID_TOKEN"},
		{"another user", "bob", "", "PERMISSION_DENIED"},
		{"the preview before", "", "?token=" + first, "INVALID_SESSION_TOKEN"},
		{"another preview", "", "?token=" + other, "INVALID_SESSION_TOKEN"},
		{"made up", "", "?token=sess_x", "INVALID_SESSION_TOKEN"},
		{"no preview", "", "?token=" + token, "INVALID_SESSION_TOKEN"},
		{"bearer token in the query", "", "?token=" + mine, "INVALID_TOKEN"},
		{"another user with the session token", "bob", "?token=" + token, "PERMISSION_DENIED"},
		{"bad start", "ann", "?after=x", "INVALID_REQUEST"},
		{"bad resume", "ann", "?last_event_id=x", "INVALID_REQUEST"},
	}
	for _, test := range tests {
		target := path + test.query
		if test.name == "no preview" {
			target = gens + "g3/preview/logs/stream" + test.query
		}
		if a := h.get(test.user, target); a.code() != test.code {
			t.Errorf("%s: %d %s", test.name, a.status, a.text)
		}
	}
	h.openStream("", "?token="+token).expect("end")
	h.openStream("root", "").expect("end")

	for _, route := range []string{"/preview/status", "/preview/logs", "", "/files", "/preview/config"} {
		if a := h.get("", gens+"g1"+route+"?token="+token); a.code() != "INVALID_TOKEN" {
			t.Errorf("a session token opens %s: %d", route, a.status)
		}
	}
}

func TestSessionTokenExpires(t *testing.T) {
	var ahead atomic.Int64
	h := newHarness(t, func(o *api.Options) {
		o.Now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	})
	h.want(h.put("ann", "g1"), http.StatusCreated)
	token := h.want(h.launch("ann", "g1", `{"project_id":"p"}`), http.StatusCreated).body["session_token"].(string)
	h.stop()
	h.openStream("", "?token="+token).expect("end")
	ahead.Store(int64(61 * time.Minute))
	if a := h.get("", gens+"g1/preview/logs/stream?token="+token); a.code() != "INVALID_SESSION_TOKEN" {
		t.Error(a.status, a.text)
	}
	if a := h.get("", gens+"../preview/logs/stream?token="+token); a.code() != "INVALID_REQUEST" {
		t.Error(a.status, a.text)
	}
}

func TestSecretsStayOutOfTheLog(t *testing.T) {
	h, _ := withLog(t, 1)
	h.stop()
	token := "sess_hunter2"
	h.get("", gens+"g1/preview/logs/stream?token="+token)
	for _, entry := range h.logged.AllEntries() {
		if text, err := entry.String(); err != nil || strings.Contains(text, "hunter2") {
			t.Errorf("%s %v", text, err)
		}
	}
}

// lateRows does something just before a look at a preview's row.
type lateRows struct {
	api.Rows
	before func()
}

func (l *lateRows) Preview(ctx context.Context, id string) (preview.Preview, error) {
	l.before()
	return l.Rows.Preview(ctx, id)
}

// TestStreamMissesNoLastLine has the last line stored, and the preview ended, between the end of the subscription
// and the look at the row.
func TestStreamMissesNoLastLine(t *testing.T) {
	rows := &lateRows{}
	h := newHarness(t, func(o *api.Options) { rows.Rows, o.Rows = o.Rows, rows })
	h.want(h.put("ann", "g1"), http.StatusCreated)
	id := h.want(h.launch("ann", "g1", `{"project_id":"p"}`), http.StatusCreated).body["id"].(string)
	looks := 0
	rows.before = func() {
		if looks++; looks != 2 { // the first is for the state at the beginning
			return
		}
		err := h.store.AppendLogs(t.Context(), []preview.LogLine{{
			PreviewID: id, Seq: 1, Timestamp: time.Now(), Level: preview.Info, Message: "late", Source: preview.System,
		}})
		if err := errors.Join(err, h.launches.Stop(t.Context(), "g1", preview.User)); err != nil {
			t.Error(err)
		}
	}
	h.openStream("ann", "").expect(`"message":"late"`, `end{"status":"stopped","reason":"USER","message":"You stopped it.","hint":null,"exit_code":null}`)
}

func TestStreamTellsStates(t *testing.T) {
	h, id := withLog(t, 1)
	journal, err := h.logs.Open(t.Context(), id, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := h.openStream("ann", "")
	s.expectState(`"status":"starting"`, `"phase":"queued"`, `"id":"`+id+`"`)
	p, err := h.store.Preview(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	p.Phase = preview.Booting
	h.bus.Publish(p)
	h.bus.Publish(p) // twice the same is told once
	s.expectState(`"phase":"booting"`)
	reason := preview.Reason{Code: preview.AppExited, Message: "The app ended.", Hint: "Look.", ExitCode: new(3)}
	if _, err := h.store.Finish(t.Context(), id, preview.Failed, reason, nil); err != nil {
		t.Fatal(err)
	}
	if err := journal.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.expectState(`"status":"failed"`, `"reason":"APP_EXITED"`) // nobody in this process said so
	s.expect(`end{"status":"failed","reason":"APP_EXITED","message":"The app ended.","hint":"Look.","exit_code":3}`)
	s.expectEnd()
}

func TestStreamBeginsNearTheEnd(t *testing.T) {
	h, id := withLog(t, 9)
	for query, first := range map[string]string{
		"?tail=2": `8 {"seq":8`, "?tail=9": `1 {"seq":1`, "?tail=100000": `1 {"seq":1`, "?tail=3&last_event_id=1": `2 {"seq":2`,
	} {
		h.openStream("ann", query).expect(first)
	}
	h.openStream("ann", "?tail=1", "Last-Event-ID", "4").expect(`5 {"seq":5`)
	journal, err := h.logs.Open(t.Context(), id, nil)
	if err != nil {
		t.Fatal(err)
	}
	journal.System(preview.Info, "not stored yet, maybe")
	s := h.openStream("ann", "?tail=0")
	s.expectState("starting")
	journal.System(preview.Info, "new")
	s.expect(`11 {"seq":11`)
	for _, bad := range []string{"?tail=x", "?tail=-1", "?tail=100001", "?tail=1&after=1"} {
		if a := h.get("ann", gens+"g1/preview/logs/stream"+bad); a.code() != "INVALID_REQUEST" || !strings.HasPrefix(a.detail(), "tail") {
			t.Errorf("%s: %d %s", bad, a.status, a.text)
		}
	}
}

func TestStreamFilters(t *testing.T) {
	h, id := withLog(t, 3)
	journal, err := h.logs.Open(t.Context(), id, nil)
	if err != nil {
		t.Fatal(err)
	}
	journal.System(preview.Error, "bad")
	journal.System(preview.Warning, "odd")
	if err := journal.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.stop()
	h.openStream("ann", "?level=WARNING").expect(`"message":"line 3"`, `"message":"bad"`, `"message":"odd"`, "end")
	h.openStream("ann", "?level=ERROR&source=system").expect(`"message":"bad"`, "end")
	h.openStream("ann", "?source=subprocess&after=1").expect(`"message":"line 2"`, `"message":"line 3"`, "end")
	for _, bad := range []string{"?level=error", "?source=app"} {
		if a := h.get("ann", gens+"g1/preview/logs/stream"+bad); a.code() != "INVALID_REQUEST" {
			t.Errorf("%s: %d %s", bad, a.status, a.text)
		}
	}
}

// TestStreamAcrossOrigins follows a log as a page of another origin does, with an EventSource, which cannot send a token.
func TestStreamAcrossOrigins(t *testing.T) {
	const front = "https://app.example.com"
	h := newHarness(t, func(o *api.Options) { o.Config.CORSOrigins = front })
	h.want(h.put("ann", "g1"), http.StatusCreated)
	body := h.want(h.launch("ann", "g1", `{"project_id":"p"}`), http.StatusCreated).body
	journal, err := h.logs.Open(t.Context(), body["id"].(string), nil)
	if err != nil {
		t.Fatal(err)
	}
	journal.System(preview.Info, "hello across origins")
	s := h.openStream("", "?token="+body["session_token"].(string), "Origin", front)
	s.expect("hello across origins")
	if s.header.Get("Access-Control-Allow-Origin") != front || !strings.Contains(strings.Join(s.header.Values("Vary"), ","), "Origin") {
		t.Error(s.header)
	}
	if s := h.openStream("ann", "", "Origin", "https://evil.example"); s.header.Get("Access-Control-Allow-Origin") != "" {
		t.Error(s.header)
	}
	a := h.do("", http.MethodGet, gens+"g1/preview/logs/stream?token=sess_wrong", nil, "Origin", front)
	if a.status != 401 || a.header.Get("Access-Control-Allow-Origin") != front {
		t.Error(a.status, a.header)
	}
}
