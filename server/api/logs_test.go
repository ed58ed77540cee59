package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"previewd/runtime/preview"
)

// withLog launches a preview and gives it n lines: every third is an error, every fourth is previewd's own.
func withLog(t *testing.T, n int) (h *harness, previewID string) {
	t.Helper()
	h = newHarness(t)
	h.want(h.put("ann", "g1"), http.StatusCreated)
	id := h.want(h.launch("ann", "g1", `{"project_id":"p"}`), http.StatusCreated).body["id"].(string)
	lines := make([]preview.LogLine, 0, n)
	for i := 1; i <= n; i++ {
		line := preview.LogLine{
			PreviewID: id, Seq: int64(i), Timestamp: time.Now(), Level: preview.Info, Message: fmt.Sprint("line ", i),
			Source: preview.Subprocess, Stream: preview.Stdout,
		}
		if i%3 == 0 {
			line.Level, line.Stream = preview.Error, preview.Stderr
		}
		if i%4 == 0 {
			line.Source, line.Stream = preview.System, ""
		}
		lines = append(lines, line)
	}
	if err := h.store.AppendLogs(t.Context(), lines); err != nil {
		t.Fatal(err)
	}
	return h, id
}

func (a answer) seqs() string {
	var seqs []string
	for _, line := range a.body["logs"].([]any) {
		seqs = append(seqs, fmt.Sprint(line.(map[string]any)["seq"]))
	}
	return strings.Join(seqs, " ")
}

func TestLogsPage(t *testing.T) {
	h, _ := withLog(t, 12)
	tests := []struct{ query, seqs, next string }{
		{"", "1 2 3 4 5 6 7 8 9 10 11 12", ""},
		{"?after=0&limit=3", "1 2 3", "a3"},
		{"?after=9", "10 11 12", ""},
		{"?after=12", "", ""},
		{"?cursor=a3&limit=2", "4 5", "a5"},
		{"?before=13&limit=3", "10 11 12", "b10"},
		{"?before=3", "1 2", ""},
		{"?cursor=b10&limit=3", "7 8 9", "b7"},
		{"?level=ERROR", "3 6 9 12", ""},
		{"?level=WARNING&limit=2", "3 6", "a6"},
		{"?level=ERROR&before=12&limit=2", "6 9", "b6"},
		{"?level=DEBUG&after=10", "11 12", ""},
		{"?source=system", "4 8 12", ""},
		{"?source=subprocess&level=ERROR", "3 6 9", ""},
	}
	for _, test := range tests {
		t.Run(test.query, func(t *testing.T) {
			a := h.want(h.get("ann", gens+"g1/preview/logs"+test.query), http.StatusOK)
			next, _ := a.body["next_cursor"].(string)
			if a.seqs() != test.seqs || next != test.next {
				t.Errorf("got %q, next %q", a.seqs(), next)
			}
		})
	}
}

func TestLogRow(t *testing.T) {
	h, _ := withLog(t, 3)
	row := h.want(h.get("ann", gens+"g1/preview/logs?after=2"), http.StatusOK).body["logs"].([]any)[0].(map[string]any)
	at, err := time.Parse(time.RFC3339Nano, row["timestamp"].(string))
	if err != nil || at.Location() != time.UTC {
		t.Error(row["timestamp"], err)
	}
	delete(row, "timestamp")
	want := map[string]any{"seq": 3.0, "level": "ERROR", "message": "line 3", "source": "subprocess", "stream": "stderr"}
	if fmt.Sprint(row) != fmt.Sprint(want) {
		t.Error(row)
	}
}

func TestLogsRefuse(t *testing.T) {
	h, _ := withLog(t, 1)
	for query, want := range map[string]string{
		"?after=-1":                      "INVALID_REQUEST after: ",
		"?after=x":                       "INVALID_REQUEST after: ",
		"?before=0":                      "INVALID_REQUEST before: ",
		"?after=1&before=2":              "INVALID_REQUEST before: cannot be combined with after",
		"?limit=5001":                    "INVALID_REQUEST limit: ",
		"?level=error":                   "INVALID_REQUEST level: ",
		"?source=app":                    "INVALID_REQUEST source: ",
		"?since=yesterday":               "INVALID_REQUEST since: want a time such as",
		"?until=0000-01-01T00:00:00Z":    "INVALID_REQUEST until: want a time such as",
		"?q=(&regex=true":                "INVALID_REQUEST q: invalid pattern: error parsing regexp: missing closing )",
		"?q=x&regex=maybe":               "INVALID_REQUEST regex: want true or false",
		"?q=%FF":                         "INVALID_REQUEST q: invalid pattern: ",
		"?q=" + strings.Repeat("x", 251): "INVALID_REQUEST q: invalid pattern: want 1 to 250 bytes",
		"?preview_id=..":                 "PREVIEW_NOT_FOUND ",
		"?preview_id=" + preview.NewID(): "PREVIEW_NOT_FOUND ",
		"?cursor=3":                      "INVALID_CURSOR ",
		"?cursor=a":                      "INVALID_CURSOR ",
		"?cursor=a-1":                    "INVALID_CURSOR ",
		"?cursor=%C3%BC":                 "INVALID_CURSOR ",
		"?level=ERROR&after":             "",
	} {
		a := h.get("ann", gens+"g1/preview/logs"+query)
		if want == "" {
			h.want(a, http.StatusOK)
			continue
		}
		if got := a.code() + " " + a.detail(); a.status/100 != 4 || !strings.HasPrefix(got, want) {
			t.Errorf("%s: %d %s", query, a.status, a.text)
		}
	}
}
