package logs

import (
	"strings"

	"previewd/runtime/preview"
)

func nodeBeginning(stream preview.Stream, text string) trace {
	switch {
	case stream == preview.Stderr && isCrashSite(text):
		return nodeCrash
	case isException(text, stream), stream == preview.Stderr && namesException(text):
		return nodeTrace
	}
	return noTrace
}

// isCrashSite: "node:internal/modules/cjs/loader:1520" or "/app/server.js:3", which begins the report of an uncaught exception.
func isCrashSite(text string) bool {
	site, line, ok := cutLast(strings.TrimPrefix(text, "file://"), ':')
	if !ok || line == "" || strings.Trim(line, "0123456789") != "" || strings.ContainsAny(site, " \t") {
		return false
	}
	if strings.HasPrefix(site, "node:") {
		return true
	}
	if !strings.HasPrefix(site, "/") {
		return false
	}
	switch site[strings.LastIndexByte(site, '.')+1:] {
	case "js", "cjs", "mjs", "ts", "cts", "mts", "jsx", "tsx":
		return true
	}
	return false
}

// endsInPosition: "⨯ ./app/page.jsx:1:50".
func endsInPosition(text string) bool {
	file, number, ok := cutLast(text, ':')
	return ok && number != "" && strings.Trim(number, "0123456789") == "" && strings.ContainsAny(file[strings.LastIndexByte(file, ' ')+1:], "./")
}

// isExcerpt: "> 2 | throw x", the line of the source that is to blame.
func isExcerpt(text string) bool {
	number, _, ok := strings.Cut(strings.TrimPrefix(text, "> "), " |")
	return ok && number != "" && len(number)+len("> ") < len(text) && text[0] == '>' && strings.Trim(number, "0123456789") == ""
}

func cutLast(s string, sep byte) (before, after string, found bool) {
	if i := strings.LastIndexByte(s, sep); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

// isException: "TypeError: x", "sqlalchemy.exc.OperationalError: x", "Error [ERR_X]: x", "Uncaught Error". On stdout only JavaScript's own names
// count: console.log prints errors there, and sentences begin with all kinds of words.
func isException(text string, stream preview.Stream) bool {
	text = strings.TrimPrefix(text, "Uncaught ")
	n := 0
	for n < len(text) && (isNameByte(text[n]) || text[n] == '.') {
		n++
	}
	name, rest := text[:n], text[n:]
	if !isExceptionName(name) || rest != "" && rest[0] != ':' && rest[0] != '(' && !strings.HasPrefix(rest, " [") {
		return false
	}
	if stream == preview.Stderr {
		return true
	}
	switch name {
	case "TypeError", "RangeError", "ReferenceError", "SyntaxError", "AggregateError", "URIError", "EvalError":
		return rest != ""
	}
	return false
}

func isExceptionName(name string) bool {
	if !strings.HasSuffix(name, "Error") && !strings.HasSuffix(name, "Exception") {
		return false
	}
	class := name[strings.LastIndexByte(name, '.')+1:]
	return class != "" && class[0] >= 'A' && class[0] <= 'Z'
}

// namesException: "cannot start: TypeError: x".
func namesException(text string) bool {
	head := text[:min(len(text), headBytes)]
	for _, end := range []string{"Error: ", "Exception: "} {
		at := strings.Index(head, end)
		if at < 0 {
			continue
		}
		begin := at
		for begin > 0 && (isNameByte(head[begin-1]) || head[begin-1] == '.') {
			begin--
		}
		if begin > 1 && head[begin-1] == ' ' && head[begin-2] == ':' && isExceptionName(head[begin:at+len(end)-2]) {
			return lineLevel(head) == ""
		}
	}
	return false
}

// isFrame: "    at f (/app/main.js:1:2)".
func isFrame(text string) bool {
	trimmed := strings.TrimLeft(text, " \t")
	return trimmed != text && strings.HasPrefix(trimmed, "at ") && strings.ContainsAny(trimmed, ":(")
}

func nodeGoesOn(now trace, text string) (trace, bool) {
	if now == nodeCrash {
		if strings.HasPrefix(text, "Node.js v") {
			return noTrace, true // the last line
		}
		level := lineLevel(text)
		return nodeCrash, level == "" || level == preview.Error
	}
	for _, head := range []string{"  ", "\t", "}", "Require stack:", "- /", "Caused by: ", "Emitted 'error' event ", "{"} {
		if strings.HasPrefix(text, head) {
			return nodeTrace, true
		}
	}
	return nodeTrace, isExcerpt(text)
}
