package endpoints_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"previewd/runtime/endpoints"
)

// called is what the truth of the corpus is made of.
type called struct {
	Method string `json:"method"`
	Path   string `json:"path"`
}

// TestCorpus holds extraction to what the real frameworks say of each app: scripts/endpoints/truth.
func TestCorpus(t *testing.T) {
	truths, err := filepath.Glob("testdata/*/*/truth.json")
	if err != nil {
		t.Fatalf("no corpus: %v", err)
	}
	for _, truth := range truths {
		folder := filepath.Dir(truth)
		t.Run(filepath.ToSlash(folder[len("testdata/"):]), func(t *testing.T) {
			result, err := endpoints.Extract(t.Context(), os.DirFS(folder), endpoints.Options{})
			if err != nil {
				t.Fatal(err)
			}
			compare(t, readTruth(t, truth), listed(result))
			for _, w := range result.Warnings {
				t.Errorf("warning: %s:%d: %s", w.File, w.Line, w.Message)
			}
		})
	}
}

func readTruth(t *testing.T, name string) []called {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var want []called
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	return want
}

func listed(result *endpoints.Result) []called {
	var got []called
	for _, e := range result.Endpoints {
		if !e.Builtin {
			got = append(got, called{e.Method, e.Path})
		}
	}
	return got
}

func compare(t *testing.T, want, got []called) {
	t.Helper()
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("missing: %s %s", w.Method, w.Path)
		}
	}
	for _, g := range got {
		if !slices.Contains(want, g) {
			t.Errorf("extra: %s %s", g.Method, g.Path)
		}
	}
}
