package logs

import (
	"strings"

	"previewd/runtime/preview"
)

// headBytes is how much of a line may be timestamp, logger and level.
const headBytes = 160

// lineLevel reads what a line without colours says of itself, "" when it says nothing. Nearly every line of every preview comes through here, and so
// it looks at bytes: the same in regular expressions takes ten times as long.
func lineLevel(text string) preview.Level {
	if strings.HasPrefix(text, "{") {
		if level := jsonLevel(text); level != "" {
			return level
		}
	}
	head := text[:min(len(text), headBytes)]
	for _, read := range []func(string) preview.Level{symbolLevel, startLevel, stampedLevel, npmLevel, keyedLevel, klogLevel, frameworkLevel} {
		if level := read(head); level != "" {
			return level
		}
	}
	return ""
}

// symbols are how development servers show levels: Next, Nuxt, esbuild.
var symbols = strings.NewReplacer("⨯", "", "✘", "", "✖", "", "✗", "", "❌", "", "⚠", "", "▲", "", "\ufe0f", "")

func symbolLevel(head string) preview.Level {
	if head == "" || head[0] < 0x80 && head[0] != ' ' {
		return ""
	}
	head = strings.TrimLeft(head, " ")
	for _, s := range []struct {
		symbol string
		level  preview.Level
	}{{"⨯", preview.Error}, {"✘", preview.Error}, {"✖", preview.Error}, {"✗", preview.Error}, {"❌", preview.Error}, {"⚠", preview.Warning}} {
		if strings.HasPrefix(head, s.symbol) {
			return s.level
		}
	}
	return startLevel(symbols.Replace(head))
}

// startLevel reads a level that begins the line: "INFO:     x", "[ERROR] x", "error: x", "ERRO[0000] x", "WARN  x", "info  - x".
func startLevel(head string) preview.Level {
	head = strings.TrimLeft(head, " ")
	open := byte(0)
	if head != "" && strings.IndexByte("[(<", head[0]) >= 0 {
		open, head = head[0], strings.TrimLeft(head[1:], " ")
	}
	n := letters(head)
	level := wordLevel(head[:n])
	if level == "" {
		return ""
	}
	word, rest := head[:n], head[n:]
	if open != 0 {
		rest = strings.TrimLeft(rest, " ")
		if rest != "" && strings.IndexByte("])>", rest[0]) >= 0 {
			return level
		}
		return ""
	}
	if endsLevel(word, rest) {
		return level
	}
	return ""
}

// endsLevel says whether what follows a word shows that it was a level, and not the beginning of a sentence.
func endsLevel(word, rest string) bool {
	trimmed := strings.TrimLeft(rest, " ")
	switch {
	case rest == "":
		return isUpper(word)
	case rest[0] == ':' || rest[0] == '[' || rest[0] == ']' || rest[0] == '!':
		return true
	case strings.HasPrefix(trimmed, "|"), strings.HasPrefix(trimmed, "- "):
		return true
	}
	return isUpper(word) && strings.IndexByte(" \t+-", rest[0]) >= 0
}

// stampedLevel reads a level after a timestamp, a process or a logger's name.
func stampedLevel(head string) preview.Level {
	first := strings.IndexFunc(head, func(r rune) bool { return r != ' ' && r != '-' && r != '<' })
	if first < 0 || head[first] != '[' && (head[first] < '0' || head[first] > '9') {
		if i := strings.IndexByte(head, ' '); i < 0 || strings.IndexByte(head[:i], ':') < 0 { // "module:12 ERROR x"
			return ""
		}
	}
	if level := startLevel(skipStamp(head)); level != "" {
		return level
	}
	return upperLevel(head)
}

// skipStamp takes date and time, in whatever form, off the beginning.
func skipStamp(head string) string {
	for range 4 {
		field, rest, found := strings.Cut(head, " ")
		if tab := strings.IndexByte(head, '\t'); tab >= 0 && tab < len(field) {
			field, rest, found = head[:tab], head[tab+1:], true
		}
		if !found || !isStamp(field) {
			return head
		}
		head = strings.TrimLeft(rest, " ")
	}
	return head
}

func isStamp(field string) bool {
	switch field {
	case "|", "-", "AM", "PM", "UTC", "":
		return true
	}
	digits := 0
	for i := range len(field) {
		switch c := field[i]; {
		case c >= '0' && c <= '9':
			digits++
		case strings.IndexByte("[](){}:./-,+TZAPM", c) < 0:
			return false
		}
	}
	return digits > 0
}

// upperLevel finds a level in capitals that stands apart.
func upperLevel(head string) preview.Level {
	for i := 0; i < len(head); {
		n := 0
		for i+n < len(head) && head[i+n] >= 'A' && head[i+n] <= 'Z' {
			n++
		}
		if n == 0 {
			i++
			continue
		}
		before := i == 0 || strings.IndexByte(" \t[|:(-", head[i-1]) >= 0
		after := i+n == len(head) || strings.IndexByte(" \t]|:)+-", head[i+n]) >= 0
		if before && after && n > 2 {
			if level := wordLevel(head[i : i+n]); level != "" {
				return level
			}
		}
		i += n
	}
	return ""
}

func npmLevel(head string) preview.Level {
	rest, ok := strings.CutPrefix(head, "npm ")
	if !ok {
		return ""
	}
	rest = strings.TrimLeft(rest, " ")
	return wordLevel(rest[:letters(rest)])
}

// keyedLevel reads logfmt: level=warn, lvl="error".
func keyedLevel(head string) preview.Level {
	for _, key := range []string{"level=", "lvl=", "severity="} {
		rest := head
		for {
			before, value, found := strings.Cut(rest, key)
			if !found {
				break
			}
			rest = value
			if before != "" && strings.IndexByte(" \t", before[len(before)-1]) < 0 {
				continue
			}
			value = strings.TrimPrefix(value, `"`)
			if level := wordLevel(value[:letters(value)]); level != "" {
				return level
			}
		}
	}
	return ""
}

// klogLevel reads Kubernetes' form: "E0102 03:04:05.678901".
func klogLevel(head string) preview.Level {
	if len(head) < 14 || head[5] != ' ' || head[8] != ':' || head[11] != ':' || !isStamp(head[1:5]) {
		return ""
	}
	switch head[0] {
	case 'I':
		return preview.Info
	case 'W':
		return preview.Warning
	case 'E', 'F':
		return preview.Error
	}
	return ""
}

// letters is how many bytes of the beginning are letters.
func letters(s string) int {
	for i := range len(s) {
		if c := s[i] | 0x20; c < 'a' || c > 'z' {
			return i
		}
	}
	return len(s)
}

func isUpper(s string) bool { return s == strings.ToUpper(s) }

// longestWord is "information".
const longestWord = 11

// wordLevel maps a word to one of our four levels, "" when it is none.
func wordLevel(word string) preview.Level {
	if len(word) < 3 || len(word) > longestWord {
		return ""
	}
	switch strings.ToLower(word) {
	case "trace", "debug", "dbug", "debu", "dbg", "trac", "trc", "verbose", "silly":
		return preview.Debug
	case "info", "inf", "notice", "information", "http", "success":
		return preview.Info
	case "warn", "warning", "wrn":
		return preview.Warning
	case "error", "erro", "err", "critical", "crit", "fatal", "fata", "ftl", "alert", "emergency", "emerg", "panic", "pani", "pnc", "dpanic":
		return preview.Error
	}
	return ""
}
