package api_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"previewd/runtime/preview"
	"previewd/server/api"
)

func (h *harness) export(query string, headers ...string) answer {
	h.Helper()
	return h.want(h.do("ann", http.MethodGet, gens+"g1/preview/logs/export"+query, nil, headers...), http.StatusOK)
}

func TestExportFormats(t *testing.T) {
	h := newHarness(t)
	h.want(h.put("ann", "g1"), http.StatusCreated)
	id := h.withMessages("\x1b[31mred\x1b[0m", `=HYPERLINK("http://evil")`, "a,b \"c\"")
	for _, test := range []struct{ query, media, extension, want string }{
		{"", "application/x-ndjson", "ndjson", `{"seq":1,"timestamp":"2026-11-05T12:00:00Z","level":"INFO","message":"\u001b[31mred\u001b[0m","source":"subprocess","stream":"stdout"}` + "\n" +
			`{"seq":2,"timestamp":"2026-11-05T12:00:01Z","level":"INFO","message":"=HYPERLINK(\"http://evil\")","source":"subprocess","stream":"stdout"}` + "\n"},
		{"?format=text", "text/plain; charset=utf-8", "log", "2026-11-05T12:00:00.000000Z INFO    subprocess red\n" +
			"2026-11-05T12:00:01.000000Z INFO    subprocess =HYPERLINK(\"http://evil\")\n"},
		{"?format=csv", "text/csv; charset=utf-8; header=present", "csv", "seq,timestamp,level,source,stream,message\r\n" +
			"1,2026-11-05T12:00:00Z,INFO,subprocess,stdout,red\r\n" +
			"2,2026-11-05T12:00:01Z,INFO,subprocess,stdout,\"'=HYPERLINK(\"\"http://evil\"\")\"\r\n"},
	} {
		a := h.export(test.query)
		name := fmt.Sprintf(`attachment; filename="g1-%s.%s"`, id[:8], test.extension)
		if a.header.Get("Content-Type") != test.media || a.header.Get("Content-Disposition") != name || !strings.HasPrefix(a.text, test.want) {
			t.Errorf("%s: %v\n%s", test.query, a.header, a.text)
		}
	}
	if a := h.get("ann", gens+"g1/preview/logs/export?format=xls"); a.code() != "INVALID_REQUEST" || !strings.HasPrefix(a.detail(), "format: ") {
		t.Error(a.text)
	}
	if a := h.get("ann", gens+"g1/preview/logs/export?q=(&regex=1"); a.code() != "INVALID_REQUEST" {
		t.Error(a.text)
	}
}

// TestCSVIsHarmlessInASpreadsheet reads cells back as a spreadsheet would.
func TestCSVIsHarmlessInASpreadsheet(t *testing.T) {
	h := newHarness(t)
	h.want(h.put("ann", "g1"), http.StatusCreated)
	hostile := []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "\x1b[31m=1\x1b[0m", `"=1`, "", "fine = 1", "'"}
	h.withMessages(hostile...)
	cells, err := csv.NewReader(strings.NewReader(h.export("?format=csv").text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var messages []string
	for _, row := range cells[1:] {
		messages = append(messages, row[5])
	}
	want := []string{"'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", "'=1", "'\n=1", "'＝1", "'=1", `"=1`, "", "fine = 1", "'"}
	if fmt.Sprintf("%q", messages) != fmt.Sprintf("%q", want) {
		t.Errorf("%q", messages)
	}
}

func TestExportOfALongLogIsWhole(t *testing.T) {
	h := newHarness(t)
	h.want(h.put("ann", "g1"), http.StatusCreated)
	messages := make([]string, 1700)
	for i := range messages {
		messages[i] = fmt.Sprint("line ", i+1)
	}
	h.withMessages(messages...)
	zipped := h.export("", "Accept-Encoding", "gzip")
	if zipped.header.Get("Content-Encoding") != "gzip" || !strings.Contains(zipped.header.Get("Vary"), "Accept-Encoding") || len(zipped.text) > 60_000 {
		t.Fatal(zipped.header, len(zipped.text))
	}
	plain, err := gzip.NewReader(strings.NewReader(zipped.text))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for lines := bufio.NewScanner(plain); lines.Scan(); {
		n++
		var line preview.LogLine
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil || line.Seq != int64(n) || line.Message != fmt.Sprint("line ", n) {
			t.Fatalf("%d: %s %v", n, lines.Text(), err)
		}
	}
	if n != 1700 {
		t.Errorf("%d lines", n)
	}
	if a := h.export("?q=line+17&format=text", "Accept-Encoding", "identity"); strings.Count(a.text, "\n") != 12 || a.header.Get("Content-Encoding") != "" {
		t.Error(a.text)
	}
}

// pagedLines does something before each page.
type pagedLines struct {
	api.Lines
	before func(page int) error
	page   atomic.Int64
}

func (l *pagedLines) SearchLogs(ctx context.Context, id string, q preview.LogQuery) (preview.LogPage, error) {
	if err := l.before(int(l.page.Add(1))); err != nil {
		return preview.LogPage{}, err
	}
	return l.Lines.SearchLogs(ctx, id, q)
}

// TestHalfAnExportIsNotTakenForAWholeOne breaks off after the first of two pages.
func TestHalfAnExportIsNotTakenForAWholeOne(t *testing.T) {
	for name, coding := range map[string]string{"the database fails": "gzip", "the service stops": "identity"} {
		t.Run(name, func(t *testing.T) {
			lines := &pagedLines{}
			h := newHarness(t, func(o *api.Options) { lines.Lines, o.Lines = o.Lines, lines })
			lines.before = func(page int) error {
				if page == 1 && name == "the service stops" {
					close(h.done)
				}
				if page == 2 {
					return errors.New("gone")
				}
				return nil
			}
			h.want(h.put("ann", "g1"), http.StatusCreated)
			h.withMessages(make([]string, 900)...)
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.server.URL+gens+"g1/preview/logs/export", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bearer "+h.token("ann"))
			r.Header.Set("Accept-Encoding", coding)
			once := &http.Transport{DisableKeepAlives: true} // on a kept connection it would be sent again
			resp, err := (&http.Client{Transport: once}).Do(r)
			if err == nil {
				_, err = io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
			}
			if err == nil || lines.page.Load() > 2 {
				t.Errorf("it ended as if it were whole, after %d pages", lines.page.Load())
			}
		})
	}
}

// TestExportTellsAnErrorBeforeItBegins has no page at all.
func TestExportTellsAnErrorBeforeItBegins(t *testing.T) {
	lines := &pagedLines{before: func(int) error { return errors.New("gone") }}
	h := newHarness(t, func(o *api.Options) { lines.Lines, o.Lines = o.Lines, lines })
	h.want(h.put("ann", "g1"), http.StatusCreated)
	h.withMessages("a")
	if a := h.get("ann", gens+"g1/preview/logs/export"); a.code() != "INTERNAL_ERROR" || a.header.Get("Content-Disposition") != "" {
		t.Error(a.header, a.text)
	}
}
