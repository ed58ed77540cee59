package images

import (
	"strings"
	"time"
	"unicode/utf8"
)

// linesShown is how many of the last lines a reason carries.
const linesShown = 20

func tail(lines []string) []string {
	return lines[max(0, len(lines)-linesShown):]
}

// shorten cuts text to n bytes at most, on one line and at a character's edge.
func shorten(text string, n int) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n] + "…"
}

func (s *Store) labels(kind, key string) map[string]string {
	return map[string]string{
		labelImage: kind, labelKey: key, labelCreated: s.o.Now().UTC().Format(time.RFC3339),
	}
}
