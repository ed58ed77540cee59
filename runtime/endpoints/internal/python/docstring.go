package python

import (
	"strings"

	"previewd/runtime/endpoints/internal/syntax"
)

// docstring is the text at the beginning of a function or a class, without its indentation.
func docstring(n syntax.Node) string {
	for statement := range n.Field("body").Children() {
		if statement.Is("comment") {
			continue
		}
		literal := statement.Child("string")
		if !statement.Is("expression_statement") || !literal.Valid() {
			return ""
		}
		var b strings.Builder
		for part := range literal.Children() {
			if part.Is("string_content") {
				b.WriteString(content(part, false, false))
			}
		}
		return dedent(b.String())
	}
	return ""
}

func dedent(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\t", "        "), "\n")
	margin := -1
	for _, line := range lines[1:] {
		if trimmed := strings.TrimLeft(line, " "); trimmed != "" {
			if indent := len(line) - len(trimmed); margin < 0 || indent < margin {
				margin = indent
			}
		}
	}
	for i, line := range lines {
		if i > 0 && margin > 0 {
			line = line[min(margin, len(line)):]
		}
		lines[i] = strings.TrimRight(line, " \r")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
