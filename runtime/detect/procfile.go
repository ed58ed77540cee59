package detect

import (
	"regexp"
	"strings"
)

var procfileWebLine = regexp.MustCompile(`(?m)^web[ \t]*:[ \t]*(\S[^\n]*)$`)

// procfileWeb returns the command of the "web" process of the first folder's Procfile that has one, or "".
func procfileWeb(folders ...folder) string {
	for _, f := range folders {
		text, _ := f.text("Procfile")
		if m := procfileWebLine.FindStringSubmatch(text); m != nil {
			return strings.TrimSpace(m[1])
		}
	}
	return ""
}
