package golang_test

import (
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// snippet is a program without its package clause and imports, and the paths that net/http serves when it is run,
// with the method before a colon where there is one.
type snippet struct{ code, want string }

// program is the whole file. It imports what it names.
func (s snippet) program() string {
	var b strings.Builder
	b.WriteString("package main\n\nimport (\n")
	for _, name := range []string{"cmp", "errors", "flag", "fmt", "net/http", "net/url", "os", "path", "path/filepath", "strconv", "strings", "sync"} {
		if strings.Contains(s.code, path.Base(name)+".") {
			b.WriteString("\t\"" + name + "\"\n")
		}
	}
	b.WriteString(")\n\n" + s.code + "\n")
	return b.String()
}

// testSnippets wants exactly the routes that a run makes.
func testSnippets(t *testing.T, all map[string]snippet) {
	t.Helper()
	for name, test := range all {
		t.Run(name, func(t *testing.T) {
			got := listed(routesOf(t.Context(), folder("== main.go\n"+test.program())))
			for i := range got {
				got[i] = strings.Replace(strings.TrimPrefix(got[i], "* "), " ", ":", 1)
			}
			if diff := cmp.Diff(strings.Fields(test.want), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
