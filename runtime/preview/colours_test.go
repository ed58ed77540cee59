package preview_test

import (
	"testing"

	"previewd/runtime/preview"
)

func TestWithoutColours(t *testing.T) {
	for message, want := range map[string]string{
		"":                                 "",
		"plain [31m":                       "plain [31m",
		"\x1b[31mred\x1b[0m":               "red",
		"a\x1b[38:5:1;4mb\x1b[mc":          "abc",
		"\x1b[1;3":                         "\x1b[1;3",
		"\x1b":                             "\x1b",
		"\x1b[2Jcleared \x1b]0;t\x07\x1b[": "\x1b[2Jcleared \x1b]0;t\x07\x1b[",
		"\x1b\x1b[7mx":                     "\x1bx",
		"ü\x1b[1mü":                        "üü",
	} {
		if got := preview.WithoutColours(message); got != want {
			t.Errorf("%q: %q, want %q", message, got, want)
		}
	}
}

func TestSeverityRises(t *testing.T) {
	before := preview.Level("TRACE").Severity()
	for _, level := range preview.Levels() {
		if level.Severity() <= before {
			t.Errorf("%s is not above what comes before it", level)
		}
		before = level.Severity()
	}
}
