package logging

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestTheDocumentHasTheFields(t *testing.T) {
	text, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	if want, err := Splice(string(text)); err != nil || want != string(text) {
		t.Errorf("docs/operations.md is not what it is generated from: make generate (%v)", err)
	}
}

// TestNobodyLogsOtherFields reads the source: every field that is logged is in the list, and nothing else is.
func TestNobodyLogsOtherFields(t *testing.T) {
	listed := map[string]bool{"time": true, "level": true, "msg": true, "component": true, "err": true} // WithError names err
	for _, f := range Fields() {
		if listed[f.Name] && !slices.Contains([]string{"time", "level", "msg", "component", "err"}, f.Name) {
			t.Errorf("%s is listed twice", f.Name)
		}
		listed[f.Name] = listed[f.Name] || false
	}
	for _, file := range sources(t) {
		for name, at := range logged(t, file) {
			if _, known := listed[name]; !known {
				t.Errorf("%s: the field %s is not in the list", at, name)
			}
			listed[name] = true
		}
	}
	for name, used := range listed {
		if !used {
			t.Errorf("nobody logs %s", name)
		}
	}
}

func sources(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, dir := range []string{"runtime", "server", "storage"} {
		err := filepath.WalkDir(filepath.Join("../..", dir), func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() && d.Name() == "testdata" {
				return fs.SkipDir
			}
			if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
				all = append(all, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// logged are the names of the fields that a file gives to the log, and the places. A name that is not written out is told as what it is.
func logged(t *testing.T, path string) map[string]token.Position {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]token.Position{}
	note := func(e ast.Expr) {
		name := "that is computed"
		if literal, ok := e.(*ast.BasicLit); ok {
			name, _ = strconv.Unquote(literal.Value)
		}
		names[name] = set.Position(e.Pos())
	}
	noteAll := func(e ast.Expr) {
		if composite, ok := e.(*ast.CompositeLit); ok {
			for _, element := range composite.Elts {
				if pair, ok := element.(*ast.KeyValueExpr); ok {
					note(pair.Key)
				}
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			selector, ok := n.Fun.(*ast.SelectorExpr)
			switch {
			case !ok || len(n.Args) == 0:
			case selector.Sel.Name == "WithField":
				note(n.Args[0])
			case selector.Sel.Name == "WithFields":
				noteAll(n.Args[0])
			}
		case *ast.CompositeLit:
			if selector, ok := n.Type.(*ast.SelectorExpr); ok && selector.Sel.Name == "Fields" {
				noteAll(n)
			}
		}
		return true
	})
	return names
}
