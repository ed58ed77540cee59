package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func secretFile(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSecretFromFile(t *testing.T) {
	other := strings.Repeat("z", 40)
	cfg, warnings, err := Load([]string{"PREVIEW_JWT_SECRET_FILE=" + secretFile(t, "\n"+goodSecret+"\n"+other+"\n")})
	if err != nil || len(warnings) > 0 || string(cfg.JWTSecret) != goodSecret+"\n"+other {
		t.Fatal(string(cfg.JWTSecret), warnings, err)
	}
}

func TestSecretFileProblems(t *testing.T) {
	good := secretFile(t, goodSecret)
	tests := map[string][]string{
		"only one of it and PREVIEW_JWT_SECRET": {"PREVIEW_JWT_SECRET=" + goodSecret, "PREVIEW_JWT_SECRET_FILE=" + good},
		"a readable file that is not empty":     {"PREVIEW_JWT_SECRET_FILE=" + secretFile(t, " \n")},
		"secrets of at least 32 bytes":          {"PREVIEW_JWT_SECRET_FILE=" + secretFile(t, "hunter2")},
	}
	for want, environ := range tests {
		_, _, err := Load(environ)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), goodSecret) {
			t.Errorf("%q: %v", want, err)
		}
		var problems Problems
		if !errors.As(err, &problems) || len(problems) != 1 {
			t.Errorf("%q: want one problem, got %v", want, err)
		}
	}
}

func TestOnlySecretsHaveFiles(t *testing.T) {
	_, warnings, err := Load([]string{"PREVIEW_JWT_SECRET=" + goodSecret, "PREVIEW_EGRESS_FILE=/nowhere"})
	if err != nil || len(warnings) != 1 {
		t.Error(warnings, err)
	}
}
