package source

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// gitignore is one .gitignore file: gitignore(5), without the files outside the project that git reads as well.
type gitignore struct {
	dir      string // the folder it lies in
	patterns []gitPattern
}

type gitPattern struct {
	re      *regexp.Regexp
	negated bool
	dirOnly bool
	byName  bool // no slash inside: matches the last name at any depth
}

func parseGitignore(dir string, text []byte) gitignore {
	g := gitignore{dir: dir}
	for line := range strings.Lines(strings.TrimPrefix(string(text), "\ufeff")) {
		if p, ok := parseGitPattern(strings.TrimRight(line, "\r\n")); ok {
			g.patterns = append(g.patterns, p)
		}
	}
	slices.Reverse(g.patterns) // the last that matches decides
	return g
}

// decide says whether a path of the project is ignored; known is false when no pattern matches.
func (g gitignore) decide(p string, isDir bool) (ignored, known bool) {
	rel := p
	if g.dir != "." {
		rel = strings.TrimPrefix(p, g.dir+"/")
	}
	for _, pattern := range g.patterns {
		if pattern.dirOnly && !isDir {
			continue
		}
		subject := rel
		if pattern.byName {
			subject = path.Base(rel)
		}
		if pattern.re.MatchString(bytewise(subject)) {
			return !pattern.negated, true
		}
	}
	return false, false
}

func parseGitPattern(line string) (p gitPattern, ok bool) {
	line = trimSpaces(line)
	if line == "" || line[0] == '#' {
		return p, false
	}
	line, p.negated = strings.CutPrefix(line, "!")
	line, p.dirOnly = strings.CutSuffix(line, "/")
	p.byName = !strings.Contains(line, "/")
	expr, ok := globRegexp(bytewise(strings.TrimPrefix(line, "/")))
	if !ok || line == "" {
		return p, false
	}
	re, err := regexp.Compile(expr)
	p.re = re
	return p, err == nil // what git cannot read matches nothing there either
}

// bytewise makes a character of each byte: to git, "?" and "[!a]" match one byte.
func bytewise(s string) string {
	runes := make([]rune, len(s))
	for i := range len(s) {
		runes[i] = rune(s[i])
	}
	return string(runes)
}

// trimSpaces removes trailing spaces that no backslash protects.
func trimSpaces(line string) string {
	for strings.HasSuffix(line, " ") {
		before := strings.TrimSuffix(line, " ")
		slashes := len(before) - len(strings.TrimRight(before, `\`))
		if slashes%2 == 1 {
			return line
		}
		line = before
	}
	return line
}
