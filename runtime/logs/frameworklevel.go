package logs

import (
	"strings"

	"previewd/runtime/preview"
)

// frameworkLevel knows lines whose level their framework does not write out.
func frameworkLevel(head string) preview.Level {
	for _, read := range []func(string) preview.Level{ginLevel, djangoLevel, taggedLevel, compilerLevel, warningLevel} {
		if level := read(head); level != "" {
			return level
		}
	}
	return ""
}

// ginLevel is for what gin says in its debug mode; its warnings and errors say so themselves.
func ginLevel(head string) preview.Level {
	switch {
	case strings.HasPrefix(head, "[GIN-debug] "):
		return preview.Debug
	case strings.HasPrefix(head, "Error #"): // after the line of a request: its errors
		return preview.Error
	}
	return ""
}

// djangoLevel follows the loggers django.request and django.server, whose console handlers leave the level out.
func djangoLevel(head string) preview.Level {
	if strings.HasPrefix(head, "Internal Server Error: /") {
		return preview.Error
	}
	for _, begin := range []string{"Not Found: /", "Bad Request: /", "Forbidden (", "Forbidden: /", "Method Not Allowed (", "Unauthorized: /", "Gone: /"} {
		if strings.HasPrefix(head, begin) {
			return preview.Warning
		}
	}
	if !strings.HasPrefix(head, "[") {
		return ""
	}
	_, request, ok := strings.Cut(head, `] "`) // [02/Jan/2026 03:04:05] "GET / HTTP/1.1" 200 2
	if !ok {
		return ""
	}
	_, status, ok := strings.Cut(request, `" `)
	switch {
	case !ok || len(status) < 3 || !strings.Contains(request, " HTTP/"):
		return ""
	case status[0] == '5':
		return preview.Error
	case status[0] == '4':
		return preview.Warning
	}
	return ""
}

// taggedLevel reads "[vite] Internal server error: x", "3:04:05 PM [vite] (client) warning: x".
func taggedLevel(head string) preview.Level {
	open := strings.IndexByte(head, '[')
	if open < 0 {
		return ""
	}
	_, said, ok := strings.Cut(head[open:], "] ")
	if !ok {
		return ""
	}
	said, _, ok = strings.Cut(said, ":")
	if !ok || len(said) > 40 {
		return ""
	}
	switch said[strings.LastIndexByte(said, ' ')+1:] {
	case "error":
		return preview.Error
	case "warning":
		return preview.Warning
	}
	return ""
}

// compilerLevel reads "src/a.ts(1,7): error TS2322: x", "./main.go:9:2: undefined: x", "sh: 1: nodemon: not found".
func compilerLevel(head string) preview.Level {
	if strings.Contains(head, "error TS") {
		return preview.Error
	}
	if i := strings.Index(head, ".go:"); i > 0 && !strings.ContainsAny(head[:i], " \t") && hasColumn(head[i+len(".go:"):]) {
		return preview.Error
	}
	if strings.HasPrefix(strings.TrimPrefix(head, "/bin/"), "sh: ") && strings.HasSuffix(head, ": not found") {
		return preview.Error
	}
	return ""
}

// hasColumn tells "9:2: undefined" from "9: said", which is what Go's log writes.
func hasColumn(s string) bool {
	for range 2 {
		number, rest, ok := strings.Cut(s, ":")
		if !ok || number == "" || strings.Trim(number, "0123456789") != "" {
			return false
		}
		s = rest
	}
	return true
}

// warningLevel reads "main.py:3: DeprecationWarning: x", "(node:12) Warning: x".
func warningLevel(head string) preview.Level {
	i := strings.Index(head, "Warning: ")
	if i < 0 {
		return ""
	}
	for i > 0 && isNameByte(head[i-1]) {
		i--
	}
	if i == 0 || head[i-1] == ' ' || head[i-1] == ')' {
		return preview.Warning
	}
	return ""
}

func isNameByte(c byte) bool {
	return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9'
}
