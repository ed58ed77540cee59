package api_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"

	"previewd/server/api"
)

// TestNothingOfADatabaseErrorIsTold takes the database away.
func TestNothingOfADatabaseErrorIsTold(t *testing.T) {
	var store interface{ Close() error }
	h := newHarness(t, func(o *api.Options) { store = o.Generations.(interface{ Close() error }) })
	h.want(h.put("ann", "g1"), http.StatusCreated)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	requests := []struct{ method, path, body string }{
		{"GET", "/api/v1/generations", ""},
		{"GET", "/api/v1/previews", ""},
		{"PUT", gens + "g1", `{"project_id":"p","files":{"a":"b"}}`},
		{"GET", gens + "g1", ""},
		{"DELETE", gens + "g1", ""},
		{"GET", gens + "g1/files", ""},
		{"POST", gens + "g1/preview/launch", `{"project_id":"p"}`},
		{"GET", gens + "g1/preview/status", ""},
		{"DELETE", gens + "g1/preview", ""},
		{"GET", gens + "g1/preview/config", ""},
		{"GET", gens + "g1/preview/logs", ""},
		{"GET", gens + "g1/preview/logs/stream", ""},
		{"GET", gens + "g1/preview/logs/export", ""},
	}
	for _, r := range requests {
		a := h.do("ann", r.method, r.path, []byte(r.body), "Content-Type", "application/json")
		if a.status != 500 || a.code() != "INTERNAL_ERROR" || strings.Contains(a.text, "sql") {
			t.Errorf("%s %s: %d %s", r.method, r.path, a.status, a.text)
		}
	}
	logged := 0
	for _, entry := range h.logged.AllEntries() {
		if err, there := entry.Data["err"]; there && strings.Contains(fmt.Sprint(err), "sql") {
			logged++
		}
	}
	if logged != len(requests) {
		t.Errorf("%d errors logged for %d requests", logged, len(requests))
	}
}

// TestBodyThatEndsEarly declares more than it sends.
func TestBodyThatEndsEarly(t *testing.T) {
	h := newHarness(t)
	h.want(h.put("ann", "g1"), http.StatusCreated)
	requests := map[string]string{
		"POST " + gens + "g1/preview/launch":   "application/json",
		"PUT " + gens + "g1":                   "application/json",
		"PUT " + gens + "g1?project_id=p":      "application/gzip",
		"PUT " + gens + "g1?project_id=p&zip=": "application/zip",
	}
	for line, media := range requests {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", h.server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nContent-Length: 100\r\n\r\n{", line, h.token("ann"), media)
		if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(line, err)
		}
		if resp.StatusCode != 400 && resp.StatusCode != 499 { // 499 where the server noticed first that the sender had closed
			t.Errorf("%s: %d", line, resp.StatusCode)
		}
		resp.Body.Close()
		conn.Close()
	}
}
