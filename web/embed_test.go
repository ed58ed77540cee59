package web

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

func TestBuiltTabWins(t *testing.T) {
	placeholder := &fstest.MapFile{Data: []byte("placeholder")}
	built := fstest.MapFS{"dist/placeholder/index.html": placeholder}
	if got := index(t, choose(built)); got != "placeholder" {
		t.Errorf("without a build: %q", got)
	}
	built["dist/app/index.html"] = &fstest.MapFile{Data: []byte("built")}
	if got := index(t, choose(built)); got != "built" {
		t.Errorf("with a build: %q", got)
	}
}

func TestPlaceholderSaysWhatToDo(t *testing.T) {
	page, err := fs.ReadFile(dist, "dist/placeholder/index.html")
	if err != nil || !strings.Contains(string(page), "make web") {
		t.Errorf("%s, %v", page, err)
	}
}

func TestSomethingIsEmbedded(t *testing.T) {
	if got := index(t, Files()); !strings.Contains(got, "<!doctype html>") {
		t.Errorf("%q", got)
	}
}

func index(t *testing.T, files fs.FS) string {
	t.Helper()
	page, err := fs.ReadFile(files, "index.html")
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}
