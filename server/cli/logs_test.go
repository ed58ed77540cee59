package cli

import (
	"context"
	"strings"
	"testing"

	"previewd/runtime/preview"
)

func TestLogs(t *testing.T) {
	f := newFakeAPI(t)
	f.add("app", lines("one", "\x1b[31mtwo\x1b[0m", "three\x1b]52;c;aGk=\x07"), stops)
	r := run(t, f.server.URL, "logs", "app")
	wantCode(t, r, ExitOK)
	wantText(t, r.stdout, "• one\n", "│ two\n", "│ three\n")
}

func TestLogsChosen(t *testing.T) {
	f := newFakeAPI(t)
	g := f.add("app", lines("one", "two", "three", "\x1b[31mfo\x1b[0mur", "five"), runs, runs, runs, fails)
	g.log[2].Level, g.log[3].Source = preview.Error, preview.System
	g.earlier = map[string][]preview.LogLine{"before": lines("long ago")}
	for args, want := range map[string]string{
		"":                             "one two three four five",
		"--level error":                "three",
		"--level WARNING":              "three",
		"--source system":              "one four",
		"--grep ^f.*":                  "four five",
		"--grep FO":                    "",
		"--grep (?i)FO":                "four",
		"--since 2026-03-04T05:06:10Z": "four five",
		"--since 1ns":                  "",
		"--preview before":             "long ago",
		"--preview before -f":          "long ago",
		"-f --grep o":                  "one two four",
		"-f --source system --grep u":  "four",
	} {
		r := run(t, f.server.URL, append([]string{"logs", "app"}, strings.Fields(args)...)...)
		wantCode(t, r, ExitOK)
		if got := messages(r.stdout); got != want {
			t.Errorf("%s: %s, want %s", args, got, want)
		}
	}
}

// TestLogsFollowChooses has lines arrive after those that are stored.
func TestLogsFollowChooses(t *testing.T) {
	f := newFakeAPI(t)
	g := f.add("app", lines("one", "two"), runs, runs, runs, runs, runs, runs, runs, fails)
	f.onLogs = func() { g.log = append(g.log, lines("one", "two", "three", "tau")[len(g.log):]...) }
	r := run(t, f.server.URL, "logs", "app", "-f", "--grep", "^t")
	wantCode(t, r, ExitOK)
	if got := messages(r.stdout); got != "two three tau" {
		t.Error(got)
	}
}

// messages are what the printed lines say, in one line.
func messages(printed string) string {
	var all []string
	for line := range strings.Lines(printed) {
		_, message, found := strings.Cut(line, "│ ")
		if !found {
			_, message, _ = strings.Cut(line, "• ")
		}
		all = append(all, strings.TrimSpace(message))
	}
	return strings.Join(all, " ")
}

func TestLogsFollow(t *testing.T) {
	f := newFakeAPI(t)
	f.add("app", lines("one", "two"), runs, runs, runs, fails)
	r := run(t, f.server.URL, "logs", "-f", "ap")
	wantCode(t, r, ExitOK)
	wantText(t, r.stdout, "• one\n", "│ two\n")
	if strings.Contains(r.stdout, "APP_EXITED") {
		t.Error("shows more than the log")
	}
}

func TestLogsFollowInterrupted(t *testing.T) {
	f := newFakeAPI(t)
	f.add("app", lines("one"), runs)
	ctx, interrupt := context.WithCancel(t.Context())
	var stdout safeBuffer
	done := make(chan int)
	d := quick(Deps{Environ: environOf(t, f.server.URL), Stdout: &stdout, Stderr: &safeBuffer{}})
	go func() { done <- Run(ctx, d, []string{"logs", "-f", "app"}) }()
	eventually(t, "the log", func() bool { return strings.Contains(stdout.String(), "one") })
	interrupt()
	if code := <-done; code != ExitOK {
		t.Errorf("exit code %d", code)
	}
	if len(f.stops) != 0 {
		t.Error("stopped the preview it looked at")
	}
}
