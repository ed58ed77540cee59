package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/server/built"
	"previewd/server/client"
)

func TestHelp(t *testing.T) {
	r := run(t, "", "--help")
	wantCode(t, r, ExitOK)
	golden(t, "help.txt", r.stdout)
	if bare := run(t, ""); bare.stdout != r.stdout {
		t.Errorf("without a command it shows\n%s%s", bare.stdout, bare.stderr)
	}
}

func TestGolden(t *testing.T) {
	f := newFakeAPI(t)
	f.add("shop-1", lines("system says", "app \x1b[31msays\x1b[0m", "third"), runs)
	f.add("shop-2", nil, fails)
	f.add("blog-1", nil, starting(preview.Installing))
	f.add("evil", lines("", "\x1b]0;title\x07\x1b[2Jgone\u202e"), map[string]any{"status": "failed", "reason": "APP_EXITED", "message": "a\x1b[2Jb\nc"})
	for name, args := range map[string][]string{
		"ls-all.json":        {"ls", "-a", "--json"},
		"status-running.txt": {"status", "shop-1"},
		"status-failed.txt":  {"status", "shop-2"},
		"status-evil.txt":    {"status", "evil"},
		"status-phase.txt":   {"status", "blog"},
		"logs.json":          {"logs", "shop-1", "--json"},
		"extend.json":        {"extend", "shop-1", "--for", "90s", "--json"},
		"share.json":         {"share", "shop-1", "--for", "90s", "--json"},
		"share-revoke.json":  {"share", "shop-1", "--revoke", "--json"},
		"stop.txt":           {"stop", "shop-2"},
		"stop.json":          {"stop", "blog", "--json"},
	} {
		t.Run(name, func(t *testing.T) {
			r := run(t, f.server.URL, args...)
			wantCode(t, r, ExitOK)
			golden(t, name, stable(r.stdout))
		})
	}
}

func TestExtend(t *testing.T) {
	f := newFakeAPI(t)
	f.add("shop-1", nil, runs)
	f.add("gone", nil, stops)
	for _, tt := range []struct {
		args []string
		want time.Duration
	}{{nil, 30 * time.Minute}, {[]string{"--for", "2h"}, 2 * time.Hour}, {[]string{"--for", "1ms"}, time.Second}} {
		r := run(t, f.server.URL, append([]string{"extend", "shop"}, tt.args...)...)
		wantCode(t, r, ExitOK)
		if want := "shop-1 lives until " + fakeTime.Add(tt.want).Local().Format(time.DateTime) + "\n"; r.stdout != want {
			t.Errorf("%q, want %q", r.stdout, want)
		}
	}
	r := run(t, f.server.URL, "extend", "gone")
	wantCode(t, r, ExitFailure)
	wantText(t, r.stderr, "PREVIEW_NOT_RUNNING")
	wantCode(t, run(t, f.server.URL, "extend", "shop", "--for", "-1s"), ExitUsage)
	wantCode(t, run(t, f.server.URL, "extend"), ExitUsage)
	wantCode(t, run(t, f.server.URL, "extend", "nothing"), ExitNotFound)
}

func TestShare(t *testing.T) {
	f := newFakeAPI(t)
	f.add("shop-1", nil, runs)
	f.add("gone", nil, stops)
	for _, tt := range []struct {
		args []string
		want time.Duration
	}{{nil, time.Hour}, {[]string{"--for", "15m"}, 15 * time.Minute}} {
		r := run(t, f.server.URL, append([]string{"share", "shop"}, tt.args...)...)
		wantCode(t, r, ExitOK)
		if r.stdout != "http://p1.preview.localhost:8080/?__previewd_token=share_x\n" {
			t.Errorf("%q", r.stdout)
		}
		wantText(t, r.stderr, "opens shop-1 until "+fakeTime.Add(tt.want).Local().Format(time.DateTime))
	}
	r := run(t, f.server.URL, "share", "shop", "--revoke")
	wantCode(t, r, ExitOK)
	if r.stdout != "no link opens shop-1 any more\n" || f.revoked["shop-1"] != 1 {
		t.Errorf("%q, %v", r.stdout, f.revoked)
	}
	wantCode(t, run(t, f.server.URL, "share", "shop", "--revoke", "--for", "1m"), ExitUsage)
	wantCode(t, run(t, f.server.URL, "share", "nothing", "--revoke"), ExitNotFound)
	wantCode(t, run(t, f.server.URL, "share", "gone"), ExitFailure)
	wantCode(t, run(t, f.server.URL, "share", "shop", "--for", "-1s"), ExitUsage)
	r = run(t, f.server.URL, "share", "shop", "--for", "25h")
	wantCode(t, r, ExitUsage)
	wantText(t, r.stderr, "--for 25h0m0s", "at most 24h")
	wantCode(t, run(t, f.server.URL, "share", "nothing"), ExitNotFound)
}

func TestListOfNothing(t *testing.T) {
	f := newFakeAPI(t)
	for _, says := range []string{"no previews yet; `previewd up DIR` launches one\n", "no preview runs; --all lists those that have ended\n"} {
		r := run(t, f.server.URL, "ls")
		wantCode(t, r, ExitOK)
		if r.stdout != "" || r.stderr != says {
			t.Errorf("got %q and %q, want %q", r.stdout, r.stderr, says)
		}
		if r := run(t, f.server.URL, "ls", "--json"); r.stdout != `{"previews":[]}`+"\n" || r.stderr != "" {
			t.Errorf("for programs: %q and %q", r.stdout, r.stderr)
		}
		f.add("c", nil, fails)
	}
}

func TestList(t *testing.T) {
	f := newFakeAPI(t)
	now := time.Now()
	f.add("b", nil, map[string]any{"status": "running", "created_at": now.Add(-90 * time.Minute)})
	f.add("a", nil, map[string]any{"status": "starting", "phase": "booting", "created_at": now.Add(-30 * time.Second), "framework": ""})
	f.add("c", nil, map[string]any{"status": "failed", "reason": "OUT_OF_MEMORY", "created_at": now.Add(-72 * time.Hour)})
	r := run(t, f.server.URL, "ls")
	wantCode(t, r, ExitOK)
	wantText(t, r.stdout, "a           starting (booting)  -          http://127.0.0.1:3001  30s\n", "b           running             fastapi    http://127.0.0.1:3001  1h\n")
	if strings.Contains(r.stdout, "OUT_OF_MEMORY") {
		t.Error("lists ended previews unasked")
	}
	r = run(t, f.server.URL, "ls", "--all")
	wantText(t, r.stdout, "failed (OUT_OF_MEMORY)", "  -                      3d\n")
}

func TestPrefixes(t *testing.T) {
	f := newFakeAPI(t)
	f.add("shop", nil, runs)
	f.add("shop-2", nil, runs)
	f.add("shop-3", nil, runs)
	for arg, want := range map[string]int{"shop": ExitOK, "shop-2": ExitOK, "shop-": ExitUsage, "sho": ExitUsage, "x": ExitNotFound, "..": ExitUsage, "a/b": ExitUsage} {
		t.Run(arg, func(t *testing.T) {
			r := run(t, f.server.URL, "stop", arg)
			wantCode(t, r, want)
			if strings.HasPrefix(arg, "sho") && want == ExitUsage {
				wantText(t, r.stderr, "it could be shop")
			}
		})
	}
	if got := fmt.Sprint(f.stops); len(f.stops) != 2 {
		t.Errorf("stopped %s", got)
	}
}

func TestExitCodes(t *testing.T) {
	f := newFakeAPI(t)
	f.tokens["Bearer good"] = true
	for name, tt := range map[string]struct {
		environ []string
		args    []string
		code    int
		says    string
	}{
		"no server":       {nil, []string{"ls", "--api", "http://127.0.0.1:1"}, ExitUnreachable, "previewd serve"},
		"no token":        {nil, []string{"ls"}, ExitUnauthorized, "previewd token"},
		"wrong token":     {[]string{"PREVIEW_TOKEN=bad"}, []string{"ls"}, ExitUnauthorized, "INVALID_TOKEN"},
		"right token":     {[]string{"PREVIEW_TOKEN=good"}, []string{"ls"}, ExitOK, ""},
		"not found":       {[]string{"PREVIEW_TOKEN=good"}, []string{"status", "x"}, ExitNotFound, "previewd ls"},
		"unknown command": {nil, []string{"lss"}, ExitUsage, "did you mean ls or logs?"},
		"unknown flag":    {nil, []string{"ls", "--every"}, ExitUsage, "previewd ls --help"},
		"token twice":     {[]string{"PREVIEW_TOKEN=a", "PREVIEW_TOKEN_FILE=b"}, []string{"ls"}, ExitUsage, "both set"},
		"no token file":   {[]string{"PREVIEW_TOKEN_FILE=/no/such"}, []string{"ls"}, ExitFailure, "PREVIEW_TOKEN_FILE"},
		"bad setting":     {[]string{"PREVIEW_PORT_MIN=x"}, []string{"token"}, ExitUsage, "PREVIEW_PORT_MIN"},
		"ready":           {nil, []string{"ready", "--json"}, ExitOK, ""},
		"not ready":       {nil, []string{"ready", "--timeout", "20ms", "--api", "http://127.0.0.1:1"}, ExitUnreachable, "previewd serve"},
		"no such level":   {nil, []string{"logs", "x", "--level", "bad"}, ExitUsage, "debug, info, warning or error"},
		"no such source":  {nil, []string{"logs", "x", "--source", "app"}, ExitUsage, "subprocess or system"},
		"no expression":   {nil, []string{"logs", "x", "--grep", "("}, ExitUsage, "missing closing )"},
		"no time":         {nil, []string{"logs", "x", "--since", "yesterday"}, ExitUsage, "such as 10m"},
		"no action":       {nil, []string{"migrate"}, ExitUsage, "up, down or status"},
		"wrong action":    {nil, []string{"migrate", "sideways"}, ExitUsage, "up, down or status"},
		"no service":      {nil, []string{"serve"}, ExitFailure, "without the service"},
		"no service, dev": {nil, []string{"dev", "."}, ExitFailure, "without the service"},
		"no migrations":   {nil, []string{"migrate", "up"}, ExitFailure, "without the service"},
	} {
		t.Run(name, func(t *testing.T) {
			r := runWith(t, t.Context(), Deps{Environ: environOf(t, f.server.URL, tt.environ...)}, tt.args...)
			wantCode(t, r, tt.code)
			wantText(t, r.stderr, tt.says)
		})
	}
}

func TestWrongSettingsHaveALineEach(t *testing.T) {
	d := Deps{Environ: environOf(t, "", "PREVIEW_PORT_MIN=x", "PREVIEW_CPU_LIMIT=\x1b[2Jy")}
	r := runWith(t, t.Context(), d, "token")
	wantCode(t, r, ExitUsage)
	wantText(t, r.stderr, "previewd: configuration:\n", "\n  PREVIEW_PORT_MIN=x: ", "\n  PREVIEW_CPU_LIMIT=")
	if strings.Contains(r.stderr, "\x1b") {
		t.Errorf("%q", r.stderr)
	}
}

func TestErrorsAsJSON(t *testing.T) {
	f := newFakeAPI(t)
	for name, tt := range map[string]struct {
		args []string
		want string
	}{
		"of the API":          {[]string{"status", "x", "--json"}, `{"error":"There is no preview of this generation. (PREVIEW_NOT_FOUND)","hint":"` + "`previewd ls`" + ` lists what there is","error_code":"PREVIEW_NOT_FOUND","request_id":"r1","exit_code":4}`},
		"of the command line": {[]string{"ls", "--nope", "--json"}, `{"error":"unknown flag: --nope","hint":"see previewd ls --help","exit_code":2}`},
	} {
		t.Run(name, func(t *testing.T) {
			if r := run(t, f.server.URL, tt.args...); r.stderr != tt.want+"\n" {
				t.Errorf("got  %swant %s", r.stderr, tt.want)
			}
		})
	}
}

func TestAnothersIsNoMatterOfALostToken(t *testing.T) {
	hint := hintOf(&client.Problem{Status: http.StatusForbidden, ErrorCode: "PERMISSION_DENIED"})
	wantText(t, hint, "its user's token", "--id")
}

func TestVersion(t *testing.T) {
	d := Deps{Built: built.Info{Version: "v1.2.3", Revision: "0123abcd", Go: "go1.26.1"}, Environ: []string{}}
	wantText(t, runWith(t, t.Context(), d, "version").stdout, "previewd v1.2.3 (revision 0123abcd, go1.26.1, ")
	d.Built.Modified = true
	wantText(t, runWith(t, t.Context(), d, "version").stdout, "previewd v1.2.3 (revision 0123abcd, modified, go1.26.1, ")
	r := runWith(t, t.Context(), d, "version", "--json")
	var v versionInfo
	if err := json.Unmarshal([]byte(r.stdout), &v); err != nil || v.Version != "v1.2.3" || v.Revision != "0123abcd" || !v.Modified || v.OS == "" {
		t.Errorf("%+v, %v", v, err)
	}
	wantText(t, runWith(t, t.Context(), d, "--version").stdout, "previewd v1.2.3 (revision 0123abcd, ")
	d.Built.Revision = ""
	wantText(t, runWith(t, t.Context(), d, "version").stdout, "(revision unknown, ")
}
