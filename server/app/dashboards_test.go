package app_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// dashboard is what the tests read of Grafana's format.
type dashboard struct {
	UID, Title, Description string
	Links                   []struct{ Type string }
	Templating              struct{ List []struct{ Name string } }
	Panels                  []panel
}

type panel struct {
	Title, Description, Type string
	FieldConfig              struct {
		Defaults struct {
			Unit       string
			Thresholds struct{ Steps []any }
		}
	}
	Targets []struct{ Expr, LegendFormat string }
}

func dashboards(t *testing.T) []dashboard {
	t.Helper()
	files, err := filepath.Glob("../../deploy/grafana/dashboards/*.json")
	if err != nil || len(files) < 4 {
		t.Fatal(files, err)
	}
	var all []dashboard
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var d dashboard
		if err := json.Unmarshal(text, &d); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if d.UID != "previewd-"+strings.TrimSuffix(filepath.Base(file), ".json") {
			t.Errorf("%s: uid %s", file, d.UID)
		}
		all = append(all, d)
	}
	return all
}

// TestDashboardsSayWhatTheyShow: units, thresholds, descriptions, variables and links are there.
func TestDashboardsSayWhatTheyShow(t *testing.T) {
	for _, d := range dashboards(t) {
		if d.Title == "" || d.Description == "" || len(d.Links) == 0 || len(d.Templating.List) < 2 || len(d.Panels) < 8 {
			t.Errorf("%s lacks a title, a description, links, variables or panels", d.UID)
		}
		for _, p := range d.Panels {
			if p.Title == "" || !strings.HasSuffix(p.Description, ".") || p.FieldConfig.Defaults.Unit == "" || len(p.FieldConfig.Defaults.Thresholds.Steps) == 0 || len(p.Targets) == 0 {
				t.Errorf("%s, panel %q lacks a description, a unit, thresholds or queries", d.UID, p.Title)
			}
		}
	}
}

// filled is a query as Grafana sends it when everything is chosen.
func filled(expr string) string {
	return strings.NewReplacer("$__rate_interval", "5m", "$__range", "5m", "$instance", ".*", "$runtime", ".*").Replace(expr)
}

// showsEverything runs every panel's queries: each has to return a number.
func (m *monitor) showsEverything(t *testing.T) {
	t.Helper()
	for _, d := range dashboards(t) {
		for _, p := range d.Panels {
			for _, target := range p.Targets {
				var values []string
				var err error
				if !eventually(patience, func() bool {
					values, err = m.query(filled(target.Expr))
					return err != nil || slices.ContainsFunc(values, func(v string) bool { return v != "NaN" && v != "+Inf" })
				}) || err != nil {
					t.Errorf("%s, panel %q: %s returns %v %v", d.UID, p.Title, target.Expr, values, err)
				}
			}
		}
	}
}
