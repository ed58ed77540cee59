package endpoints

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestWhatCounts(t *testing.T) {
	files := fstest.MapFS{}
	for _, name := range []string{
		"main.py", "app/build/__init__.py", "app/build/x.py", "src/index.ts", "cmd/main.go", ".well-known/x.js",
		"node_modules/a/index.js", "dist/index.js", "build/x.js", ".next/server.js", "venv/pyvenv.cfg", "venv/lib/x.py",
		"test_x.py", "x_test.py", "conftest.py", "x_test.go", "a.spec.ts", "a.test.js", "a.min.js", "x.d.ts", "tests/a.py",
		"x_pb2.py", "vendor/a/a.go", "README.md", "__tests__/a.js",
	} {
		files[name] = &fstest.MapFile{}
	}
	files["big.js"] = &fstest.MapFile{Data: []byte(strings.Repeat("x", 2<<20))}
	got, warnings := walk(t.Context(), files)
	want := []string{".well-known/x.js", "app/build/__init__.py", "app/build/x.py", "cmd/main.go", "main.py", "src/index.ts"}
	if !slices.Equal(got, want) {
		t.Errorf("walk = %v, want %v", got, want)
	}
	if len(warnings) != 1 || warnings[0].File != "big.js" {
		t.Errorf("warnings = %v", warnings)
	}
}
