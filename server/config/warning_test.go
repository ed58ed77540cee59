package config

import (
	"strings"
	"testing"
)

func TestUnknownVariables(t *testing.T) {
	tests := []struct{ name, want string }{
		{"PREVIEW_MEMORY_LIMIT", "did you mean PREVIEW_MEMORY_LIMIT_MB?"},
		{"PREVIEW_PORTMIN", "did you mean PREVIEW_PORT_MIN?"},
		{"PREVIEW_JWT_SECRETS", "did you mean PREVIEW_JWT_SECRET?"},
		{"PREVIEW_JWT_SECRET_FILES", "did you mean PREVIEW_JWT_SECRET_FILE?"},
		{"PREVIEW_SOMETHING_ELSE_ENTIRELY", "is ignored"},
	}
	for _, test := range tests {
		_, warnings, err := Load([]string{"PREVIEW_JWT_SECRET=" + goodSecret, test.name + "=x"})
		if err != nil || len(warnings) != 1 || !strings.HasPrefix(warnings[0], test.name+" ") || !strings.HasSuffix(warnings[0], test.want) {
			t.Errorf("%s: %q %v", test.name, warnings, err)
		}
	}
}

func TestKnownAndForeignVariablesAreSilent(t *testing.T) {
	_, warnings, err := Load([]string{
		"PREVIEW_JWT_SECRET=" + goodSecret, "PREVIEW_API=http://x", "PREVIEW_TOKEN=y", "PATH=/bin", "PREVIEWS=1", "no equals sign",
	})
	if err != nil || len(warnings) > 0 {
		t.Error(warnings, err)
	}
}

func TestEditDistance(t *testing.T) {
	tests := []struct {
		a, b string
		want int
	}{{"", "", 0}, {"abc", "", 3}, {"", "abc", 3}, {"kitten", "sitting", 3}, {"flaw", "lawn", 2}, {"same", "same", 0}}
	for _, test := range tests {
		if got := editDistance(test.a, test.b); got != test.want {
			t.Errorf("%q %q: %d, want %d", test.a, test.b, got, test.want)
		}
	}
}
