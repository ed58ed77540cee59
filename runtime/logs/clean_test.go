package logs

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                      "plain",
		"crlf\r":                     "crlf",
		"nul\x00":                    "nul\uFFFD",
		"bad \xff\xfe utf8":          "bad \uFFFD utf8",
		"tab\tstays":                 "tab\tstays",
		"bell\a backspace\b":         "bell backspace",
		"10%\r20%\r30%":              "10% 20% 30%",
		"\x1b[1;31mred\x1b[0m":       "\x1b[1;31mred\x1b[0m",
		"\x1b[2J\x1b[Hcleared":       "cleared",
		"\x1b]0;title\x07text":       "text",
		"\x1b]8;;http://x\x1b\\link": "link",
		"\x1b[31":                    "31",
		"\x1bc reset":                " reset",
		"\u009b2J C1":                "2J C1",
		"grüße 日本":                   "grüße 日本",
	} {
		if got := clean([]byte(in), 1000, false); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"123456": "12345…truncated", "123日": "123…truncated", "12日本": "12日…truncated", "12345": "12345"} {
		if got := clean([]byte(in), 5, false); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
	if got := clean([]byte("abc"), 5, true); got != "abc…truncated" {
		t.Error(got)
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "a\x00b", "\x1b[31mred\x1b[0m", "\x1b]0;x", "\xe6\x97", "a\r\n", "Traceback (most recent call last):", `{"level":"x`} {
		f.Add([]byte(s), 8)
	}
	f.Fuzz(func(t *testing.T, text []byte, limit int) {
		limit = min(max(limit, 0), 1<<16)
		before := string(text)
		got := clean(text, limit, false)
		if string(text) != before {
			t.Error("the caller's bytes were changed")
		}
		if !utf8.ValidString(got) || strings.ContainsRune(got, 0) || len(got) > 3*limit+len(truncated) {
			t.Errorf("%q became %q", text, got)
		}
		if strings.ContainsFunc(colours.ReplaceAllString(got, ""), func(r rune) bool { return r != '\t' && unicode.IsControl(r) }) {
			t.Errorf("controls are left in %q", got)
		}
		lineLevel(got)
	})
}
