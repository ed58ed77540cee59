package source

import (
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// cleanPath turns a path as sent into the one a Tree uses: relative, slash-separated, without ".", ".." and empty names.
// The root of the project is ".".
func (l Limits) cleanPath(sent string) (string, error) {
	if err := l.checkText(sent); err != nil {
		return "", err
	}
	if strings.HasPrefix(sent, "/") || hasDrive(sent) {
		return "", problem(sent, "is an absolute path")
	}
	names := strings.SplitSeq(sent, "/")
	for name := range names {
		if name == ".." {
			return "", problem(sent, "leads outside the project")
		}
		if len(name) > nameLength {
			return "", problem(sent, fmt.Sprintf("has a name longer than %d bytes", nameLength))
		}
	}
	clean := path.Clean(sent)
	if strings.Count(clean, "/") >= l.PathDepth {
		return "", problem(sent, fmt.Sprintf("lies more than %d folders deep", l.PathDepth))
	}
	return clean, nil
}

// checkText refuses what a file system, a terminal or another operating system would read differently.
func (l Limits) checkText(sent string) error {
	switch {
	case sent == "":
		return problem("", "a file without a name")
	case len(sent) > l.PathLength:
		return problem(sent, fmt.Sprintf("is longer than %d bytes", l.PathLength))
	case !utf8.ValidString(sent):
		return problem(sent, "is not valid UTF-8")
	case strings.ContainsFunc(sent, unicode.IsControl):
		return problem(sent, "contains a control character")
	case strings.Contains(sent, `\`):
		return problem(sent, "contains a backslash; separate folders by /")
	}
	return nil
}

// hasDrive recognises "C:" at the start, absolute on Windows.
func hasDrive(p string) bool {
	return len(p) >= 2 && p[1] == ':' && (p[0]|0x20) >= 'a' && (p[0]|0x20) <= 'z'
}

// litter recognises what macOS puts into archives and folders beside the files.
func litter(clean string) bool {
	return clean == "__MACOSX" || strings.HasPrefix(clean, "__MACOSX/") || path.Base(clean) == ".DS_Store"
}
