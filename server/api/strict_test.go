package api_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"previewd/runtime/preview"
)

func TestQueriesAreTakenAtTheirWord(t *testing.T) {
	h := newHarness(t)
	h.want(h.put("ann", "g1"), http.StatusCreated)
	h.want(h.launch("ann", "g1", `{"project_id":"p"}`), http.StatusCreated)
	list, log := "/api/v1/previews", gens+"g1/preview/logs"
	tests := []struct{ path, detail string }{
		{list + "?limit=1&limit=2", "limit: is given twice"},
		{list + "?cursor=a&cursor=b", "cursor: is given twice"},
		{list + "?limit=1;cursor=x", "the query is not well-formed"},
		{list + "?limit=%zz", "the query is not well-formed"},
		{list + "?limit=1.0", "limit: want a whole number from 1 to 500"},
		{list + "?limit=+1", "limit: want a whole number from 1 to 500"},
		{list + "?limit=99999999999999999999", "limit: want a whole number from 1 to 500"},
		{log + "?level=INFO&level=ERROR", "level: is given twice"},
		{log + "?source=system&source=system", "source: is given twice"},
		{log + "?after=1&after=1", "after: is given twice"},
		{log + "/stream?after=1&after=2", "after: is given twice"},
	}
	for _, test := range tests {
		if a := h.get("ann", test.path); a.status != 400 || a.code() != "INVALID_REQUEST" || a.detail() != test.detail {
			t.Errorf("%s: %d %s", test.path, a.status, a.text)
		}
	}
	a := h.do("ann", http.MethodPut, gens+"g2?project_id=a&project_id=b", tarGz(t, "x"), "Content-Type", "application/gzip")
	if a.status != 400 || a.detail() != "project_id: is given twice" {
		t.Error(a.status, a.text)
	}
	h.want(h.get("ann", list+"?unknown=1&unknown=2&limit="), http.StatusOK)
}

// TestDeleteWaitsForWhatStillStops: a replaced preview needs its moment to stop.
func TestDeleteWaitsForWhatStillStops(t *testing.T) {
	h := newHarness(t)
	h.launches.slow = true
	h.want(h.put("ann", "g1"), http.StatusCreated)
	first := h.want(h.launch("ann", "g1", `{"project_id":"p"}`), http.StatusCreated).body["id"].(string)
	second := h.want(h.launch("ann", "g1", `{"project_id":"p"}`), http.StatusCreated).body["id"].(string)
	if err := h.store.AppendLogs(t.Context(), []preview.LogLine{{PreviewID: first, Seq: 1, Timestamp: time.Now(), Message: "m"}}); err != nil {
		t.Fatal(err)
	}
	deleted := make(chan answer, 1)
	go func() { deleted <- h.do("ann", http.MethodDelete, gens+"g1", nil) }()
	for _, id := range []string{second, first} {
		h.until(id, preview.Stopping)
		select {
		case a := <-deleted:
			t.Fatalf("deleted under a preview that still stops: %d %s", a.status, a.text)
		default:
		}
		if _, err := h.store.Finish(t.Context(), id, preview.Stopped, preview.Reason{Code: preview.User}, nil); err != nil {
			t.Fatal(err)
		}
	}
	h.want(<-deleted, http.StatusNoContent)
	h.want(h.get("ann", gens+"g1"), http.StatusNotFound)
	if lines, err := h.store.LogLines(t.Context(), first, 0, 10); err != nil || len(lines) > 0 {
		t.Error("the log is still there:", lines, err)
	}
}

// TestStopWaitsForAnotherProcess: the preview may be run by another previewd on the same database.
func TestStopWaitsForAnotherProcess(t *testing.T) {
	h := newHarness(t)
	h.launches.slow = true
	h.want(h.put("ann", "g1"), http.StatusCreated)
	id := h.want(h.launch("ann", "g1", `{"project_id":"p"}`), http.StatusCreated).body["id"].(string)
	stopped := make(chan answer, 1)
	go func() { stopped <- h.do("ann", http.MethodDelete, gens+"g1/preview", nil) }()
	h.until(id, preview.Stopping)
	select {
	case a := <-stopped:
		t.Errorf("answered before the preview was gone: %d %s", a.status, a.text)
	case <-time.After(50 * time.Millisecond):
	}
	if _, err := h.store.Finish(t.Context(), id, preview.Stopped, preview.Reason{Code: preview.User}, nil); err != nil {
		t.Fatal(err)
	}
	h.want(<-stopped, http.StatusNoContent)
}

// until waits for a preview's state.
func (h *harness) until(id string, want preview.Status) {
	h.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		p, err := h.store.Preview(h.Context(), id)
		if err != nil {
			h.Fatal(err)
		}
		if p.Status == want {
			return
		}
		if time.Now().After(deadline) {
			h.Fatalf("%s is %s and never became %s", id, p.Status, want)
		}
	}
}

// TestWaitEndsWithTheService: the answer tells what the preview is then.
func TestWaitEndsWithTheService(t *testing.T) {
	h := newHarness(t)
	h.launches.waits = true
	h.want(h.put("ann", "g1"), http.StatusCreated)
	launched := make(chan answer, 1)
	go func() { launched <- h.launch("ann", "g1", `{"project_id":"p","wait":true}`) }()
	<-h.launches.waiting
	close(h.done)
	if a := h.want(<-launched, http.StatusCreated); a.body["status"] != "starting" || a.body["session_token"] == nil {
		t.Error(a.text)
	}
}

func TestExtendTakesAnEmptyStreamForNoBody(t *testing.T) {
	h := newHarness(t)
	h.running(echo)
	for name, body := range map[string]string{
		"chunked":  "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"curl -d ": "Content-Length: 0\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n",
	} {
		if status := h.raw("POST " + extendPath + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + h.token("ann") + "\r\n" + body); status != 200 {
			t.Errorf("%s: %d", name, status)
		}
	}
	if a := h.do("ann", http.MethodPost, extendPath, []byte("x=1"), "Content-Type", "application/x-www-form-urlencoded"); a.status != 415 {
		t.Error(a.status, a.text)
	}
}

// raw sends bytes and returns the status of the answer.
func (h *harness) raw(request string) int {
	h.Helper()
	conn, err := net.Dial("tcp", h.server.Listener.Addr().String())
	if err != nil {
		h.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, request); err != nil {
		h.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		h.Fatal(err)
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

func TestUploadsNameWhatIsWrong(t *testing.T) {
	h := newHarness(t)
	tests := []struct{ body, detail string }{
		{`{"project_id":7,"files":{"a":"b"}}`, "project_id: want a string"},
		{`{"project_id":null,"files":{"a":"b"}}`, "project_id: want a string"},
		{`{"project_id":"p","files":["a"]}`, "files: want an object of contents by path"},
		{`{"project_id":"p","files":{"a":"` + "\xff" + `"}}`, `"a": is not UTF-8: send it as base64`},
		{`[]`, "the body has to be an object with the member files, itself an object of contents by path"},
	}
	for _, test := range tests {
		a := h.do("ann", http.MethodPut, gens+"g1", []byte(test.body), "Content-Type", "application/json")
		if a.status != 400 || a.code() != "INVALID_REQUEST" || a.detail() != test.detail {
			t.Errorf("%s: %d %s", test.body, a.status, a.text)
		}
	}
}

// TestPagesUnderInserts lists while others are added: nothing that was there is missed or told twice.
func TestPagesUnderInserts(t *testing.T) {
	h := newHarness(t)
	want := map[string]bool{}
	for i := range 12 {
		id := fmt.Sprintf("old%02d", i)
		h.want(h.put("ann", id), http.StatusCreated)
		want[id] = true
	}
	ctx, cancel := context.WithCancel(t.Context())
	added := make(chan struct{})
	go func() {
		defer close(added)
		for i := 0; ctx.Err() == nil; i++ {
			h.put("ann", fmt.Sprintf("new%d", i))
		}
	}()
	defer func() { cancel(); <-added }()
	seen := map[string]int{}
	for path := "/api/v1/generations?limit=1"; ; {
		a := h.want(h.get("ann", path), http.StatusOK)
		for _, g := range a.body["generations"].([]any) {
			seen[g.(map[string]any)["id"].(string)]++
		}
		if a.body["next_cursor"] == nil {
			break
		}
		path = "/api/v1/generations?limit=1&cursor=" + a.body["next_cursor"].(string)
	}
	for id := range want {
		if seen[id] != 1 {
			t.Errorf("%s was told %d times", id, seen[id])
		}
	}
	for id, times := range seen {
		if times > 1 && strings.HasPrefix(id, "new") {
			t.Errorf("%s was told %d times", id, times)
		}
	}
}
