package api_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func tarGz(t *testing.T, files ...string) []byte {
	t.Helper()
	var buf bytes.Buffer
	gz := gzip.NewWriter(&buf)
	tw := tar.NewWriter(gz)
	for _, name := range files {
		if err := tw.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: 2, Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := tw.Write([]byte("ok")); err != nil {
			t.Fatal(err)
		}
	}
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}
	if err := gz.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func zipped(t *testing.T, files ...string) []byte {
	t.Helper()
	var buf bytes.Buffer
	zw := zip.NewWriter(&buf)
	for _, name := range files {
		w, err := zw.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte("ok")); err != nil {
			t.Fatal(err)
		}
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestPutInEveryForm(t *testing.T) {
	h := newHarness(t)
	tests := []struct {
		name, media, query, header string
		body                       []byte
	}{
		{"gzip", "application/gzip", "?project_id=shop", "", tarGz(t, "index.html", "a/b.txt")},
		{"gzip, project by header", "application/gzip", "", "shop", tarGz(t, "index.html", "a/b.txt")},
		{"zip", "application/zip", "?project_id=shop", "", zipped(t, "index.html", "a/b.txt")},
		{"json", "application/json; charset=utf-8", "", "", []byte(`{"project_id":"shop","files":{"index.html":"ok","a/b.txt":{"content":"b2s=","encoding":"base64"}}}`)},
	}
	digests := map[any]bool{}
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			headers := []string{"Content-Type", test.media}
			if test.header != "" {
				headers = append(headers, "X-Project-ID", test.header)
			}
			path := fmt.Sprintf("%sg%d", gens, i)
			a := h.want(h.do("ann", http.MethodPut, path+test.query, test.body, headers...), http.StatusCreated)
			got := fmt.Sprint(a.body["id"], a.body["project_id"], a.body["files"], a.body["bytes"], a.body["runtime"])
			if want := fmt.Sprint(fmt.Sprintf("g%d", i), "shop", 2, 4, "static"); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			digests[a.body["digest"]] = true
			files := h.want(h.get("ann", path+"/files"), http.StatusOK)
			if want := `{"files":[{"path":"a/b.txt","size":2,"mode":420},{"path":"index.html","size":2,"mode":420}],"next_cursor":null}` + "\n"; files.text != want {
				t.Error(files.text)
			}
		})
	}
	if len(digests) != 1 {
		t.Error("equal files, different digests:", digests)
	}
}

func TestPutReplaces(t *testing.T) {
	h := newHarness(t)
	first := h.want(h.put("ann", "g1"), http.StatusCreated)
	second := h.want(h.do("root", http.MethodPut, gens+"g1?project_id=other", tarGz(t, "x"), "Content-Type", "application/gzip"), http.StatusOK)
	if second.body["user_id"] != "ann" || second.body["project_id"] != "other" || second.body["digest"] == first.body["digest"] {
		t.Error(second.text)
	}
	if second.body["framework"] != "" || second.body["runtime"] != "" {
		t.Error("an unrecognised project is kept and says so:", second.text)
	}
	got := h.want(h.get("ann", gens+"g1"), http.StatusOK)
	if got.text != second.text {
		t.Error(got.text, second.text)
	}
}

func TestPutRefuses(t *testing.T) {
	h := newHarness(t)
	many := make([]string, 11)
	for i := range many {
		many[i] = fmt.Sprintf("f%d", i)
	}
	incompressible := strings.Repeat("x", 2<<20)
	gz, js := "application/gzip", "application/json"
	tests := []struct {
		name, media, query string
		body               []byte
		status             int
		code, detail       string
	}{
		{"no type", "", "?project_id=p", nil, 415, "UNSUPPORTED_MEDIA_TYPE", "Content-Type: want application/gzip, application/zip or application/json"},
		{"other type", "text/html", "?project_id=p", nil, 415, "UNSUPPORTED_MEDIA_TYPE", ""},
		{"broken type", "a/b/c;;", "?project_id=p", nil, 415, "UNSUPPORTED_MEDIA_TYPE", ""},
		{"no project", gz, "", tarGz(t, "a"), 400, "INVALID_REQUEST", "project_id: is required"},
		{"bad project", gz, "?project_id=a/b", tarGz(t, "a"), 400, "INVALID_REQUEST", "project_id: want 1-128"},
		{"bad project beside JSON", js, "?project_id=..", []byte(`{"project_id":"p","files":{"a":"b"}}`), 400, "INVALID_REQUEST", "project_id: want 1-128"},
		{"no project in JSON", js, "?project_id=p", []byte(`{"files":{"a":"b"}}`), 400, "INVALID_REQUEST", "project_id: is required"},
		{"traversal", gz, "?project_id=p", tarGz(t, "a", "../../etc/passwd"), 400, "INVALID_REQUEST", `"../../etc/passwd"`},
		{"absolute in zip", "application/zip", "?project_id=p", zipped(t, "/etc/passwd"), 400, "INVALID_REQUEST", `"/etc/passwd"`},
		{"traversal in JSON", js, "", []byte(`{"project_id":"p","files":{"../x":"y"}}`), 400, "INVALID_REQUEST", `"../x"`},
		{"too many files", gz, "?project_id=p", tarGz(t, many...), 400, "INVALID_REQUEST", `"f10"`},
		{"no gzip", gz, "?project_id=p", []byte("hello"), 400, "INVALID_REQUEST", ""},
		{"no zip", "application/zip", "?project_id=p", []byte("hello"), 400, "INVALID_REQUEST", ""},
		{"no JSON", js, "", []byte("hello"), 400, "INVALID_REQUEST", ""},
		{"too much unpacked", js, "", []byte(`{"project_id":"p","files":{"a":"` + incompressible + `"}}`), 400, "INVALID_REQUEST", `"a"`},
		{"too large a body", gz, "?project_id=p", bytes.Repeat([]byte{0}, 3<<20), 413, "PAYLOAD_TOO_LARGE", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var headers []string
			if test.media != "" {
				headers = []string{"Content-Type", test.media}
			}
			a := h.do("ann", http.MethodPut, gens+"bad"+test.query, test.body, headers...)
			if a.status != test.status || a.code() != test.code || !strings.HasPrefix(a.detail(), test.detail) {
				t.Errorf("%d %s", a.status, a.text)
			}
			if a := h.get("ann", gens+"bad"); a.status != 404 {
				t.Error("something was stored:", a.text)
			}
		})
	}
}

func TestPutRefusesABadProjectInTheHeader(t *testing.T) {
	h := newHarness(t)
	a := h.do("ann", http.MethodPut, gens+"g1?project_id=p", []byte(`{"project_id":"p","files":{"a":"b"}}`), "Content-Type", "application/json", "X-Project-ID", "..")
	if a.status != 400 || !strings.HasPrefix(a.detail(), "project_id: want 1-128") {
		t.Error(a.status, a.text)
	}
}

// TestPutBoundsAnUndeclaredBody sends chunks without a length.
func TestPutBoundsAnUndeclaredBody(t *testing.T) {
	h := newHarness(t)
	body := struct{ *bytes.Reader }{bytes.NewReader(append([]byte("PK\x03\x04"), make([]byte, 4<<20)...))}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, h.server.URL+gens+"g1?project_id=p", body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/zip")
	r.Header.Set("Authorization", "Bearer "+h.token("ann"))
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusRequestEntityTooLarge {
		t.Error(resp.StatusCode)
	}
}

func TestDeleteGeneration(t *testing.T) {
	h := newHarness(t)
	h.want(h.put("ann", "g1"), http.StatusCreated)
	h.want(h.put("ann", "g2"), http.StatusCreated)
	h.want(h.launch("ann", "g1", `{"project_id":"p"}`), http.StatusCreated)
	for _, id := range []string{"g1", "g2"} { // with a preview and without
		h.want(h.do("ann", http.MethodDelete, gens+id, nil), http.StatusNoContent)
		h.want(h.get("ann", gens+id), http.StatusNotFound)
		h.want(h.get("ann", gens+id+"/preview/status"), http.StatusNotFound)
	}
}

func TestListsPageAndBelongToSomebody(t *testing.T) {
	h := newHarness(t)
	for i := range 3 {
		id := fmt.Sprintf("g%d", i)
		h.want(h.put("ann", id), http.StatusCreated)
		h.want(h.launch("ann", id, `{"project_id":"p"}`), http.StatusCreated)
	}
	h.want(h.put("bob", "b0"), http.StatusCreated)
	tests := []struct {
		path, list, id string
		all            int // what an admin sees
	}{
		{"/api/v1/generations", "generations", "id", 4},
		{"/api/v1/previews", "previews", "generation_id", 3},
	}
	for _, test := range tests {
		t.Run(test.list, func(t *testing.T) {
			var seen []any
			path := test.path + "?limit=2"
			for pages := 0; path != ""; pages++ {
				a := h.want(h.get("ann", path), http.StatusOK)
				for _, item := range a.body[test.list].([]any) {
					seen = append(seen, item.(map[string]any)[test.id])
				}
				if path = ""; a.body["next_cursor"] != nil {
					path = test.path + "?limit=2&cursor=" + a.body["next_cursor"].(string)
				}
				if pages > 3 {
					t.Fatal("the pages never end")
				}
			}
			if fmt.Sprint(seen) != "[g2 g1 g0]" {
				t.Error(seen)
			}
			if n := len(h.want(h.get("root", test.path), http.StatusOK).body[test.list].([]any)); n != test.all {
				t.Errorf("an admin sees %d", n)
			}
			empty := h.want(h.get("carl", test.path), http.StatusOK)
			if want := `{"` + test.list + `":[],"next_cursor":null}` + "\n"; empty.text != want {
				t.Error(empty.text)
			}
			for query, code := range map[string]string{
				"?limit=0": "INVALID_REQUEST", "?limit=501": "INVALID_REQUEST", "?limit=x": "INVALID_REQUEST",
				"?cursor=x": "INVALID_CURSOR", "?cursor=" + strings.Repeat("x", 2000): "INVALID_CURSOR",
			} {
				if a := h.get("ann", test.path+query); a.status != 400 || a.code() != code {
					t.Errorf("%.20s: %d %s", query, a.status, a.text)
				}
			}
			h.want(h.get("", test.path), http.StatusUnauthorized)
		})
	}
}

func TestTimesAreUTC(t *testing.T) {
	h := newHarness(t)
	a := h.want(h.put("ann", "g1"), http.StatusCreated)
	for _, name := range []string{"created_at", "updated_at"} {
		if at, err := time.Parse(time.RFC3339Nano, a.body[name].(string)); err != nil || at.Location() != time.UTC {
			t.Error(a.body[name], err)
		}
	}
}
