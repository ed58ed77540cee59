package frameworks

import (
	"strings"

	"previewd/runtime/endpoints/internal/ecma/eval"
	"previewd/runtime/endpoints/internal/urlpath"
)

// regexMark comes before what is a regular expression.
const regexMark = "\x03"

// pattern is how a framework writes the variable parts of a path.
type pattern struct {
	braces    bool // {name}, {name?}, {name*}: hapi
	regexp    byte // what a parameter's expression is enclosed in: '(' or '{'
	groups    bool // {/:name} may be there or not: Express 5
	splat     bool // *name is a parameter: Express 5
	doubled   bool // :: is a colon: Fastify
	optionals bool // :name? may be there or not
	stars     bool // :name* and :name+ take many segments
}

// expand writes a path with {name}. A path with parts that may be missing is several.
func (p pattern) expand(s string) []string {
	if source, ok := strings.CutPrefix(s, regexMark); ok {
		return []string{regexPath(source)}
	}
	s = fill(s)
	if len(s) > 2000 {
		s = s[:2000]
	}
	r := patternReader{pattern: p, text: s}
	return r.all()
}

// fill gives parts that are not known a place in the path: as a parameter, or, at its beginning, not at all.
func fill(s string) string {
	first := true
	start := strings.HasPrefix(s, eval.Hole("")[:1])
	return eval.FillHoles(s, func(label string) string {
		leading := first && start
		first = false
		if leading || label == "" {
			return ""
		}
		return "\x04" + label + "\x05"
	})
}

// regexPath is the readable form of a regular expression.
func regexPath(source string) string {
	source = strings.ReplaceAll(source, `\/`, "/")
	source = strings.TrimSuffix(strings.TrimPrefix(source, "^"), "$")
	if before := strings.TrimSuffix(source, "/?"); before != "" {
		source = before
	}
	switch source {
	case ".*", "(.*)", "/.*", "/(.*)", "*":
		return "*"
	}
	return urlpath.Clean(urlpath.Regex(strings.ReplaceAll(source, ".*", "\\*")))
}

// patternReader reads one path. Its results are all ways in which the optional parts can be there.
type patternReader struct {
	pattern
	text string
	at   int
	deep int
}

func (r *patternReader) all() []string { return r.sequence(0) }

// sequence reads until the end, or the closing brace of a group.
func (r *patternReader) sequence(end byte) []string {
	out := []string{""}
	for r.at < len(r.text) && (end == 0 || r.text[r.at] != end) {
		parts := r.part()
		var next []string
		for _, before := range out {
			for _, part := range parts {
				if part == absent {
					next = append(next, strings.TrimSuffix(strings.TrimSuffix(before, "/"), "."))
					continue
				}
				next = append(next, before+part)
			}
		}
		if len(next) > 32 {
			next = next[:32]
		}
		out = next
	}
	return out
}

// absent is a part that is left out together with the slash or dot before it.
const absent = "\x00"

// part reads one character, parameter or group.
func (r *patternReader) part() []string {
	c := r.text[r.at]
	r.at++
	switch {
	case c == '\\' && r.at < len(r.text):
		r.at++
		return []string{r.text[r.at-1 : r.at]}
	case c == '\x04':
		name, _, _ := strings.Cut(r.text[r.at:], "\x05")
		r.at = min(len(r.text), r.at+len(name)+1)
		return []string{"{" + name + "}"}
	case c == ':':
		return r.parameter()
	case c == '{' && r.groups && !r.plain() && r.deep < 5:
		r.deep++
		inner := r.sequence('}')
		r.deep--
		r.at++
		return append(inner, "")
	case c == '{' && (r.braces || r.plain()):
		return r.braced()
	case c == '*' && r.splat:
		if name := r.name(); name != "" {
			return []string{"{" + name + "}"}
		}
	case c == '(' && r.regexp == '(':
		return r.anonymous()
	}
	return []string{string(c)}
}

// plain reports whether a parameter in braces begins here: tsoa's and LoopBack's {id} in the place of :id.
func (r *patternReader) plain() bool {
	end := strings.IndexByte(r.text[r.at:], '}')
	return end > 0 && !strings.ContainsAny(r.text[r.at:r.at+end], "/:*.")
}

func (r *patternReader) parameter() []string {
	if r.doubled && r.at < len(r.text) && r.text[r.at] == ':' {
		r.at++
		return []string{":"}
	}
	name := r.name()
	if name == "" {
		return []string{":"}
	}
	if r.regexp != 0 && r.at < len(r.text) && r.text[r.at] == r.regexp {
		r.skip()
	}
	part := "{" + name + "}"
	if r.at < len(r.text) {
		switch c := r.text[r.at]; {
		case c == '?' && r.optionals, c == '*' && r.stars:
			r.at++
			return []string{absent, part}
		case c == '+' && r.stars:
			r.at++
		}
	}
	return []string{part}
}

// name reads a parameter's name.
func (r *patternReader) name() string {
	if r.at < len(r.text) && r.text[r.at] == '"' {
		if end := strings.IndexByte(r.text[r.at+1:], '"'); end >= 0 {
			name := r.text[r.at+1 : r.at+1+end]
			r.at += end + 2
			return name
		}
	}
	from := r.at
	for r.at < len(r.text) && (r.text[r.at] == '_' || r.text[r.at] == '$' || alphanumeric(r.text[r.at]) || r.dash(from)) {
		r.at++
	}
	return r.text[from:r.at]
}

// dash reports whether a dash is part of the name: in Fastify and Hono it is.
func (r *patternReader) dash(from int) bool {
	return r.text[r.at] == '-' && r.at > from && !r.stars && !r.splat && (r.regexp == '{' || r.doubled) && !strings.Contains(r.text[r.at:], "-:")
}

func alphanumeric(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80
}

// skip passes over an expression in brackets.
func (r *patternReader) skip() string {
	opening := r.text[r.at]
	closing := byte(')')
	if opening == '{' {
		closing = '}'
	}
	depth, from := 0, r.at+1
	for ; r.at < len(r.text); r.at++ {
		switch r.text[r.at] {
		case '\\':
			r.at++
		case opening:
			depth++
		case closing:
			if depth--; depth == 0 {
				r.at++
				return r.text[from : r.at-1]
			}
		}
	}
	r.at = len(r.text)
	return ""
}

// anonymous reads a group without a name: an expression, or letters that may be missing.
func (r *patternReader) anonymous() []string {
	r.at--
	inner := r.skip()
	optional := r.at < len(r.text) && r.text[r.at] == '?'
	if optional {
		r.at++
	}
	if strings.Trim(inner, ".*+") == "" {
		inner = "*"
	} else if strings.ContainsAny(inner, "|\\[") && !strings.Contains(inner, ":") {
		if choices := strings.Split(inner, "|"); len(choices) > 1 && len(choices) < 9 && !strings.ContainsAny(inner, `\[]()+*?`) {
			return choices
		}
		inner = "*"
	}
	nested := patternReader{pattern: r.pattern, text: inner, deep: r.deep + 1}
	if r.deep > 5 {
		return []string{inner}
	}
	parts := nested.all()
	if optional {
		parts = append(parts, "")
	}
	return parts
}

// braced reads hapi's {name}, {name?}, {name*} and {name*2}.
func (r *patternReader) braced() []string {
	inner, _, found := strings.Cut(r.text[r.at:], "}")
	if !found {
		return []string{"{"}
	}
	r.at += len(inner) + 1
	name := strings.TrimRight(inner, "?*0123456789")
	if !strings.ContainsAny(inner, "?*") {
		name = inner
	}
	if strings.HasSuffix(inner, "?") {
		return []string{absent, "{" + name + "}"}
	}
	return []string{"{" + name + "}"}
}
