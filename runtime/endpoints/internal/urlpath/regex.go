package urlpath

import (
	"fmt"
	"strings"
)

// Regex writes a regular expression of Django's re_path, of Tornado or of others as a path: groups become {name}, or {arg0} for
// one without a name; anchors and escapes go; what is optional or repeated outside of groups loses its mark.
func Regex(pattern string) string {
	r := regexReader{pattern: pattern}
	return r.read()
}

type regexReader struct {
	pattern string
	at      int
	out     strings.Builder
	unnamed int
}

func (r *regexReader) read() string {
	for r.at < len(r.pattern) {
		c := r.pattern[r.at]
		r.at++
		switch c {
		case '^', '$', '?', '*', '+':
		case '\\':
			r.escape()
		case '(':
			r.group()
		case '[':
			r.class()
		case '{':
			r.skipTo('}')
		case '.':
			r.out.WriteByte('.')
		default:
			r.out.WriteByte(c)
		}
	}
	return r.out.String()
}

// escape drops assertions such as \Z and \b and keeps escaped characters.
func (r *regexReader) escape() {
	if r.at >= len(r.pattern) {
		return
	}
	c := r.pattern[r.at]
	r.at++
	if !strings.ContainsRune("AZzbB", rune(c)) {
		r.out.WriteByte(c)
	}
}

// group writes a capturing group as a parameter, and the first choice of one that does not capture.
func (r *regexReader) group() {
	end := r.closing()
	inner := r.pattern[r.at:end]
	r.at = min(end+1, len(r.pattern))
	switch {
	case strings.HasPrefix(inner, "?P<") || strings.HasPrefix(inner, "?<") && !strings.HasPrefix(inner, "?<=") && !strings.HasPrefix(inner, "?<!"):
		name, _, _ := strings.Cut(inner[strings.Index(inner, "<")+1:], ">")
		fmt.Fprintf(&r.out, "{%s}", name)
	case strings.HasPrefix(inner, "?:"):
		if !r.optional() {
			nested := regexReader{pattern: firstChoice(inner[2:]), unnamed: r.unnamed}
			r.out.WriteString(nested.read())
			r.unnamed = nested.unnamed
		}
	case strings.HasPrefix(inner, "?"):
	default:
		fmt.Fprintf(&r.out, "{arg%d}", r.unnamed)
		r.unnamed++
	}
}

func (r *regexReader) optional() bool {
	return r.at < len(r.pattern) && (r.pattern[r.at] == '?' || r.pattern[r.at] == '*')
}

// closing is the offset of the parenthesis that ends the group begun before at.
func (r *regexReader) closing() int {
	depth, inClass := 1, false
	for i := r.at; i < len(r.pattern); i++ {
		switch c := r.pattern[i]; {
		case c == '\\':
			i++
		case inClass:
			inClass = c != ']'
		case c == '[':
			inClass = true
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(r.pattern)
}

func (r *regexReader) class() {
	for r.at < len(r.pattern) {
		c := r.pattern[r.at]
		r.at++
		if c == '\\' {
			r.at++
		}
		if c == ']' {
			return
		}
	}
}

func (r *regexReader) skipTo(end byte) {
	if i := strings.IndexByte(r.pattern[min(r.at, len(r.pattern)):], end); i >= 0 {
		r.at += i + 1
	}
}

func firstChoice(s string) string {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			depth--
		case '|':
			if depth == 0 {
				return s[:i]
			}
		}
	}
	return s
}
