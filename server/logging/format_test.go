package logging

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"previewd/runtime/preview"
)

// lines are what saying leaves in the log.
func lines(t *testing.T, asJSON bool, say func(*logrus.Entry)) []string {
	t.Helper()
	var out strings.Builder
	say(logrus.NewEntry(New(&out, logrus.InfoLevel, asJSON)).WithField("component", "test"))
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
}

func TestErrorsHaveOneName(t *testing.T) {
	say := func(log *logrus.Entry) {
		log.WithError(errors.New("one")).Info("said")
		log.WithField("err", errors.New("two")).Info("said")
		log.Debug("not said")
	}
	for i, line := range lines(t, true, say) {
		var fields map[string]string
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatal(err)
		}
		if fields["err"] != []string{"one", "two"}[i] || fields["component"] != "test" || fields["level"] != "info" || fields["msg"] != "said" || len(fields) != 5 {
			t.Errorf("%v", fields)
		}
		if _, err := time.Parse(time.RFC3339, fields["time"]); err != nil || !strings.HasSuffix(fields["time"], "Z") {
			t.Error(fields["time"], err)
		}
	}
	for i, line := range lines(t, false, say) {
		if !strings.Contains(line, "err="+[]string{"one", "two"}[i]) || strings.Contains(line, "error=") {
			t.Error(line)
		}
	}
}

func TestKindsAreTheSameEverywhere(t *testing.T) {
	line := lines(t, true, func(log *logrus.Entry) {
		log.WithFields(logrus.Fields{
			"took_ms": 2 * time.Second, "port": 3001, "timings_ms": preview.Timings{"total": 5}, "reason": preview.AppExited, "err": nil,
		}).Info("said")
	})[0]
	if !strings.Contains(line, `"took_ms":2000`) || !strings.Contains(line, `"timings_ms":{"total":5}`) || !strings.Contains(line, `"reason":"APP_EXITED"`) || !strings.Contains(line, `"err":""`) {
		t.Error(line)
	}
}

// hostile texts would begin a line of their own, paint a terminal, or turn what is read.
var hostile = []string{
	"a\ntime=\"2026-01-01T00:00:00Z\" level=info msg=forged", "a\r\n{\"level\":\"info\",\"msg\":\"forged\"}", "\x1b[2J\x1b[31mforged", "\x00forged",
	"\u202eforged", "\u2028forged", "\u0085forged", "\u009b31mforged", "\xff\xfeforged", `" level=info msg="forged`, "\\n\bforged", strings.Repeat("forged ", 100_000),
}

func TestNothingBreaksOutOfItsLine(t *testing.T) {
	raw := regexp.MustCompile(`[\x00-\x1f\x7f\x{80}-\x{9f}\x{2028}\x{2029}\x{202a}-\x{202e}]`)
	for _, text := range hostile {
		say := func(log *logrus.Entry) {
			log.WithFields(logrus.Fields{"path": text, "err": errors.New(text)}).Warn(text)
		}
		for _, asJSON := range []bool{true, false} {
			said := lines(t, asJSON, say)
			if len(said) != 1 || len(said[0]) > 4*3*maxText || (!asJSON && raw.MatchString(said[0])) {
				t.Errorf("%d lines: %.300q", len(said), said[0])
			}
			if asJSON {
				var fields map[string]string
				if err := json.Unmarshal([]byte(said[0]), &fields); err != nil || len(fields) != 6 || fields["level"] != "warning" {
					t.Errorf("%v: %.300q", err, said[0])
				}
				continue
			}
			if quoted := regexp.MustCompile(`"(?:[^"\\]|\\.)*"`).ReplaceAllString(said[0], `""`); strings.Count(quoted, "level=") != 1 || strings.Count(quoted, "msg=") != 1 {
				t.Errorf("%.300q", quoted)
			}
		}
	}
}

// TestOnATerminal: there the library writes messages as they are.
func TestOnATerminal(t *testing.T) {
	var out strings.Builder
	log := New(&out, logrus.InfoLevel, false)
	log.SetFormatter(formatter{&logrus.TextFormatter{ForceColors: true}})
	for _, text := range hostile {
		out.Reset()
		log.WithField("path", text).Warn(text)
		painted := strings.NewReplacer("\x1b[33m", "", "\x1b[0m", "").Replace(strings.TrimSuffix(out.String(), "\n"))
		if strings.ContainsAny(painted, "\n\r\x1b\x00\b\u202e\u2028\u0085\u009b") {
			t.Errorf("%.300q", painted)
		}
	}
}
