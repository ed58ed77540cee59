package openapi

import (
	"fmt"
	"strings"
)

// curl is a command that calls the operation, as one would write it into a terminal.
func (b *builder) curl(path, method string, item, op object) string {
	for _, p := range listAt(item, "parameters") {
		given, _ := p.(object)
		param := b.resolve(given)
		if textAt(param, "in") == "path" {
			path = strings.ReplaceAll(path, "{"+textAt(param, "name")+"}", textAt(param, "example"))
		}
	}
	line := "curl"
	if method != "get" {
		line += " -X " + strings.ToUpper(method)
	}
	if at(op, "responses", "200", "content", "text/event-stream") != nil {
		line += " -N"
	}
	lines := []string{fmt.Sprintf(`%s "$PREVIEW_API%s"`, line, path)}
	switch access := b.access(op); {
	case len(access) == 0:
	case access[0][0] == "session":
		lines = append(lines, `-H "X-Preview-Token: $SESSION"`)
	default:
		lines = append(lines, `-H "Authorization: Bearer $PREVIEW_TOKEN"`)
	}
	if example := at(op, "requestBody", "content", "application/json", "example"); example != nil {
		lines = append(lines, "-H 'Content-Type: application/json'", "-d "+quote(b.compact(example)))
	}
	return strings.Join(lines, " \\\n  ")
}

// compact is JSON on one line, if it is a short one.
func (b *builder) compact(value any) string {
	text, err := encode(value)
	if err != nil {
		b.fail(err)
	}
	if len(text) > 48 {
		return b.pretty(value)
	}
	return string(text)
}

// quote makes one word of a text, for a shell.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
