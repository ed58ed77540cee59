package syntax_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"previewd/runtime/endpoints/internal/syntax"
)

func parse(t *testing.T, l *syntax.Language, source string) syntax.Node {
	t.Helper()
	tree, err := l.Parse(t.Context(), []byte(source))
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	return tree.Root()
}

func TestNodes(t *testing.T) {
	root := parse(t, syntax.Python(), "import os\n\n@app.get('/x')\nasync def f(a, b=1):\n    return a + b\n")
	function := root.Child("decorated_definition").Field("definition")
	if got := function.Field("name").Text(); got != "f" {
		t.Errorf("name = %q", got)
	}
	if !function.Has("async") || function.Has("(") {
		t.Error("keywords are kept, punctuation is not")
	}
	if got := function.Line(); got != 4 {
		t.Errorf("line = %d", got)
	}
	operators := 0
	for n := range root.All() {
		if n.FieldName() == "operator" && n.Text() == "+" {
			operators++
		}
	}
	if operators != 1 {
		t.Errorf("%d operators", operators)
	}
}

func TestLanguages(t *testing.T) {
	for kind, root := range map[string]syntax.Node{
		"import_statement":      parse(t, syntax.JavaScript(), "import x from 'y'; const e = <a b={1}/>;"),
		"lexical_declaration":   parse(t, syntax.TypeScript(), "const a: string = <string>b;"),
		"function_declaration":  parse(t, syntax.TSX(), "function F(): JSX.Element { return <div/>; }"),
		"import_from_statement": parse(t, syntax.Python(), "from a import b"),
		"":                      {},
	} {
		if kind == "" {
			if root.Valid() || root.Kind() != "" || root.Text() != "" || root.Line() != 0 || root.Field("x").Valid() || root.Has("x") {
				t.Error("no node must be empty")
			}
			continue
		}
		if !root.Child(kind).Valid() {
			t.Errorf("no %s", kind)
		}
		for n := range root.All() {
			if n.Kind() == "ERROR" {
				t.Errorf("%s: error at %q", kind, n.Text())
			}
		}
	}
}

func TestBounds(t *testing.T) {
	python := syntax.Python()
	if _, err := python.Parse(t.Context(), make([]byte, syntax.MaxSource+1)); !errors.Is(err, syntax.ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
	tree, err := python.Parse(t.Context(), []byte(strings.Repeat("(", 200_000)+"1"+strings.Repeat(")", 200_000)))
	if !errors.Is(err, syntax.ErrTooDeep) && !errors.Is(err, syntax.ErrTooSlow) || tree == nil {
		t.Errorf("too deep: %v", err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := python.Parse(cancelled, []byte("a = 1")); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestHostile parses what has made parsers slow or crash: it only has to come back with something.
func TestHostile(t *testing.T) {
	languages := []*syntax.Language{syntax.Python(), syntax.JavaScript(), syntax.TypeScript(), syntax.TSX()}
	for name, source := range map[string]string{
		"brackets":   strings.Repeat("[", 15_000),
		"braces":     strings.Repeat("{(", 8_000),
		"quotes":     strings.Repeat("'\"`", 5_000),
		"templates":  strings.Repeat("`${", 5_000),
		"tags":       strings.Repeat("<a>", 5_000),
		"generics":   strings.Repeat("a<", 5_000),
		"indents":    deepIndent(700),
		"fstrings":   strings.Repeat("f'{", 3_000),
		"nul":        strings.Repeat("\x00", 5_000),
		"bytes":      strings.Repeat("\xff\xfe\x80", 5_000),
		"chain":      "a" + strings.Repeat(".b()", 5_000),
		"sum":        "a" + strings.Repeat("+1", 10_000),
		"decorators": strings.Repeat("@a\n", 5_000),
	} {
		t.Run(name, func(t *testing.T) {
			for _, l := range languages {
				tree, err := l.Parse(t.Context(), []byte(source))
				if tree == nil {
					t.Errorf("nothing was read: %v", err)
				}
			}
		})
	}
}

func deepIndent(levels int) string {
	var b strings.Builder
	for i := range levels {
		b.WriteString(strings.Repeat(" ", i) + "if x:\n")
	}
	return b.String()
}
