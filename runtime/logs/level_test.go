package logs

import (
	"strings"
	"testing"

	"previewd/runtime/preview"
)

func TestLevels(t *testing.T) {
	for text, want := range map[string]preview.Level{
		"hello": preview.Info,
		"":      preview.Info,
		"INFO:     Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)": preview.Info,
		"ERROR:    Exception in ASGI application":                                 preview.Error,
		"\x1b[33mWARNING\x1b[0m:  StatReload detected changes":                    preview.Warning,
		"WARNING:root:disk is filling":                                            preview.Warning,
		"CRITICAL:app:no database":                                                preview.Error,
		"2026-01-02 03:04:05,678 - my.app - ERROR - it broke":                     preview.Error,
		"2026-01-02 03:04:05,678 DEBUG my.app it works":                           preview.Debug,
		"[2026-01-02 03:04:05 +0000] [7] [INFO] Starting gunicorn 23.0.0":         preview.Info,
		"[2026-01-02 03:04:05 +0000] [7] [ERROR] Worker failed to boot.":          preview.Error,
		"2026/01/02 03:04:05 ERROR it broke err=EOF":                              preview.Error,
		"2026/01/02 03:04:05 listening on :8080":                                  preview.Info,
		`time=2026-01-02T03:04:05.000Z level=WARN msg="slow"`:                     preview.Warning,
		`time="2026-01-02T03:04:05Z" level=error msg="it broke"`:                  preview.Error,
		"ERRO[0000] it broke":                                                     preview.Error,
		"INFO[0000] started":                                                      preview.Info,
		"2026-01-02T03:04:05.678Z\tERROR\tapp/main.go:12\tit broke":               preview.Error,
		"E0102 03:04:05.678901       1 main.go:12] it broke":                      preview.Error,
		"I0102 03:04:05.678901       1 main.go:12] ERROR is in the text":          preview.Info,
		`{"level":"error","msg":"it broke"}`:                                      preview.Error,
		`{"time":"x","level":"DEBUG","msg":"m"}`:                                  preview.Debug,
		`{"level":50,"time":1,"msg":"pino"}`:                                      preview.Error,
		`{"level":40,"msg":"pino"}`:                                               preview.Warning,
		`{"level":30,"msg":"pino"}`:                                               preview.Info,
		`{"level":10,"msg":"pino"}`:                                               preview.Debug,
		`{"severity":"WARNING","message":"gcp"}`:                                  preview.Warning,
		`{"levelname":"CRITICAL"}`:                                                preview.Error,
		`{"level":"odd","message":"x"}`:                                           preview.Info,
		`{"level":"error"`:                                                        preview.Info,
		"npm ERR! missing script: start":                                          preview.Error,
		"npm error code ENOENT":                                                   preview.Error,
		"npm warn deprecated inflight@1.0.6":                                      preview.Warning,
		"error: listen EADDRINUSE":                                                preview.Error,
		"warn: careful":                                                           preview.Warning,
		"[Nest] 12  - 01/02/2026, 3:04:05 AM   ERROR [ExceptionHandler] it broke": preview.Error,
		"[GIN-debug] [WARNING] Running in \"debug\" mode.":                        preview.Warning,
		"(node:12) ExperimentalWarning: stripping types":                          preview.Warning,
		"/app/main.py:3: DeprecationWarning: old":                                 preview.Warning,
		"Debug mode: off":                                                         preview.Info,
		" * Serving Flask app 'main'":                                             preview.Info,
		`127.0.0.1 - - [02/Jan/2026 03:04:05] "GET /ERROR HTTP/1.1" 200 -`:        preview.Info,
		"the word ERROR in a sentence":                                            preview.Info,
		"Errors are welcome":                                                      preview.Info,
		"info  - ready on 3000":                                                   preview.Info,
		"[ERROR] it broke":                                                        preview.Error,
		"Collecting fastapi (from -r requirements.txt)":                           preview.Info,
	} {
		if got := new(leveler).level(preview.Stderr, text); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}

func TestTracebacksAreErrors(t *testing.T) {
	for name, text := range map[string]string{
		"python": `. starting
E Traceback (most recent call last):
E   File "/app/main.py", line 3, in <module>
E     import nothing
E ModuleNotFoundError: No module named 'nothing'
. INFO after`,
		"python, indented": `E   + Exception Group Traceback (most recent call last):
E   |   File "/app/main.py", line 3, in <module>
E ExceptionGroup: two (2 sub-exceptions)
. plain`,
		"node": `. node:internal/modules/cjs/loader:1234
. 
E Error: Cannot find module 'nothing'
E     at Module._resolveFilename (node:internal/modules/cjs/loader:1232:15)
E     at Module._load (node:internal/modules/cjs/loader:1058:27) {
E   code: 'MODULE_NOT_FOUND',
E }
. 
. Node.js v24.0.0`,
		"go": `. listening
E panic: runtime error: index out of range [3] with length 0
E 
E goroutine 1 [running]:
E main.main()
E 	/app/main.go:9 +0x1d
E exit status 2
. and on`,
		"sqlalchemy": `E sqlalchemy.exc.OperationalError: (psycopg.OperationalError) refused
. (Background on this error at: https://sqlalche.me/e/20/e3q8)`,
	} {
		t.Run(name, func(t *testing.T) {
			var l leveler
			for line := range strings.SplitSeq(text, "\n") {
				want := preview.Info
				if line[0] == 'E' {
					want = preview.Error
				}
				if got := l.level(preview.Stderr, line[2:]); got != want {
					t.Errorf("%q is %s, want %s", line[2:], got, want)
				}
			}
		})
	}
	if got := new(leveler).level(preview.Stdout, "ValueError: a sentence on stdout"); got != preview.Info {
		t.Errorf("an exception's name on stdout is %s", got)
	}
}
