package cli

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"previewd/server/client"
)

// endpoints answers with one endpoint that names what was asked for.
func (f *fakeAPI) endpoints(w http.ResponseWriter, r *http.Request) {
	if len(f.generations) > 0 && f.generations[r.PathValue("id")] == nil {
		refuse(w, 404, "GENERATION_NOT_FOUND", "There is no generation with this id.")
		return
	}
	answer(w, 200, map[string]any{
		"endpoints": []any{map[string]any{
			"path": "/" + r.PathValue("id"), "method": "GET", "summary": "asked \x1b[2J" + r.URL.RawQuery, "tags": []string{}, "parameters": []any{},
			"source": map[string]any{"file": "a.py", "line": 3}, "origin": "both",
		}},
		"count": 1, "builtin": []any{}, "complete": false, "warnings": []any{map[string]any{"file": "b.py", "line": 7, "message": "odd"}},
	})
}

func TestEndpointsOfAFolder(t *testing.T) {
	dir := t.TempDir()
	app := "package main\n\nimport \"github.com/gin-gonic/gin\"\n\n// @Summary Lists\n// @Tags a\nfunc list(c *gin.Context) {}\n\nfunc main() {\n\tr := gin.New()\n\tr.GET(\"/a/:id\", list)\n\tr.POST(\"/b\", nil)\n}\n"
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(app), 0o600); err != nil {
		t.Fatal(err)
	}
	const nowhere = "http://127.0.0.1:1" // no server is asked
	r := run(t, nowhere, "endpoints", dir)
	wantCode(t, r, ExitOK)
	if want := "GET   /a/{id}  main.go:11  Lists\nPOST  /b       main.go:12  \n"; r.stdout != want || r.stderr != "" {
		t.Errorf("got\n%s%s\nwant\n%s", r.stdout, r.stderr, want)
	}
	for _, args := range [][]string{{"--tag", "a"}, {"--method", "get"}} {
		r := run(t, nowhere, append([]string{"endpoints", dir, "--json"}, args...)...)
		wantCode(t, r, ExitOK)
		var list client.EndpointList
		if err := json.Unmarshal([]byte(r.stdout), &list); err != nil {
			t.Fatal(err)
		}
		if list.Count != 1 || !list.Complete || list.Endpoints[0].Path != "/a/{id}" || string(list.Endpoints[0].Parameters[0].Example) != `"string"` {
			t.Errorf("%q: %+v", args, list)
		}
	}
}

func TestEndpointsOfAGeneration(t *testing.T) {
	f := newFakeAPI(t)
	r := run(t, f.server.URL, "endpoints", "shop-1", "--tag", "a b", "--method", "get")
	wantCode(t, r, ExitOK)
	if !strings.HasPrefix(r.stdout, "GET  /shop-1  a.py:3  asked") || !strings.Contains(r.stdout, "method=get&tag=a+b") || strings.Contains(r.stdout, "\x1b") {
		t.Errorf("%q", r.stdout)
	}
	if want := "warning: b.py:7: odd\nwarning: the files are still being read; ask again in a moment\n"; r.stderr != want {
		t.Errorf("%q", r.stderr)
	}
}

func TestNoEndpoints(t *testing.T) {
	dir := folder(t, "site", map[string]string{"index.html": "<h1>hello</h1>"})
	r := run(t, "", "endpoints", dir)
	wantCode(t, r, ExitOK)
	if r.stdout != "" || r.stderr != "no endpoints were found\n" {
		t.Errorf("%q and %q", r.stdout, r.stderr)
	}
	if r := run(t, "", "endpoints", dir, "--json"); r.stderr != "" {
		t.Errorf("for programs: %q", r.stderr)
	}
}

func TestEndpointsOfABeginning(t *testing.T) {
	f := newFakeAPI(t)
	f.add("shop-1", nil, runs)
	f.add("blog-1", nil, runs)
	f.add("blog-2", nil, runs)
	r := run(t, f.server.URL, "endpoints", "shop")
	wantCode(t, r, ExitOK)
	wantText(t, r.stdout, "GET  /shop-1  ")
	r = run(t, f.server.URL, "endpoints", "blog")
	wantCode(t, r, ExitUsage)
	wantText(t, r.stderr, "it could be blog-1, blog-2")
	r = run(t, f.server.URL, "endpoints", "nothing")
	wantCode(t, r, ExitNotFound)
	wantText(t, r.stderr, "GENERATION_NOT_FOUND")
	wantCode(t, run(t, f.server.URL, "endpoints", "Ж"), ExitUsage)
}

func TestEndpointsOfNothing(t *testing.T) {
	for _, arg := range []string{"./nowhere", "/nowhere"} {
		wantCode(t, run(t, "http://127.0.0.1:1", "endpoints", arg), ExitUsage)
	}
	wantCode(t, run(t, "http://127.0.0.1:1", "endpoints"), ExitUsage)
}

// TestReadEndpoints has no input that it could read.
func TestReadEndpoints(t *testing.T) {
	if r := run(t, "", "read-endpoints", "nonsense"); r.code == ExitOK {
		t.Error("it read something")
	}
}
