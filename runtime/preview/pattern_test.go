package preview_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"

	"previewd/runtime/preview"
)

func TestPatternRanges(t *testing.T) {
	for _, c := range []struct {
		text    string
		regexp  bool
		message string
		ranges  [][2]int
	}{
		{"err", false, "Error: no ERRand", [][2]int{{0, 3}, {10, 13}}},
		{"a.c", false, "abc A.C", [][2]int{{4, 7}}},
		{"straße", false, "STRAßE", [][2]int{{0, 6}}},
		{"x", false, "👍 x é x", [][2]int{{3, 4}, {7, 8}}}, // 👍 is two units
		{"👍", false, "a👍", [][2]int{{1, 3}}},
		{`\d+`, true, "é 12, 345", [][2]int{{2, 4}, {6, 9}}},
		{`x*`, true, "axxb", [][2]int{{1, 3}}}, // an empty match is nothing to show
		{`^GET`, true, "get GET", [][2]int{}},
		{`(?i)^get`, true, "GET /", [][2]int{{0, 3}}},
		{"\ufffd", false, "a\ufffdb", [][2]int{{1, 2}}},
	} {
		p, err := pattern(c.text, c.regexp)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Ranges(c.message); !reflect.DeepEqual(got, c.ranges) {
			t.Errorf("%s in %s: %v, want %v", c.text, c.message, got, c.ranges)
		}
		if p.Matches(c.message) != (len(c.ranges) > 0) {
			t.Errorf("%s in %s: it matches: %t", c.text, c.message, p.Matches(c.message))
		}
	}
	many, err := preview.ContainingText("a")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(many.Ranges(strings.Repeat("a", 5000))); n != 100 {
		t.Errorf("%d ranges of one line", n)
	}
}

func pattern(text string, isRegexp bool) (*preview.Pattern, error) {
	if isRegexp {
		return preview.MatchingRegexp(text)
	}
	return preview.ContainingText(text)
}

func TestPatternLiterals(t *testing.T) {
	for text, want := range map[string][]string{
		`ECONNREFUSED`:            {"econnrefused"},
		`(?i)Größe`:               {"gr"}, // ß has a capital letter
		`Größe`:                   {"größe"},
		`a+bcd*`:                  {"bc"},
		`(timeout|refused) after`: {"timeout", "refused"},
		`(to|out) after`:          {" after"},
		`timeout|refused`:         {"timeout", "refused"},
		`timeout|\d+`:             nil,
		`(foo){2,}`:               {"foo"},
		`(foo){0,3}`:              nil,
		`\d+`:                     nil,
		`x?`:                      nil,
		`a\x00bc`:                 {"bc"},
		`.*`:                      nil,
		`^$`:                      nil,
		`[Ee]rror`:                {"rror"},
		`k1|k2|k3|k4|k5|a6|a7|8|9|b10|c11|d12|e13`: nil, // too many
	} {
		p, err := preview.MatchingRegexp(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Literals(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestNoPattern(t *testing.T) {
	for text, says := range map[string]string{
		"":                       "1 to 250 bytes",
		strings.Repeat("a", 251): "1 to 250 bytes",
		"(":                      "missing closing )",
		`(a)\1`:                  "invalid escape sequence",
		`(?=a)`:                  "invalid or unsupported Perl syntax",
		"\xff":                   "invalid UTF-8",
		`(a{100}){100}`:          "invalid repeat count",
		`(\d{1,30}b){30}`:        "repeats too much",
		strings.Repeat("(a|b)*", 30) + `(\d?){60}(\w?){60}`: "repeats too much",
	} {
		_, err := preview.MatchingRegexp(text)
		if !errors.Is(err, preview.ErrInvalidPattern) || !strings.Contains(fmt.Sprint(err), says) {
			t.Errorf("%.20q: %v", text, err)
		}
	}
	if _, err := preview.ContainingText("\xff"); !errors.Is(err, preview.ErrInvalidPattern) {
		t.Errorf("invalid UTF-8: %v", err)
	}
	if _, err := preview.ContainingText(strings.Repeat("(", 250)); err != nil {
		t.Error(err) // as long as it may be
	}
}

// FuzzPattern holds literals to what they promise, and ranges to lie within the message.
func FuzzPattern(f *testing.F) {
	f.Add("(timeout|refused) after", true, "connection REFUSED after 3 s")
	f.Add("größe", false, "Die GRÖSSE ist 👍")
	f.Add(`(?i)s{2,}k*\x{212a}?`, true, "mississippi")
	f.Fuzz(func(t *testing.T, text string, isRegexp bool, message string) {
		p, err := pattern(text, isRegexp)
		if err != nil || !p.Matches(message) {
			return
		}
		// The two letters outside of ASCII that have a case within.
		lower := strings.NewReplacer("\u212a", "k", "\u017f", "s").Replace(message)
		lower = strings.Map(func(r rune) rune {
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
			return r
		}, lower)
		found := len(p.Literals()) == 0
		for _, literal := range p.Literals() {
			found = found || strings.Contains(lower, literal)
		}
		if !found && !strings.ContainsAny(text, "\u212a\u017f") {
			t.Errorf("%q matches %q without any of %q", text, message, p.Literals())
		}
		last := 0
		for _, r := range p.Ranges(message) {
			if r[0] < last || r[1] <= r[0] || r[1] > len(utf16.Encode([]rune(message))) {
				t.Errorf("ranges of %q in %q: %v", text, message, p.Ranges(message))
			}
			last = r[1]
		}
	})
}
