package app_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"previewd/server/openapi"
)

var update = flag.Bool("update", false, "write what the commands of docs/api.md answer into it")

const apiExamples = "../../docs/api.md"

// TestAPIByExample runs every command of docs/api.md against a real server and compares the answers with those of the page.
func TestAPIByExample(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(apiExamples)
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, settings(t, 4, "PREVIEW_RATE_LAUNCH=10/h", "PREVIEW_RATE_STATUS=100/m", "PREVIEW_RATE_UPLOAD=60/m"))
	sh := newShell(t, s)
	parts := strings.Split(string(text), "```")
	for i := 1; i < len(parts); i += 2 { // between fences
		command, isShell := strings.CutPrefix(parts[i], "sh\n")
		if !isShell {
			continue
		}
		told := sh.run(command)
		if i+2 >= len(parts) || !strings.HasPrefix(parts[i+2], "http\n") {
			t.Errorf("a command without an answer:\n%s", command)
			continue
		}
		want := strings.TrimPrefix(parts[i+2], "http\n")
		if masked(want) == masked(told) {
			continue
		}
		parts[i+2] = "http\n" + told
		if !*update {
			t.Errorf("%s\nanswers:\n%s\nthe page says:\n%s\nmake docs", command, told, want)
		}
	}
	if *update {
		if err := os.WriteFile(apiExamples, []byte(strings.Join(parts, "```")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestEveryRouteHasAnExample compares the headings of docs/api.md with the document.
func TestEveryRouteHasAnExample(t *testing.T) {
	text, err := os.ReadFile(apiExamples)
	if err != nil {
		t.Fatal(err)
	}
	var shown []string
	for _, match := range regexp.MustCompile("(?m)^### `([A-Z]+ /[^`]*)`$").FindAllStringSubmatch(string(text), -1) {
		shown = append(shown, match[1])
	}
	d, err := openapi.New()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(d.JSON, &doc); err != nil {
		t.Fatal(err)
	}
	var described []string
	for path, item := range doc.Paths {
		for method := range item {
			if method != "parameters" {
				described = append(described, strings.ToUpper(method)+" "+path)
			}
		}
	}
	slices.Sort(shown)
	slices.Sort(described)
	if !slices.Equal(shown, described) {
		t.Errorf("docs/api.md shows\n%s\nthe document describes\n%s", strings.Join(shown, "\n"), strings.Join(described, "\n"))
	}
}

// shell runs commands one after the other, each with the variables that those before exported.
type shell struct {
	*testing.T
	dir string
	env []string
}

func newShell(t *testing.T, s *service) *shell {
	t.Helper()
	for _, tool := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	// What a reader sees is the answer's head and body; what curl says besides is for a terminal.
	if err := os.WriteFile(filepath.Join(dir, ".curlrc"), []byte("include\nsilent\nshow-error\nnoproxy = \"*\"\nmax-time = 120\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	user, admin := s.wire(t, "alice", false), s.wire(t, "root", true)
	return &shell{T: t, dir: dir, env: []string{
		"PATH=" + os.Getenv("PATH"), "CURL_HOME=" + dir, "HOME=" + dir,
		"PREVIEW_API=" + s.api, "PREVIEW_TOKEN=" + user.token, "PREVIEW_ADMIN_TOKEN=" + admin.token,
	}}
}

// run is what the last curl of the command answered, as the page shows it.
func (sh *shell) run(command string) string {
	sh.Helper()
	vars := filepath.Join(sh.dir, "vars")
	script := fmt.Sprintf("set -euo pipefail\n[ ! -e %[1]s ] || . %[1]s\n%[2]s\nexport -p >%[1]s\n", vars, command)
	run := exec.CommandContext(sh.Context(), "bash", "-c", script)
	run.Dir, run.Env = sh.dir, sh.env
	var complaint bytes.Buffer
	run.Stderr = &complaint
	out, err := run.Output()
	if err != nil {
		sh.Fatalf("%s\n%v: %s\n%s", command, err, complaint.String(), out)
	}
	return sh.polish(string(out))
}

// shownHeaders are those that a reader learns from.
var shownHeaders = []string{
	"Allow", "Content-Disposition", "Content-Type", "Etag", "Retry-After", "Www-Authenticate", "X-Ratelimit-Limit", "X-Ratelimit-Remaining", "X-Ratelimit-Reset",
}

// polish leaves out most headers and indents JSON.
func (sh *shell) polish(answer string) string {
	sh.Helper()
	head, body, _ := strings.Cut(strings.ReplaceAll(answer, "\r\n", "\n"), "\n\n")
	lines := strings.Split(head, "\n")
	shown := []string{lines[0]}
	isJSON := false
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ": ")
		if slices.Contains(shownHeaders, http.CanonicalHeaderKey(name)) {
			shown = append(shown, line)
		}
		isJSON = isJSON || strings.EqualFold(name, "Content-Type") && (value == "application/json" || value == "application/problem+json")
	}
	if isJSON && strings.TrimSpace(body) != "" {
		var indented bytes.Buffer
		if err := json.Indent(&indented, []byte(strings.TrimSpace(body)), "", "  "); err != nil {
			sh.Fatalf("%v: %s", err, body)
		}
		body = indented.String()
	}
	text := strings.Join(shown, "\n") + "\n"
	if body = strings.TrimSpace(body); body != "" {
		text += "\n" + body + "\n"
	}
	text = regexp.MustCompile(`p[0-9a-f]{32}\.preview\.localhost:\d+`).ReplaceAllString(text, "p0c1d2e3f4a5b6c7d8e9f00112233445.preview.localhost:8080")
	text = regexp.MustCompile(`127\.0\.0\.1:\d+`).ReplaceAllString(text, "127.0.0.1:3001")
	return regexp.MustCompile(`"port": [1-9]\d*`).ReplaceAllString(text, `"port": 3001`)
}

// masks are what differs from run to run.
var masks = []struct{ pattern, mask string }{
	{`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`, "TIME"},
	{`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`, "UUID"},
	{`sess_[A-Za-z0-9_-]{43}`, "SESSION"},
	{`share_[A-Za-z0-9_-]+`, "SHARE"},
	{`("request_id": )"[0-9a-f]{32}"`, "${1}ID"},
	{`((?i)etag: )"[0-9a-f]+"`, "${1}TAG"},
	{`(?i)(x-ratelimit-(remaining|reset)|retry-after): \d+`, "${1}: N"},
	{`("next_cursor": )"[^"]*"`, "${1}CURSOR"},
	{`("(seq|first_seq|last_seq)": ?|(?m:^)id: )\d+`, "${1}N"},
	{`("(uptime_seconds|memory_usage_mb|cpu_usage_percent|elapsed_ms|duration_ms|queued|fetching|detecting|installing|creating|booting|total)": )[\d.]+`, "${1}N"},
	{`"cached": (true|false)`, `"cached": BOOL`},
	{`"health": "(unknown|healthy)"`, `"health": ANY`},
	{`docker [^"]*`, "ENGINE"},
	{`("firewall": \{)[^}]*\}`, "${1}}"},
	{`(filename=")[^"]*"`, `${1}NAME"`},
	{`Node\.js v[\d.]+`, "NODE"},
	{`(?m)^(Date|date|Expires): .*$`, "DATE"},
	{`"date": "[^"]*"`, `"date": DATE`},
}

func masked(text string) string {
	for _, m := range masks {
		text = regexp.MustCompile(m.pattern).ReplaceAllString(text, m.mask)
	}
	return text
}
