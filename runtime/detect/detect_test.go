package detect_test

import (
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"previewd/runtime/detect"
	"previewd/runtime/preview"
)

var update = flag.Bool("update", false, "write the golden answers")

// want is the last section of a case: the plan, or the reason.
const want = "-- want --\n"

// TestDetect runs every case of testdata: a project as one text file ("-- path --" before each file, as in
// txtar) and the answer that is expected.
func TestDetect(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			project, expected, _ := strings.Cut(string(data), want)
			tree, opts := parseCase(t, project)
			got := answer(t, tree, opts)
			if *update {
				if err := os.WriteFile(name, []byte(project+want+got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(expected, got); diff != "" {
				t.Errorf("answer differs (-want +got):\n%s", diff)
			}
		})
	}
}

// TestExamples keeps the plan of each of the repository's examples beside the cases.
func TestExamples(t *testing.T) {
	var dirs []string
	for _, pattern := range []string{"../../examples/*", "../../examples/*/*"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		dirs = append(dirs, found...)
	}
	for _, dir := range dirs {
		name := strings.TrimPrefix(filepath.ToSlash(dir), "../../examples/")
		if info, err := os.Stat(dir); err != nil || !info.IsDir() || !example(name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			golden := filepath.Join("testdata", "examples", strings.ReplaceAll(name, "/", "-")+".json")
			got := answer(t, os.DirFS(dir), detect.Options{})
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			expected, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(expected), got); diff != "" {
				t.Errorf("plan differs (-want +got):\n%s", diff)
			}
		})
	}
}

// example reports whether a folder of examples is a project and not a group of them or a part of one.
func example(name string) bool {
	group, _, deep := strings.Cut(name, "/")
	grouped := group == "broken" || group == "ports"
	return deep == grouped
}

// parseCase splits a case into files; a "#" line before the first file sets options: "# command: node x.js".
func parseCase(t *testing.T, text string) (fstest.MapFS, detect.Options) {
	t.Helper()
	tree, opts, name := fstest.MapFS{}, detect.Options{}, ""
	for line := range strings.SplitAfterSeq(text, "\n") {
		head := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(head, "-- ") && strings.HasSuffix(head, " --"):
			name = strings.TrimSpace(head[3 : len(head)-3])
			tree[name] = &fstest.MapFile{Mode: 0o644}
		case name != "":
			tree[name].Data = append(tree[name].Data, line...)
		case strings.HasPrefix(head, "# command: "):
			opts.Command = strings.TrimPrefix(head, "# command: ")
		case strings.HasPrefix(head, "# env: "):
			opts.Env = strings.Fields(strings.TrimPrefix(head, "# env: "))
		case strings.HasPrefix(head, "# domain: "):
			opts.BaseDomain = strings.TrimPrefix(head, "# domain: ")
		}
	}
	return tree, opts
}

// answer is the plan or the reason as indented JSON.
func answer(t *testing.T, tree fs.FS, opts detect.Options) string {
	t.Helper()
	plan, err := detect.Detect(tree, opts)
	var value any = plan
	if err != nil {
		var reason *preview.Reason
		if !errors.As(err, &reason) {
			t.Fatalf("not a reason: %v", err)
		}
		value = reason
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(value); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
