package source

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// globRegexp translates a pattern of gitignore(5) into a regular expression, which unlike backtracking takes linear time. ok is false
// for a pattern that git takes as matching nothing.
func globRegexp(glob string) (expr string, ok bool) {
	g := &globber{rest: glob}
	g.out.WriteString(`(?s)^`)
	for g.rest != "" {
		if !g.next() {
			return "", false
		}
	}
	g.out.WriteString(`$`)
	return g.out.String(), true
}

type globber struct {
	rest   string
	inside bool // the name before rest has begun
	out    strings.Builder
}

func (g *globber) next() bool {
	switch c := g.rest[0]; c {
	case '*':
		g.stars()
	case '?':
		g.take(1, `[^/]`)
	case '[':
		return g.class()
	case '\\':
		if len(g.rest) == 1 {
			return false
		}
		g.rest = g.rest[1:]
		g.literal()
	default:
		g.literal()
	}
	return true
}

func (g *globber) literal() {
	r, n := utf8.DecodeRuneInString(g.rest)
	g.take(n, regexp.QuoteMeta(string(r)))
	g.inside = r != '/'
}

func (g *globber) take(n int, expr string) {
	g.rest = g.rest[n:]
	g.inside = true
	g.out.WriteString(expr)
}

// stars handles "*" and, where they make up a whole name, "**/", "/**/" and "/**".
func (g *globber) stars() {
	n := len(g.rest) - len(strings.TrimLeft(g.rest, "*"))
	after := g.rest[n:]
	whole := n >= 2 && !g.inside
	switch {
	case whole && strings.HasPrefix(after, "/"):
		g.take(n+1, `(?:.*/)?`)
		g.inside = false
	case whole && after == "":
		g.take(n, `.+`)
	default:
		g.take(n, `[^/]*`)
	}
}

// class handles "[a-z]", "[!a]" and "[[:alpha:]]".
func (g *globber) class() bool {
	end := classEnd(g.rest)
	if end < 0 {
		return false
	}
	body := g.rest[1:end]
	head := `[`
	if body[0] == '!' || body[0] == '^' {
		head, body = `[^/`, body[1:]
	}
	g.take(end+1, head+classBody(body)+`]`)
	return true
}

// classEnd finds the bracket that closes a class: the first place and named classes may hold others.
func classEnd(s string) int {
	i := 1
	if i < len(s) && (s[i] == '!' || s[i] == '^') {
		i++
	}
	for first := true; i < len(s); first = false {
		switch {
		case s[i] == ']' && !first:
			return i
		case s[i] == '\\':
			i++
		case strings.HasPrefix(s[i:], "[:"):
			if n := strings.Index(s[i:], ":]"); n > 0 {
				i += n + 1
			}
		}
		i++
	}
	return -1
}

// classBody keeps ranges, named classes and escapes and quotes the rest.
func classBody(body string) string {
	var out strings.Builder
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case c == '[' && strings.HasPrefix(body[i:], "[:") && strings.Contains(body[i:], ":]"):
			n := strings.Index(body[i:], ":]") + 2
			out.WriteString(body[i : i+n])
			i += n - 1
		case c == '\\' && i+1 < len(body):
			i++
			out.WriteString(quoteInClass(body[i]))
		case c == '-':
			out.WriteByte('-')
		default:
			out.WriteString(quoteInClass(c))
		}
	}
	return out.String()
}

func quoteInClass(c byte) string {
	if strings.IndexByte(`\[]^-&~`, c) >= 0 {
		return `\` + string(c)
	}
	return string([]byte{c})
}
