package logs

import (
	"testing"

	"previewd/runtime/preview"
)

// What no program of the corpus writes.
func TestLevels(t *testing.T) {
	for text, want := range map[string]preview.Level{
		"hello": preview.Info,
		"":      preview.Info,
		"2026/01/02 03:04:05 ERROR it broke err=EOF":                     preview.Error,
		"2026/01/02 03:04:05 listening on :8080":                         preview.Info,
		"E0102 03:04:05.678901       1 main.go:12] it broke":             preview.Error,
		"W0102 03:04:05.678901       1 main.go:12] it creaks":            preview.Warning,
		"I0102 03:04:05.678901       1 main.go:12] ERROR is in the text": preview.Info,
		`{"severity":"WARNING","message":"gcp"}`:                         preview.Warning,
		`{"levelname":"CRITICAL"}`:                                       preview.Error,
		`{"level":"odd","message":"x"}`:                                  preview.Info,
		`{"level":"error"`:                                               preview.Info,
		`{"level":3}`:                                                    preview.Error,
		`{"level":4}`:                                                    preview.Warning,
		`{"level":6}`:                                                    preview.Info,
		`{"level":7}`:                                                    preview.Debug,
		`{"level":-4}`:                                                   preview.Info,
		`{"level":null,"severity":"error"}`:                              preview.Error,
		`{"err":{"level":"error"},"level":"info"}`:                       preview.Info,
		`{"level":"info","level":"error"}`:                               preview.Info,
		`{"level" "error"}`:                                              preview.Info,
		`{]}`:                                                            preview.Info,
		`{"a":1,]}`:                                                      preview.Info,
		"npm ERR! missing script: start":                                 preview.Error,
		"npm error code ENOENT":                                          preview.Error,
		"npm warn deprecated inflight@1.0.6":                             preview.Warning,
		"npm notice":                                                     preview.Info,
		"error: listen EADDRINUSE":                                       preview.Error,
		"warn: careful":                                                  preview.Warning,
		"ERROR":                                                          preview.Error,
		"error":                                                          preview.Info,
		"[Nest] 12  - 01/02/2026, 3:04:05 AM   ERROR [ExceptionHandler] it broke": preview.Error,
		"(node:12) ExperimentalWarning: stripping types":                          preview.Warning,
		"/app/main.py:3: DeprecationWarning: old":                                 preview.Warning,
		"no Warning: here":                                     preview.Warning,
		"noWarning : here":                                     preview.Info,
		"Debug mode: off":                                      preview.Info,
		" * Serving Flask app 'main'":                          preview.Info,
		"the word ERROR in a sentence":                         preview.Info,
		"Errors are welcome":                                   preview.Info,
		"Error handling is on":                                 preview.Info,
		"info  - ready on 3000":                                preview.Info,
		"warn  - careful":                                      preview.Warning,
		"[ERROR] it broke":                                     preview.Error,
		"[error] 7#7: *1 open() failed":                        preview.Error,
		"(warn) careful":                                       preview.Warning,
		"[info is not closed":                                  preview.Info,
		"✘ [ERROR] Could not resolve \"x\"":                    preview.Error,
		"▲ [WARNING] careful":                                  preview.Warning,
		" ⨯ TypeError: no answer":                              preview.Error,
		" ⚠ Fast Refresh had to perform a full reload":         preview.Warning,
		" ✓ Ready in 1s":                                       preview.Info,
		"src/a.ts(1,7): error TS2322: Type":                    preview.Error,
		"./main.go:9:2: undefined: x":                          preview.Error,
		"main.go:9: said":                                      preview.Info,
		"main.go: said: so":                                    preview.Info,
		"sh: 1: nodemon: not found":                            preview.Error,
		"Bad Request: /":                                       preview.Warning,
		"[02/Jan/2026 03:04:05] said":                          preview.Info,
		`[x] "no request" 500`:                                 preview.Info,
		"[vite] it says error":                                 preview.Info,
		"[vite] (client) warning: x":                           preview.Warning,
		"FATAL ERROR: Reached heap limit Allocation failed":    preview.Error,
		"lvl=eror sublevel=error level=\"error\"":              preview.Error,
		"sublevel=error":                                       preview.Info,
		"app.jobs:12 ERROR it broke":                           preview.Error,
		"http://localhost:3000":                                preview.Info,
		"Collecting fastapi (from -r requirements.txt)":        preview.Info,
		"\x1b[33mWARNING\x1b[0m:  StatReload detected changes": preview.Warning,
	} {
		if got, _ := new(tracker).read(preview.Stdout, text); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}

func BenchmarkLevel(b *testing.B) {
	lines := []string{
		"plain words of an app that says what it does",
		"INFO:     127.0.0.1:59650 - \"GET / HTTP/1.1\" 200 OK",
		"2026-01-02 03:04:05,678 - my.app - INFO - something happened to somebody",
		`{"level":30,"time":1795547152123,"pid":1,"hostname":"8cf47db77539","reqId":"req-1","msg":"something"}`,
		`time="2026-11-24T19:06:09Z" level=info msg=something`,
		"    at Module._compile (node:internal/modules/cjs/loader:1872:14)",
	}
	var t tracker
	for i := range b.N {
		t.read(preview.Stdout, lines[i%len(lines)])
	}
}
