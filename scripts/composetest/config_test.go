package composetest

import (
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestConfig has compose judge the file, with the settings that scripts/env writes and without.
func TestConfig(t *testing.T) {
	f := newFolder(t)
	if _, said, err := f.config(); err == nil || !strings.Contains(said, "is not set; run scripts/env") {
		t.Errorf("without .env: %v: %s", err, said)
	}
	if out, err := exec.CommandContext(t.Context(), filepath.Join(f.dir, "scripts/env")).CombinedOutput(); err != nil {
		t.Fatalf("scripts/env: %v %s", err, out)
	}
	for _, profile := range []string{"", "observability"} {
		out, said, err := f.config("--profile", profile)
		if err != nil || said != "" {
			t.Errorf("profile %q: %v: %s", profile, err, said)
		}
		for _, service := range []string{"postgres:", "previewd:"} {
			if !strings.Contains(out, "\n  "+service+"\n") {
				t.Errorf("profile %q has no %s", profile, service)
			}
		}
	}
	f.empty("PREVIEW_JWT_SECRET")
	if _, said, err := f.config(); err == nil || !strings.Contains(said, "is not set; run scripts/env") {
		t.Errorf("with an empty secret: %v: %s", err, said)
	}
}

// TestNoDefaultPasswords: the file has none, and neither has the example of its settings.
func TestNoDefaultPasswords(t *testing.T) {
	secret := regexp.MustCompile(`(?m)^ *([A-Z_]*(?:PASSWORD|SECRET)[A-Z_]*) *[:=] *(.*)$`)
	var names []string
	for _, file := range []string{"../../docker-compose.yml", "../../.env.example"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range secret.FindAllStringSubmatch(string(text), -1) {
			names = append(names, m[1])
			if required := regexp.MustCompile(`^\$\{[A-Z_]+:\?[^}]+\}$`); m[2] != "" && !required.MatchString(m[2]) {
				t.Errorf("%s: %s is %s", file, m[1], m[2])
			}
		}
		for _, m := range regexp.MustCompile(`password=(\S*)`).FindAllStringSubmatch(string(text), -1) {
			if !strings.HasPrefix(m[1], "${POSTGRES_PASSWORD:?") {
				t.Errorf("%s: the database's URL has the password %s", file, m[1])
			}
		}
	}
	for _, name := range []string{"POSTGRES_PASSWORD", "PREVIEW_JWT_SECRET", "GRAFANA_PASSWORD"} {
		if !slices.Contains(names, name) {
			t.Errorf("there is no %s", name)
		}
	}
}

// folder is what an operator has of the repository to run it.
type folder struct {
	t            *testing.T
	dir, program string
}

func newFolder(t *testing.T) folder {
	t.Helper()
	f := folder{t, t.TempDir(), cmp.Or(os.Getenv("COMPOSE"), "docker-compose")}
	if _, err := exec.LookPath(f.program); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	if err := os.CopyFS(filepath.Join(f.dir, "scripts/lib"), os.DirFS("../lib")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"docker-compose.yml", ".env.example", "scripts/env"} {
		text, err := os.ReadFile(filepath.Join("../..", name))
		if err == nil {
			err = os.WriteFile(filepath.Join(f.dir, name), text, 0o700) //nolint:gosec // one of them is a program
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return f
}

func (f folder) config(options ...string) (out, said string, err error) {
	f.t.Helper()
	cmd := exec.CommandContext(f.t.Context(), f.program, append(options, "config")...)
	cmd.Dir = f.dir
	// What the developer has set is none of the file's.
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	text, err := cmd.Output()
	return string(text), stderr.String(), err
}

// empty takes a setting's value away.
func (f folder) empty(name string) {
	f.t.Helper()
	path := filepath.Join(f.dir, ".env")
	text, err := os.ReadFile(path)
	if err == nil {
		changed := regexp.MustCompile(`(?m)^`+name+`=.*$`).ReplaceAll(text, []byte(name+"="))
		err = os.WriteFile(path, changed, 0o600)
	}
	if err != nil {
		f.t.Fatal(err)
	}
}
