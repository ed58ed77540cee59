package golang_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"previewd/runtime/endpoints/internal/golang"
	"previewd/runtime/endpoints/internal/project"
	"previewd/runtime/endpoints/internal/route"
)

// folder makes files of "== name" and what follows. A text without such a line is main.go.
func folder(text string) fstest.MapFS {
	files := fstest.MapFS{"go.mod": {Data: []byte("module app\n\ngo 1.26\n")}}
	for part := range strings.SplitSeq("\n"+text, "\n== ") {
		name, data, _ := strings.Cut(part, "\n")
		if name != "" {
			files[name] = &fstest.MapFile{Data: []byte(data)}
		}
	}
	return files
}

func routesOf(ctx context.Context, files fstest.MapFS) []route.Endpoint {
	var names []string
	for name := range files {
		if strings.HasSuffix(name, ".go") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return golang.Routes(ctx, project.New(files, names))
}

func listed(all []route.Endpoint) []string {
	var lines []string
	for _, e := range all {
		lines = append(lines, e.Method+" "+e.Path)
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

func TestRoutes(t *testing.T) {
	for name, test := range programs {
		t.Run(name, func(t *testing.T) {
			want := strings.Split(strings.TrimSpace(test.want), "\n")
			if diff := cmp.Diff(want, listed(routesOf(t.Context(), folder(test.files)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhatIsTold(t *testing.T) {
	all := routesOf(t.Context(), folder(`== main.go
package main

import "github.com/gin-gonic/gin"

// list answers with all notes. The newest comes first.
func list(c *gin.Context) {}

// @Summary  One note
// @Description  Looks it up.
// @Tags  notes, read
// @Param  id path int true "which"
// @Param  full query bool false "all of it"
func one(c *gin.Context) {}

func logged(h gin.HandlerFunc) gin.HandlerFunc { return h }

func main() {
	r := gin.New()
	r.GET("/notes", list)
	add(r, "/notes/:id")
}

func add(r *gin.Engine, path string) {
	r.GET(path, logged(one))
}
`))
	want := []route.Endpoint{
		{Method: "GET", Path: "/notes", Name: "list", Summary: "Answers with all notes", Source: route.Source{File: "main.go", Line: 19}},
		{
			Method: "GET", Path: "/notes/{id}", Name: "one", Summary: "One note", Description: "Looks it up.", Tags: []string{"notes", "read"},
			Parameters: []route.Parameter{
				{Name: "id", In: route.InPath, Type: "integer", Required: true, Description: "which"},
				{Name: "full", In: route.InQuery, Type: "boolean", Description: "all of it"},
			},
			Source: route.Source{File: "main.go", Line: 20},
		},
	}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Error(diff)
	}
}

// TestEndless has code that a real run would never get out of.
func TestEndless(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	all := routesOf(ctx, folder(`== main.go
package main

import "net/http"

type node struct{ next *node }

var loop = other
var other = loop

func main() {
	http.HandleFunc("/first", nil)
	n := &node{}
	n.next = n
	for n != nil { n = n.next }
	for { f(1); g(); break }
	for i := 0; i < 10; i = i { f(i) }
	x := "a"
	for i := 0; i < 1000; i++ { x = x + x }
	http.HandleFunc("/last", nil)
}

func f(i int) { if i > 0 { f(i + 1); f(i + 2); f(i + 3) } else { http.HandleFunc("/f", nil); g() } }
func g() { f(1); f(2); g(); g(); g() }
`))
	if got := listed(all); !slices.Contains(got, "* /first") {
		t.Errorf("%q", got)
	}
	if ctx.Err() != nil {
		t.Error("took too long")
	}
}

func FuzzRoutes(f *testing.F) {
	for _, test := range programs {
		f.Add([]byte(test.files))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		routesOf(t.Context(), folder(string(data)))
	})
}
