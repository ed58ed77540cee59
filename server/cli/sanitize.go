package cli

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// Terminal control sequences (ECMA-48): CSI, OSC and its string-like siblings, and two-character escapes.
var controlSequence = regexp.MustCompile("\x1b\\[[0-9;:?<=>]*[ -/]*[@-~]|\x1b[\\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\\\)?|\x1b[ -/]*[0-~]")

var colour = regexp.MustCompile("^\x1b\\[[0-9;:]*m$")

// clean makes a line of an app safe for a terminal: it may not move the cursor, set the title, write the clipboard or reverse
// the direction of text. Its colours stay where keepColours says so.
func clean(s string, keepColours bool) string {
	var b strings.Builder
	last := 0
	for _, at := range controlSequence.FindAllStringIndex(s, -1) {
		b.WriteString(printable(s[last:at[0]]))
		if found := s[at[0]:at[1]]; keepColours && colour.MatchString(found) {
			b.WriteString(found)
		}
		last = at[1]
	}
	b.WriteString(printable(s[last:]))
	return b.String()
}

// printable drops control and invisible formatting characters. A line break becomes a space: one line of an app stays one line.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return r
		case r == '\n', r == '\r':
			return ' '
		case unicode.IsControl(r), isBidi(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// isBidi names the characters that can show text in another order than it has (Unicode TR9).
func isBidi(r rune) bool {
	return r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069' || r == '\u200E' || r == '\u200F' || r == '\u061C'
}

func quote(s string) string { return strconv.Quote(s) }
