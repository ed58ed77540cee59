package explain_test

import (
	"strings"
	"testing"

	"previewd/runtime/explain"
	"previewd/runtime/preview"
)

func said(text string) []preview.LogLine {
	var lines []preview.LogLine
	for l := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		lines = append(lines, preview.LogLine{Source: preview.Subprocess, Message: l})
	}
	return lines
}

func TestExit(t *testing.T) {
	tests := []struct {
		name    string
		ending  explain.Ending
		code    preview.Code
		message string
		hint    string
	}{
		{"oom by the engine's flag", explain.Ending{ExitCode: 1, OOMKilled: true, MemoryLimit: 128 << 20}, preview.OutOfMemory, "more than its 128 MB", "memory_mb"},
		{"137 alone is no oom", explain.Ending{ExitCode: 137, Signal: "killed"}, preview.AppExited, "ended by signal killed", ""},
		{"exits 0", explain.Ending{Command: "python main.py"}, preview.AppExited, "ended by itself with exit code 0", "`python main.py` must start a server"},
		{"exits 3", explain.Ending{ExitCode: 3, Lines: said("starting\nValueError: bad port")}, preview.AppExited, "exit code 3 before it served anything. It said: ValueError: bad port", ""},
		{"crash while running", explain.Ending{ExitCode: 1, WasUp: true}, preview.AppExited, "was running and then ended with exit code 1", ""},
		{"preparation", explain.Ending{ExitCode: 2, Prepare: "python manage.py migrate"}, preview.AppExited, "`python manage.py migrate` failed with exit code 2", ""},
		{
			"environ KeyError",
			explain.Ending{ExitCode: 1, Lines: said("  File \"/app/main.py\", line 3, in <module>\n    key = os.environ[\"API_KEY\"]\nKeyError: 'API_KEY'")},
			preview.MissingEnv, "environment variable API_KEY", `"API_KEY"`,
		},
		{"node env", explain.Ending{ExitCode: 1, Lines: said("Error: Missing required environment variable: DATABASE_URL")}, preview.MissingEnv, "DATABASE_URL", `"env": {"DATABASE_URL": "…"}, by hand with --env DATABASE_URL=…`},
		{"go env", explain.Ending{ExitCode: 1, Lines: said("2026/01/01 10:00:00 STRIPE_KEY is not set")}, preview.MissingEnv, "STRIPE_KEY", ""},
		{"env must be set", explain.Ending{ExitCode: 1, Lines: said("environment variable SECRET must be set")}, preview.MissingEnv, "SECRET", ""},
		{"pydantic settings", explain.Ending{ExitCode: 1, Lines: said("pydantic_core.ValidationError: 1 validation error for Settings\nopenai_key\n  Field required [type=missing]")}, preview.MissingEnv, "openai_key", ""},
		{"python module", explain.Ending{ExitCode: 1, Lines: said("ModuleNotFoundError: No module named 'redis'")}, preview.AppExited, "module redis is imported but not installed", "requirements.txt"},
		{"node module", explain.Ending{ExitCode: 1, Lines: said("Error: Cannot find module 'left-pad'\nRequire stack:")}, preview.AppExited, "module left-pad", "package.json"},
		{"esm package", explain.Ending{ExitCode: 1, Lines: said("Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'hono' imported from /app/x.mjs")}, preview.AppExited, "module hono", ""},
		{"command", explain.Ending{ExitCode: 127, Lines: said("sh: 1: vite: not found")}, preview.AppExited, "uses vite, which is not installed", ""},
		{"python syntax", explain.Ending{ExitCode: 1, Lines: said("  File \"/app/main.py\", line 4\n    def x(:\n          ^\nSyntaxError: invalid syntax")}, preview.AppExited, "main.py line 4 does not compile: SyntaxError: invalid syntax", ""},
		{"node syntax", explain.Ending{ExitCode: 1, Lines: said("/app/index.js:2\nconst x = ;\n          ^\n\nSyntaxError: Unexpected token ';'")}, preview.AppExited, "index.js line 2 does not compile", ""},
		{"go compile", explain.Ending{ExitCode: 1, Prepare: "go build", Lines: said("# x\n./main.go:5:2: undefined: foo")}, preview.AppExited, "main.go line 5 does not compile: undefined: foo", ""},
		{"own port twice", explain.Ending{ExitCode: 1, Lines: said("Error: listen EADDRINUSE: address already in use :::3000")}, preview.AppExited, "already open inside", ""},
		{"disk", explain.Ending{ExitCode: 1, Lines: said("OSError: [Errno 28] No space left on device")}, preview.DiskFull, "more to its disk", ""},
		{"write outside", explain.Ending{ExitCode: 1, Lines: said("PermissionError: [Errno 13] Permission denied: '/etc/x.conf'")}, preview.AppExited, "not allowed to use /etc/x.conf", "/tmp"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := explain.Exit(tt.ending)
			if r.Code != tt.code || !strings.Contains(r.Message, tt.message) || !strings.Contains(r.Hint, tt.hint) {
				t.Errorf("Exit = %s %q hint %q\nwant %s …%q… hint …%q…", r.Code, r.Message, r.Hint, tt.code, tt.message, tt.hint)
			}
			if r.Hint == "" || r.ExitCode == nil || *r.ExitCode != tt.ending.ExitCode {
				t.Errorf("hint %q, exit code %v: both must be there", r.Hint, r.ExitCode)
			}
		})
	}
}

func TestEvidenceIsTheAppsOwnLastLines(t *testing.T) {
	var lines []preview.LogLine
	for range 40 {
		lines = append(lines, preview.LogLine{Source: preview.Subprocess, Message: "line"}, preview.LogLine{Source: preview.System, Message: "phase"})
	}
	lines = append(lines, preview.LogLine{Source: preview.Subprocess, Message: "last"})
	got := explain.Exit(explain.Ending{ExitCode: 1, Lines: lines}).Evidence.LastLines
	if len(got) != 20 || got[19] != "last" || got[0] != "line" {
		t.Errorf("last lines = %q", got)
	}
}

func TestTimeout(t *testing.T) {
	quiet := explain.Timeout(explain.Ending{TimeoutSeconds: 30})
	if quiet.Code != preview.StartupTimeout || !strings.Contains(quiet.Message, "opened no port within 30 seconds") {
		t.Errorf("no port: %s %q", quiet.Code, quiet.Message)
	}
	deaf := explain.Timeout(explain.Ending{TimeoutSeconds: 5, Listening: []string{"127.0.0.1:5432"}})
	if !strings.Contains(deaf.Message, "listens on 127.0.0.1:5432 but gave no HTTP answer") {
		t.Errorf("no answer: %q", deaf.Message)
	}
}

func TestLongWordsAreCut(t *testing.T) {
	r := explain.Exit(explain.Ending{ExitCode: 1, Lines: said("Error: " + strings.Repeat("ä", 5000))})
	if len([]rune(r.Message)) > 400 {
		t.Errorf("message of %d characters", len(r.Message))
	}
}
