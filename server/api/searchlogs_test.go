package api_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/server/api"
)

// withMessages launches a preview of g1 whose app wrote these lines, one a second from a given time.
func (h *harness) withMessages(messages ...string) (previewID string) {
	h.Helper()
	id := h.want(h.launch("ann", "g1", `{"project_id":"p"}`), http.StatusCreated).body["id"].(string)
	h.write(id, 1, messages...)
	return id
}

var noon = time.Date(2026, 11, 5, 12, 0, 0, 0, time.UTC)

func (h *harness) write(id string, seq int64, messages ...string) {
	h.Helper()
	lines := make([]preview.LogLine, len(messages))
	for i, message := range messages {
		at := noon.Add(time.Duration(i) * time.Second)
		lines[i] = preview.LogLine{
			PreviewID: id, Seq: seq + int64(i), Timestamp: at, Level: preview.Info, Message: message,
			Source: preview.Subprocess, Stream: preview.Stdout, Origin: at.UnixNano(), OriginInstance: "i",
		}
	}
	if err := h.store.AppendLogs(h.Context(), lines); err != nil {
		h.Fatal(err)
	}
}

func TestLogsSearch(t *testing.T) {
	h := newHarness(t)
	h.want(h.put("ann", "g1"), http.StatusCreated)
	h.withMessages("GET /a 200", "\x1b[31mERR\x1b[0mOR: lost 👍 error", "get /b 404", "done")
	for query, want := range map[string]string{
		"q=get":                      "1 [[0 3]] 3 [[0 3]]",
		"q=GET+/B":                   "3 [[0 6]]",
		"q=error":                    "2 [[0 5] [15 20]]", // counted without colours, in UTF-16
		"q=ORO":                      "",
		"q=^get&regex=true":          "3 [[0 3]]",
		"q=%5Cd%7B3%7D$&regex=1":     "1 [[7 10]] 3 [[7 10]]",
		"q=x*&regex=true&limit=1":    "1 <nil>",
		"q=.get&regex=false":         "",
		"since=2026-11-05T12:00:02Z": "3 <nil> 4 <nil>",
		"since=2026-11-05T13:00:01%2B01:00&until=2026-11-05T12:00:02.000001Z": "2 <nil> 3 <nil>",
		"q=get&until=2026-11-05T12:00:01Z":                                    "1 [[0 3]]",
		"q=&regex=true&after=3":                                               "4 <nil>",
	} {
		a := h.want(h.get("ann", gens+"g1/preview/logs?"+query), http.StatusOK)
		var found []string
		for _, row := range a.body["logs"].([]any) {
			row := row.(map[string]any)
			found = append(found, fmt.Sprint(row["seq"], " ", row["matches"]))
		}
		if got := strings.Join(found, " "); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}

func TestLogsTellWhereTheyBegin(t *testing.T) {
	h, id := withLog(t, 20)
	if _, err := h.store.TrimLogs(t.Context(), 15); err != nil {
		t.Fatal(err)
	}
	a := h.want(h.get("ann", gens+"g1/preview/logs?limit=2"), http.StatusOK)
	if a.seqs() != "6 7" || a.body["first_seq"] != 6.0 || a.body["last_seq"] != 20.0 {
		t.Error(a.text)
	}
	a = h.want(h.get("ann", gens+"g1/preview/logs?before=8"), http.StatusOK)
	if a.seqs() != "6 7" || a.body["next_cursor"] != nil {
		t.Error(a.text)
	}
	h.want(h.launch("ann", "g1", `{"project_id":"p"}`), http.StatusCreated)
	a = h.want(h.get("ann", gens+"g1/preview/logs"), http.StatusOK)
	if a.seqs() != "" || a.body["first_seq"] != 0.0 || a.body["last_seq"] != 0.0 {
		t.Error(a.text)
	}
	a = h.want(h.get("ann", gens+"g1/preview/logs?preview_id="+id), http.StatusOK)
	if a.body["first_seq"] != 6.0 {
		t.Error(a.text)
	}
}

func TestLogsOfEarlierPreviews(t *testing.T) {
	h := newHarness(t)
	for id, user := range map[string]string{"g1": "ann", "g2": "ann", "g3": "bob"} {
		h.want(h.put(user, id), http.StatusCreated)
	}
	first, second := h.withMessages("the first"), h.withMessages("the second")
	mine := h.want(h.launch("ann", "g2", `{"project_id":"p"}`), http.StatusCreated).body["id"].(string)
	theirs := h.want(h.launch("bob", "g3", `{"project_id":"p"}`), http.StatusCreated).body["id"].(string)
	for _, route := range []string{"/preview/logs", "/preview/logs/export"} {
		for _, test := range []struct{ user, id, says string }{
			{"ann", "", "the second"},
			{"ann", second, "the second"},
			{"ann", first, "the first"},
			{"root", first, "the first"},
			{"bob", first, "PERMISSION_DENIED"},
			{"ann", mine, "PREVIEW_NOT_FOUND"}, // of another generation
			{"ann", theirs, "PREVIEW_NOT_FOUND"},
		} {
			a := h.get(test.user, gens+"g1"+route+"?preview_id="+test.id)
			if !strings.Contains(a.text, test.says) || strings.Count(a.text, "the ") > 1 && a.status == http.StatusOK {
				t.Errorf("%s, %s %s: %s", route, test.user, test.says, a.text)
			}
		}
	}
}

// heldLines holds every search until it is let go.
type heldLines struct {
	api.Lines
	begun chan string
	held  chan struct{}
}

func (l *heldLines) SearchLogs(ctx context.Context, id string, q preview.LogQuery) (preview.LogPage, error) {
	if q.Pattern == nil {
		return l.Lines.SearchLogs(ctx, id, q)
	}
	l.begun <- id
	<-l.held
	return l.Lines.SearchLogs(ctx, id, q)
}

// TestSearchesLeaveRoomForOthers sends more searches than there are processors.
func TestSearchesLeaveRoomForOthers(t *testing.T) {
	lines := &heldLines{begun: make(chan string, 1000), held: make(chan struct{})}
	h := newHarness(t, func(o *api.Options) { lines.Lines, o.Lines = o.Lines, lines })
	h.want(h.put("ann", "g1"), http.StatusCreated)
	h.withMessages("a")
	const many = 100
	answers := make(chan int, many)
	h.token("ann") // before several ask for it
	for range many {
		go func() {
			r, err := http.NewRequestWithContext(h.Context(), http.MethodGet, h.server.URL+gens+"g1/preview/logs?q="+url.QueryEscape("a"), nil)
			if err != nil {
				t.Error(err)
				return
			}
			r.Header.Set("Authorization", "Bearer "+h.token("ann"))
			resp, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Error(err)
				return
			}
			resp.Body.Close()
			answers <- resp.StatusCode
		}()
	}
	<-lines.begun
	h.want(h.get("ann", gens+"g1/preview/logs"), http.StatusOK) // reading goes on
	close(lines.held)
	for range many {
		if status := <-answers; status != http.StatusOK {
			t.Errorf("status %d", status)
		}
	}
}
