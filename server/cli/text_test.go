package cli

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/server/client"
)

func TestClean(t *testing.T) {
	for name, tt := range map[string]struct{ in, plain, coloured string }{
		"plain":            {"hello", "hello", "hello"},
		"colours":          {"\x1b[1;31mred\x1b[0m", "red", "\x1b[1;31mred\x1b[0m"},
		"cursor":           {"a\x1b[2J\x1b[1;1Hb", "ab", "ab"},
		"title":            {"a\x1b]0;owned\x07b", "ab", "ab"},
		"clipboard":        {"a\x1b]52;c;aGk=\x1b\\b", "ab", "ab"},
		"title, no end":    {"a\x1b]0;owned", "a", "a"},
		"device control":   {"a\x1bP1$q\x1b\\b", "ab", "ab"},
		"reset":            {"a\x1bcb", "ab", "ab"},
		"lonely escape":    {"a\x1b", "a", "a"},
		"eight-bit CSI":    {"a\u009b2Jb", "a2Jb", "a2Jb"},
		"carriage return":  {"good\rbad", "good bad", "good bad"},
		"backspace":        {"a\b\bb", "ab", "ab"},
		"direction":        {"a\u202eb\u2066c", "abc", "abc"},
		"invalid UTF-8":    {"a\xffb", "a\uFFFDb", "a\uFFFDb"},
		"tab and umlaut":   {"\tä", "\tä", "\tä"},
		"private sequence": {"\x1b[?25lx\x1b[>4;2m", "x", "x"},
		"split in two":     {"\x1b\x1b[2Jx", "x", "x"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := clean(tt.in, false); got != tt.plain {
				t.Errorf("plain: %q, want %q", got, tt.plain)
			}
			if got := clean(tt.in, true); got != tt.coloured {
				t.Errorf("coloured: %q, want %q", got, tt.coloured)
			}
		})
	}
}

func FuzzClean(f *testing.F) {
	f.Add("a\x1b]0;x\x07\x1b[31m", true)
	f.Fuzz(func(t *testing.T, s string, keep bool) {
		got := clean(s, keep)
		if again := clean(got, keep); again != got {
			t.Errorf("%q becomes %q, then %q", s, got, again)
		}
		if strings.ContainsAny(got, "\r\n\x07\b") || !keep && strings.Contains(got, "\x1b") {
			t.Errorf("%q leaves %q", s, got)
		}
	})
}

func TestColoursAndMarks(t *testing.T) {
	var out bytes.Buffer
	p := &people{out: &out, style: style{on: true}}
	p.line(preview.LogLine{Timestamp: fakeTime, Message: "\x1b[31mred", Level: preview.Error, Source: preview.Subprocess})
	p.line(preview.LogLine{Timestamp: fakeTime, Message: "careful", Level: preview.Warning, Source: preview.System})
	p.ended(client.Status{Status: preview.Failed, Reason: preview.AppExited})
	wantText(t, out.String(), "\x1b[31m│\x1b[0m \x1b[31mred\x1b[0m\n", "\x1b[33m•\x1b[0m \x1b[2mcareful\x1b[0m", "\x1b[31m✗\x1b[0m failed")
}

func TestColoursOnlyOnATerminal(t *testing.T) {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0) // a character device like a terminal
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = null.Close() })
	for name, tt := range map[string]struct {
		environ []string
		want    bool
	}{
		"terminal": {nil, true}, "NO_COLOR": {[]string{"NO_COLOR=1"}, false}, "dumb": {[]string{"TERM=dumb"}, false},
	} {
		a := &app{env: newEnviron(tt.environ)}
		if got := a.styleFor(null).on; got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
		if a.styleFor(&bytes.Buffer{}).on {
			t.Errorf("%s: colours in a pipe", name)
		}
	}
}

func TestUnits(t *testing.T) {
	for n, want := range map[int64]string{0: "0 B", 999: "999 B", 1500: "1.5 kB", 32 << 20: "33.6 MB"} {
		if got := size(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
	for d, want := range map[time.Duration]string{-time.Second: "0s", 59 * time.Second: "59s", time.Hour: "1h", 47 * time.Hour: "47h", 50 * time.Hour: "2d"} {
		if got := age(d); got != want {
			t.Errorf("%v: %s", d, got)
		}
	}
}

func TestWord(t *testing.T) {
	for in, want := range map[string]string{
		"Hello App": "hello-app", "…": "project", ".hidden": "hidden", "a/b": "a-b", "": "project", strings.Repeat("x", 300): strings.Repeat("x", 100),
	} {
		if got := word(in); got != want || !preview.ValidID(got) {
			t.Errorf("%q: %q", in, got)
		}
	}
	if a, b := generationID("/home/ann/app"), generationID("/home/bob/app"); a == b || !preview.ValidID(a) {
		t.Errorf("%s and %s", a, b)
	}
}

func TestVisit(t *testing.T) {
	l := client.Launched{BaseURL: "http://127.0.0.1:3001"}
	if got := visit(l, client.Status{}); got != l.BaseURL {
		t.Error(got)
	}
	if got := visit(l, client.Status{BaseURL: "http://127.0.0.1:3002"}); got != "http://127.0.0.1:3002" { // the launch was retried on the next port
		t.Error(got)
	}
	l.PreviewURL = "http://x.preview.localhost:8080/"
	if got := visit(l, client.Status{}); got != l.PreviewURL {
		t.Error(got)
	}
}
