package ast

import (
	"strconv"
	"strings"
)

// escapeSize is how many bytes the escape at the beginning of text takes.
func escapeSize(text string) int {
	switch {
	case strings.HasPrefix(text, `\u{`):
		if end := strings.IndexByte(text, '}'); end > 0 {
			return end + 1
		}
	case strings.HasPrefix(text, `\u`):
		return min(6, len(text))
	case strings.HasPrefix(text, `\x`):
		return min(4, len(text))
	}
	return 2
}

// unescape is what an escape sequence stands for.
func unescape(text string) string {
	if len(text) < 2 {
		return text
	}
	switch text[1] {
	case 'n':
		return "\n"
	case 't':
		return "\t"
	case 'r':
		return "\r"
	case '\n':
		return ""
	case 'u', 'x':
		digits := strings.Trim(text[2:], "{}")
		code, err := strconv.ParseUint(digits, 16, 21)
		if err != nil {
			return text
		}
		return string(rune(code))
	default:
		return text[1:]
	}
}
