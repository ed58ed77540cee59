package ecma_test

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"previewd/runtime/endpoints/internal/ecma"
	"previewd/runtime/endpoints/internal/project"
	"previewd/runtime/endpoints/internal/route"
)

// TestPrograms holds the front end to small programs, each a file of testdata: sections "-- NAME --", the last of which says
// which endpoints there are.
func TestPrograms(t *testing.T) {
	names, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(names) == 0 {
		t.Fatalf("no programs: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files, want := program(t, string(data))
			p := projectOf(files)
			got := listed(ecma.Routes(context.Background(), p))
			if diff := compare(want, got); diff != "" {
				t.Error(diff)
			}
			for _, w := range p.Warnings() {
				t.Errorf("warning: %s: %s", w.File, w.Message)
			}
		})
	}
}

// program takes an archive apart.
func program(t *testing.T, text string) (fstest.MapFS, []string) {
	t.Helper()
	files := fstest.MapFS{}
	var want []string
	for section := range strings.SplitSeq("\n"+text, "\n-- ") {
		name, body, ok := strings.Cut(section, " --\n")
		switch {
		case !ok:
		case name == "want":
			want = strings.Split(strings.TrimSpace(body), "\n")
		default:
			files[name] = &fstest.MapFile{Data: []byte(body + "\n")}
		}
	}
	if len(files) == 0 || want == nil {
		t.Fatal("not a program")
	}
	return files, want
}

func projectOf(files fstest.MapFS) *project.Project {
	var names []string
	for name := range files {
		if strings.Contains(".js.jsx.mjs.cjs.ts.tsx.mts.cts", filepath.Ext(name)) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return project.New(files, names)
}

func listed(found []route.Endpoint) []string {
	slices.SortFunc(found, func(a, b route.Endpoint) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
	var lines []string
	for _, e := range found {
		lines = append(lines, e.Method+" "+e.Path)
	}
	return slices.Compact(lines)
}

func compare(want, got []string) string {
	var out strings.Builder
	for _, w := range want {
		if !slices.Contains(got, w) {
			out.WriteString("\nmissing: " + w)
		}
	}
	for _, g := range got {
		if !slices.Contains(want, g) {
			out.WriteString("\nextra: " + g)
		}
	}
	return out.String()
}
