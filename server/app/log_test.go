package app

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"previewd/server/config"
)

func TestErrorsHaveOneName(t *testing.T) {
	for _, format := range []string{"json", "text"} {
		var out strings.Builder
		log := NewLog(config.Config{LogFormat: format, LogLevel: "info"}, &out).WithField("component", "test")
		log.WithError(errors.New("one")).Info("said")
		log.WithField("err", errors.New("two")).Info("said")
		log.Debug("not said")
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		if len(lines) != 2 {
			t.Fatalf("%s: %q", format, lines)
		}
		for i, want := range []string{"one", "two"} {
			if format == "text" {
				if !strings.Contains(lines[i], "err="+want) || strings.Contains(lines[i], "error=") {
					t.Error(lines[i])
				}
				continue
			}
			var fields map[string]string
			if err := json.Unmarshal([]byte(lines[i]), &fields); err != nil {
				t.Fatal(err)
			}
			if fields["err"] != want || fields["component"] != "test" || fields["level"] != "info" || fields["msg"] != "said" || fields["time"] == "" || len(fields) != 5 {
				t.Errorf("%v", fields)
			}
		}
	}
}
