package config

import (
	"errors"
	"os"
	"strings"
	"testing"
)

func TestReadmeHasTheTable(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	spliced, err := Splice(string(readme))
	if err != nil {
		t.Fatal(err)
	}
	if spliced != string(readme) {
		t.Error("README.md differs from the settings: run go generate ./server/config")
	}
}

func TestTableTellsEverything(t *testing.T) {
	table := Table()
	for _, want := range []string{
		"| `PREVIEW_PORT_MIN` | `3001` | First host port given to previews. |\n",
		"| `PREVIEW_DATABASE_URL`<br>`PREVIEW_DATABASE_URL_FILE` | a private PostgreSQL |",
		"One of debug, info, warn, error. |\n",
		"| `PREVIEW_LAUNCH_CONCURRENCY` | 2 per CPU |",
	} {
		if !strings.Contains(table, want) {
			t.Errorf("table lacks %q", want)
		}
	}
	if escapeCell("a|b") != `a\|b` {
		t.Error("a bar ends the cell")
	}
	for _, f := range fields() {
		switch {
		case f.description == "" || !strings.HasSuffix(f.description, "."):
			t.Errorf("%s: description %q is no sentence", f.variable, f.description)
		case f.wanted() == "a whole number from 0 to 0":
			t.Errorf("%s does not say what is wanted", f.variable)
		}
	}
}

func TestSplice(t *testing.T) {
	got, err := Splice("head\n" + TableBegin + "\nold\n" + TableEnd + "\ntail\n")
	if err != nil || got != "head\n"+TableBegin+"\n"+Table()+TableEnd+"\ntail\n" {
		t.Error(got, err)
	}
	for _, document := range []string{"", TableBegin, TableEnd, TableEnd + TableBegin} {
		if _, err := Splice(document); !errors.Is(err, ErrNoMarkers) {
			t.Errorf("%q: %v", document, err)
		}
	}
}
