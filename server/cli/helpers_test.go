package cli

import (
	"bytes"
	"context"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"previewd/runtime/preview"
)

var update = flag.Bool("update", false, "write the golden files anew")

// result is what a command left behind.
type result struct {
	code           int
	stdout, stderr string
}

// safeBuffer may be read while a command still writes to it.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// run runs one command against api, with a data folder of its own.
func run(t *testing.T, api string, args ...string) result {
	t.Helper()
	return runWith(t, t.Context(), Deps{Environ: environOf(t, api)}, args...)
}

func environOf(t *testing.T, api string, more ...string) []string {
	t.Helper()
	return append([]string{"PREVIEW_API=" + api, "PREVIEW_DATA_DIR=" + t.TempDir()}, more...)
}

func runWith(t *testing.T, ctx context.Context, d Deps, args ...string) result {
	t.Helper()
	var stdout, stderr safeBuffer
	d = quick(d)
	d.Stdout, d.Stderr = &stdout, &stderr
	code := Run(ctx, d, args)
	return result{code, stdout.String(), stderr.String()}
}

func quick(d Deps) Deps {
	d.Poll = 2 * time.Millisecond
	if d.Patience == 0 {
		d.Patience = time.Second
	}
	return d
}

// folder makes a project's folder with files from path to content.
func folder(t *testing.T, name string, files map[string]string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), name)
	for path, content := range files {
		full := filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func hello(t *testing.T) string {
	t.Helper()
	return folder(t, "Hello App", map[string]string{"main.py": "print('hi')\n", ".gitignore": "*.secret\n", "a.secret": "x"})
}

// golden compares text with a file below testdata. What differs from run to run has been replaced.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

var changing = []struct {
	pattern *regexp.Regexp
	word    string
}{
	{regexp.MustCompile(`http://127\.0\.0\.1:[0-9]{5}`), "http://API"},
	{regexp.MustCompile(`eyJ[\w.-]+`), "TOKEN"},
	{regexp.MustCompile(`hello-app-[0-9a-f]{8}`), "hello-app-HASH"},
}

func stable(s string) string {
	for _, c := range changing {
		s = c.pattern.ReplaceAllString(s, c.word)
	}
	return s
}

func wantCode(t *testing.T, r result, code int) {
	t.Helper()
	if r.code != code {
		t.Fatalf("exit code %d, want %d\nstdout: %s\nstderr: %s", r.code, code, r.stdout, r.stderr)
	}
}

func wantText(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in:\n%s", part, text)
		}
	}
}

// eventually waits for a condition that another goroutine brings about.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	deadline := time.After(10 * time.Second)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !condition() {
		select {
		case <-deadline:
			t.Fatal("waited in vain for " + what)
		case <-tick.C:
		}
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// lines makes a log, its first line being the system's.
func lines(messages ...string) []preview.LogLine {
	var log []preview.LogLine
	for i, m := range messages {
		l := preview.LogLine{
			Seq: int64(i + 1), Timestamp: fakeTime.Add(time.Duration(i) * time.Second), Level: preview.Info,
			Message: m, Source: preview.Subprocess, Stream: preview.Stdout,
		}
		if i == 0 {
			l.Source, l.Stream = preview.System, ""
		}
		log = append(log, l)
	}
	return log
}

var took = map[string]int64{"queued": 1, "fetching": 12, "detecting": 3, "installing": 4210, "creating": 150, "booting": 730, "total": 5106}

// starting is a launch in its phase p, with the times of the phases before.
func starting(p preview.Phase) map[string]any {
	timings := map[string]int64{}
	for _, done := range preview.Phases() {
		if done == p {
			break
		}
		timings[string(done)] = took[string(done)]
	}
	return map[string]any{"status": "starting", "phase": p, "timings": timings}
}

var (
	runs  = map[string]any{"status": "running", "timings": took}
	stops = map[string]any{"status": "stopped", "reason": "EXPIRED", "message": "It reached its maximum uptime."}
	fails = map[string]any{
		"status": "failed", "reason": "APP_EXITED", "message": "The app exited with code 1.", "hint": "See the last lines.", "exit_code": 1,
	}
)

// TestMain makes the times that people are shown the same everywhere.
func TestMain(m *testing.M) {
	time.Local = time.UTC
	os.Exit(m.Run())
}
