package logs

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const truncated = "…truncated"

// colour is the only kind of escape sequence that is kept: it cannot move a terminal's cursor, set its title or answer for its user.
var (
	colour = regexp.MustCompile("^\x1b\\[[0-9;:]*m")
	escape = regexp.MustCompile("^\x1b(?:\\[[0-?]*[ -/]*[@-~]|[\\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\\\)?|[ -/]*[0-~])")
)

// clean makes text that can be stored and shown: valid UTF-8 without control characters other than tabs and colours, of at most limit bytes
// before "…truncated". cut says that something is missing already.
func clean(text []byte, limit int, cut bool) string {
	if len(text) > limit {
		text, cut = text[:limit], true
		for n := 1; n <= utf8.UTFMax && n <= len(text); n++ { // not in the middle of a character
			if r := text[len(text)-n]; utf8.RuneStart(r) {
				if !utf8.FullRune(text[len(text)-n:]) {
					text = text[:len(text)-n]
				}
				break
			}
		}
	}
	s := string(text)
	if !isPlain(text) {
		s = strings.TrimRight(strings.ToValidUTF8(s, "\uFFFD"), "\r\n")
		if strings.ContainsFunc(s, unicode.IsControl) {
			s = withoutControls(s)
		}
	}
	if cut {
		s += truncated
	}
	return s
}

// isPlain is for most lines: ASCII without control characters.
func isPlain(text []byte) bool {
	for _, c := range text {
		if c < ' ' && c != '\t' || c > '~' {
			return false
		}
	}
	return true
}

func withoutControls(s string) string {
	var out strings.Builder
	for s != "" {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == '\x1b':
			keep, skip := escapeAt(s)
			out.WriteString(s[:keep])
			n = skip
		case r == '\t' || !unicode.IsControl(r):
			out.WriteString(s[:n])
		case r == '\r' || r == '\n':
			out.WriteByte(' ') // progress bars begin anew with it
		case r == 0:
			out.WriteRune(utf8.RuneError)
		}
		s = s[n:]
	}
	return out.String()
}

// escapeAt returns how many bytes of the escape sequence at the start of s are kept, and how many it has.
func escapeAt(s string) (keep, skip int) {
	if m := colour.FindString(s); m != "" {
		return len(m), len(m)
	}
	return 0, max(1, len(escape.FindString(s)))
}
