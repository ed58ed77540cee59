package cli

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/server/client"
)

func TestUpFollowsToTheEnd(t *testing.T) {
	tests := map[string]struct {
		end  map[string]any
		code int
	}{
		"stopped": {stops, ExitOK},
		"failed":  {fails, ExitPreview},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFakeAPI(t)
			f.add("app", lines("installing dependencies"), starting(preview.Queued), starting(preview.Installing), starting(preview.Booting), runs, tt.end)
			r := run(t, f.server.URL, "up", hello(t), "--id", "app")
			wantCode(t, r, tt.code)
			wantText(t, r.stdout, "app  2 files, 21 B, python fastapi", "✓ installing   4.2 s", "✓ booting      0.7 s", "✓ running      after 5.1 s",
				"Preview http://127.0.0.1:3001", "installing dependencies", tt.end["reason"].(string), tt.end["message"].(string))
			if tt.code != ExitOK {
				wantText(t, r.stdout, "✗ failed", "See the last lines.")
			}
			if len(f.stops) != 0 {
				t.Error("stopped a preview that had ended")
			}
		})
	}
}

func TestUpThatNeverRuns(t *testing.T) {
	f := newFakeAPI(t)
	f.add("app", lines("x"), starting(preview.Installing), fails)
	r := run(t, f.server.URL, "up", hello(t), "--id", "app")
	wantCode(t, r, ExitPreview)
	if strings.Contains(r.stdout, "✓ installing") || strings.Contains(r.stdout, "running") {
		t.Errorf("claims success:\n%s", r.stdout)
	}
	if r.stderr != "" {
		t.Errorf("says it twice: %s", r.stderr)
	}
}

func TestUpSendsWhatWasAsked(t *testing.T) {
	f := newFakeAPI(t)
	g := f.add("app", nil, runs)
	d := Deps{Environ: environOf(t, f.server.URL, "SECRET=from me", "SECRET_OF_MINE=hunter2")}
	r := runWith(t, t.Context(), d, "up", hello(t), "--id=app", "--project=shop", "--detach", "--env=A=1=2", "-e", "SECRET", "-e", "EMPTY=", "--secret=TOKEN=x=y", "-s", "SECRET_OF_MINE",
		"--memory=256", "--timeout=7", "--command=python main.py")
	wantCode(t, r, ExitOK)
	got, _ := json.Marshal(g.launch)
	want := `{"command":"python main.py","env":{"A":"1=2","EMPTY":"","SECRET":"from me"},"memory_mb":256,"project_id":"shop","secret_env":{"SECRET_OF_MINE":"hunter2","TOKEN":"x=y"},"timeout":7}`
	if string(got) != want {
		t.Errorf("launch body\n got %s\nwant %s", got, want)
	}
	var paths []string
	for _, file := range g.tree.Files() {
		paths = append(paths, file.Path)
	}
	if got := strings.Join(paths, " "); got != ".gitignore main.py" {
		t.Errorf("packed %q", got)
	}
	if g.project != "shop" {
		t.Errorf("project %q", g.project)
	}
	if len(f.stops) != 0 {
		t.Error("--detach stopped the preview")
	}
}

func TestUpJSON(t *testing.T) {
	f := newFakeAPI(t)
	f.add("app", lines("one", "two"), starting(preview.Booting), runs, stops)
	r := run(t, f.server.URL, "up", hello(t), "--id", "app", "--json")
	wantCode(t, r, ExitOK)
	var events []string
	for line := range strings.Lines(r.stdout) {
		var e struct{ Event, Message, PreviewURL, SessionToken string }
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		if e.Event != "log" {
			events = append(events, e.Event)
		}
	}
	if got := strings.Join(events, " "); got != "uploaded phase phase phase phase phase phase running ended" {
		t.Errorf("events: %s", got)
	}
	wantText(t, r.stdout, `"preview_url":"http://127.0.0.1:3001"`, `"session_token":"sess_secret"`, `"event":"log","seq":2`, `"status":"stopped"`)
}

func TestUpInterrupted(t *testing.T) {
	for name, states := range map[string][]map[string]any{
		"while starting": {starting(preview.Installing)},
		"while running":  {runs},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFakeAPI(t)
			f.add("app", lines("first line"), states...)
			ctx, interrupt := context.WithCancel(t.Context())
			var stdout safeBuffer
			done := make(chan int)
			d := quick(Deps{Environ: environOf(t, f.server.URL), Stdout: &stdout, Stderr: &safeBuffer{}})
			go func() { done <- Run(ctx, d, []string{"up", hello(t), "--id", "app"}) }()
			eventually(t, "the log", func() bool { return strings.Contains(stdout.String(), "first line") })
			interrupt()
			if code := <-done; code != ExitOK {
				t.Errorf("exit code %d", code)
			}
			if len(f.stops) != 1 || f.stops[0] != "app" {
				t.Errorf("stopped %v", f.stops)
			}
			wantText(t, stdout.String(), "✓ stopped  USER")
		})
	}
}

func TestUpGoesOnAfterALostStream(t *testing.T) {
	f := newFakeAPI(t)
	f.cuts = 3
	f.add("app", lines("a1", "a2", "a3", "a4", "a5"), runs)
	ctx, interrupt := context.WithCancel(t.Context())
	var stdout safeBuffer
	done := make(chan int)
	d := quick(Deps{Environ: environOf(t, f.server.URL), Stdout: &stdout, Stderr: &safeBuffer{}})
	go func() { done <- Run(ctx, d, []string{"up", hello(t), "--id", "app"}) }()
	eventually(t, "the last line", func() bool { return strings.Contains(stdout.String(), "a5") })
	interrupt()
	<-done
	for _, line := range []string{"a1", "a2", "a3", "a4", "a5"} {
		if n := strings.Count(stdout.String(), line); n != 1 {
			t.Errorf("line %s came %d times", line, n)
		}
	}
}

func TestUpWaitsWhereItMayNotLookSoOften(t *testing.T) {
	f := newFakeAPI(t)
	f.busy = 3
	f.add("app", nil, fails)
	r := run(t, f.server.URL, "up", hello(t), "--id", "app")
	wantCode(t, r, ExitPreview)
	if f.busy != 0 {
		t.Error("gave up before it was let in")
	}
}

func TestLooksGetRarer(t *testing.T) {
	f := &follower{poll: time.Second}
	running := &state{Status: client.Status{Status: preview.Running}}
	for _, test := range []struct {
		s     *state
		looks int
		want  time.Duration
	}{{nil, 0, 1}, {&state{}, brisk - 1, 1}, {&state{}, brisk, 4}, {nil, brisk, 4}, {running, 0, 8}} {
		if got := f.pause(test.s, test.looks); got != test.want*time.Second {
			t.Errorf("%+v after %d looks: %v", test.s, test.looks, got)
		}
	}
}

func TestUpReplaced(t *testing.T) {
	f := newFakeAPI(t)
	f.add("app", nil, runs, map[string]any{"id": "p2", "status": "running"})
	r := run(t, f.server.URL, "up", hello(t), "--id", "app")
	wantCode(t, r, ExitOK)
	wantText(t, r.stdout, "REPLACED", "launched again")
}

// TestUpDetachedIsToRun: whoever leaves a preview running hears of one that somebody stopped before it ran.
func TestUpDetachedIsToRun(t *testing.T) {
	f := newFakeAPI(t)
	f.add("app", nil, starting(preview.Installing), stops)
	r := run(t, f.server.URL, "up", "--detach", hello(t), "--id", "app")
	wantCode(t, r, ExitPreview)
	wantText(t, r.stdout, "EXPIRED")
}

func TestUpRefused(t *testing.T) {
	f := newFakeAPI(t)
	r := run(t, f.server.URL, "up", hello(t))
	wantCode(t, r, ExitFailure)
	wantText(t, r.stderr, "No ports available (max 100 concurrent).", "NO_PORTS_AVAILABLE")
}

func TestUpUsage(t *testing.T) {
	f := newFakeAPI(t)
	file := hello(t) + "/main.py"
	for name, args := range map[string][]string{
		"no folder":         {"up"},
		"two folders":       {"up", "a", "b"},
		"a file":            {"up", file},
		"nothing there":     {"up", "/no/such/folder"},
		"nameless variable": {"up", hello(t), "--env", "=x"},
		"nameless secret":   {"up", hello(t), "--secret", "=x"},
		"unset variable":    {"up", hello(t), "--env", "NO_SUCH"},
		"negative memory":   {"up", hello(t), "--memory", "-1"},
		"bad id":            {"up", hello(t), "--id", "a/b"},
		"bad project":       {"up", hello(t), "--project", ".."},
		"no number":         {"up", hello(t), "--timeout", "soon"},
		"bad address":       {"up", hello(t), "--api", "ftp://x"},
	} {
		t.Run(name, func(t *testing.T) {
			r := run(t, f.server.URL, args...)
			wantCode(t, r, ExitUsage)
			wantText(t, r.stderr, "previewd: ")
		})
	}
	if len(f.seen()) != 0 {
		t.Error("asked the server though the command line was wrong")
	}
}

func TestUpLeavesOutWithANotice(t *testing.T) {
	f := newFakeAPI(t)
	f.add("app", nil, runs)
	dir := folder(t, "x", map[string]string{"main.py": "", "bad\x1bname": "x"})
	r := run(t, f.server.URL, "up", dir, "--id", "app", "-d")
	wantCode(t, r, ExitOK)
	wantText(t, r.stderr, `left out "bad\x1bname"`)
}
