package app_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

func logPages(t *testing.T, w *wire) {
	var lines []map[string]any
	for cursor := ""; ; {
		r := w.want(w.get("chatty/preview/logs?limit=2&cursor="+cursor), 200)
		for _, line := range r.body["logs"].([]any) {
			lines = append(lines, line.(map[string]any))
		}
		if cursor = r.text("next_cursor"); cursor == "" {
			break
		}
	}
	for i, line := range lines {
		w.wantMembers("log line", line, logLine)
		if line["seq"] != float64(i+1) {
			t.Errorf("line %d has seq %v", i+1, line["seq"])
		}
	}
	said := map[string]string{} // source and stream by message
	for _, line := range lines {
		said[line["message"].(string)] = line["source"].(string) + " " + line["stream"].(string) + " " + line["level"].(string)
	}
	if said["listening"] != "subprocess stdout INFO" || said["Error: only a word on stderr"] != "subprocess stderr ERROR" {
		t.Error(said)
	}
	errors := w.want(w.get("chatty/preview/logs?level=ERROR&source=subprocess"), 200)
	if list := errors.body["logs"].([]any); len(list) != 1 {
		t.Error(errors.raw)
	}
	w.wantError("an unknown level", w.get("chatty/preview/logs?level=LOUD"), 400, "INVALID_REQUEST")
	w.wantError("a cursor of no list", w.get("chatty/preview/logs?cursor=nonsense"), 400, "INVALID_CURSOR")
}

// event is one of a stream, as the wire has it.
type event struct {
	id, name string
	data     map[string]any
}

// events reads a stream until one of them satisfies the condition. What comes after it is left.
func (w *wire) events(path string, until func(event) bool, headers ...string) (all []event, header http.Header) {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.api+"/api/v1/generations/"+path, nil)
	if err != nil {
		w.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := w.http.Do(req)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		w.Fatalf("%s: %d", path, resp.StatusCode)
	}
	var e event
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		field, value, _ := strings.Cut(lines.Text(), ": ")
		switch field {
		case "id":
			e.id = value
		case "event":
			e.name = value
		case "data":
			if err := json.Unmarshal([]byte(value), &e.data); err != nil {
				w.Fatalf("%q: %v", value, err)
			}
		case "":
			if e.data == nil {
				continue
			}
			all = append(all, e)
			if until(e) {
				return all, resp.Header
			}
			e = event{}
		}
	}
	w.Fatalf("%s ended after %v", path, all)
	return nil, nil
}

// logStream reads the log as a browser's EventSource does: with the session token in the query.
func logStream(t *testing.T, w *wire) {
	session := w.renewed()
	says := func(text string) func(event) bool {
		return func(e event) bool { return e.data["message"] == text }
	}
	all, header := w.events("chatty/preview/logs/stream?token="+session, says("listening"))
	if !strings.HasPrefix(header.Get("Content-Type"), "text/event-stream") || header.Get("X-Accel-Buffering") != "no" || !strings.Contains(header.Get("Cache-Control"), "no-cache") {
		t.Error(header)
	}
	var lines []event
	for _, e := range all {
		if e.name == "" {
			w.wantMembers("event", e.data, map[string]string{"timestamp": "time", "level": "string", "message": "string", "source": "string"})
			lines = append(lines, e)
		}
	}
	for i, e := range lines {
		if e.data["seq"] != float64(i+1) {
			t.Errorf("event %d has seq %v and id %s", i+1, e.data["seq"], e.id)
		}
	}
	last := lines[len(lines)-1]
	again, _ := w.events("chatty/preview/logs/stream?token="+session, says("listening"), "Last-Event-ID", lines[len(lines)-2].id)
	if line := again[len(again)-1]; line.id != last.id {
		t.Errorf("went on with %s, want %s", line.id, last.id)
	}
	w.token = ""
	w.wantError("no token", w.get("chatty/preview/logs/stream"), 401, "INVALID_TOKEN")
	w.wantError("a wrong session token", w.get("chatty/preview/logs/stream?token=sess_wrong"), 401, "INVALID_SESSION_TOKEN")
}
