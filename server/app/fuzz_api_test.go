package app_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// fuzzSeed and the runs' seconds are defaults: PREVIEW_FUZZ_SEED makes another run, and PREVIEW_FUZZ_FACTOR a longer one.
const fuzzSeed = "20261105"

// fuzzRuns are the tool's phases and the seconds they get. Left to itself it spends all the time on the first ones.
var fuzzRuns = []struct {
	phases  string
	seconds int
}{{"examples,coverage,fuzzing", 45}, {"stateful", 20}}

// fuzzConfig tells the tool what the document cannot say. The stream and the request route get a preview that suits them,
// deletions one that nobody else needs. Cursors, files, an app's paths and two parameters
// that exclude each other can be well-formed and refused all the same.
const fuzzConfig = `
generation.allow-extra-parameters = false # the server ignores what it does not know

[checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx", "503", "504"]

[[operations]]
include-operation-id = "requestPreview"
headers = { "X-Preview-Token" = "%s" }
parameters = { "generation_id" = "app" }

[[operations]]
include-operation-id = "extendPreview"
parameters = { "generation_id" = "app" }

[[operations]]
include-operation-id = "streamLogs"
parameters = { "generation_id" = "ended" }

[[operations]]
include-operation-id-regex = "^(deleteGeneration|stopPreview)$"
parameters = { "generation_id" = "notes-42" }

[[operations]]
include-operation-id-regex = "^(listGenerations|listPreviews|listLogs|streamLogs|listWebhookEvents|putGeneration|requestPreview|launchPreview)$"
checks.positive_data_acceptance.expected-statuses = ["2xx", "400", "401", "403", "404", "409", "413", "429", "5xx"]
`

// TestFuzzedFromItsDocument lets schemathesis read /openapi.json and send what it makes of it to a real server: no 5xx but
// the documented 503 and 504, nothing that is not as described, nothing accepted that the document forbids. Launches are few,
// because they are limited, and end with the server.
func TestFuzzedFromItsDocument(t *testing.T) {
	tool := schemathesis(t)
	t.Parallel()
	s := start(t, settings(t, 6, "PREVIEW_MAX_PER_USER=4", "PREVIEW_RATE_LAUNCH=40/h", "PREVIEW_RATE_STATUS=0", "PREVIEW_RATE_REQUEST=0",
		"PREVIEW_RATE_ENDPOINTS=0", "PREVIEW_RATE_UPLOAD=0", "PREVIEW_LOG_LEVEL=error"))
	admin := s.wire(t, "fuzzer", true)
	admin.put("app", page)
	session := admin.want(admin.post("app/preview/launch", `{"project_id":"p","wait":true}`), 201).text("session_token")
	admin.put("ended", map[string]string{"notes.txt": "nothing to run"})
	admin.want(admin.post("ended/preview/launch", `{"project_id":"p","wait":true}`), 201)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "schemathesis.toml"), fmt.Appendf(nil, fuzzConfig, session), 0o600); err != nil {
		t.Fatal(err)
	}
	factor, _ := strconv.Atoi(os.Getenv("PREVIEW_FUZZ_FACTOR"))
	for _, run := range fuzzRuns {
		seconds := run.seconds * max(factor, 1)
		out, err := fuzz(t, dir, time.Duration(seconds)*time.Second, tool, "run", s.api+"/openapi.json",
			"--header", "Authorization: Bearer "+admin.token, "--checks", "all", "--phases", run.phases, "--max-time", strconv.Itoa(seconds),
			"--seed", cmp.Or(os.Getenv("PREVIEW_FUZZ_SEED"), fuzzSeed), "--request-timeout", "40", "--no-color")
		if err != nil {
			t.Errorf("schemathesis, %s: %v\n%s", run.phases, err, out)
		}
		_, report, _ := strings.Cut(out, "Test cases:")
		t.Logf("schemathesis, %s:%s", run.phases, report)
	}
	admin.want(admin.get("/readyz"), 200)
}

// fuzz runs the tool to its end, which it should come to by itself.
func fuzz(t *testing.T, dir string, within time.Duration, command ...string) (out string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within+2*time.Minute)
	defer cancel()
	run := exec.CommandContext(ctx, command[0], command[1:]...)
	run.Dir = dir
	run.Env = append(os.Environ(), "NO_PROXY=127.0.0.1")
	text, err := run.CombinedOutput()
	return string(text), err
}

// schemathesis is the tool's path. Where it is missing, CI fails.
func schemathesis(t *testing.T) string {
	t.Helper()
	if path, err := exec.LookPath("schemathesis"); err == nil {
		return path
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(cache, "previewd", "tools", "schemathesis", "bin", "schemathesis")
	if _, err := os.Stat(path); err == nil {
		return path
	}
	if os.Getenv("CI") != "" {
		t.Fatal("schemathesis is not installed: scripts/setup --dev")
	}
	t.Skip("schemathesis is not installed: scripts/setup --dev")
	return ""
}
