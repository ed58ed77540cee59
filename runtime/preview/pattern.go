package preview

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"unicode/utf16"
)

// Bounds of a search. Matching takes time linear in the line's length, whatever the pattern (RE2); these bound the
// factor: the worst of patterns takes about a second for the longest of lines.
const (
	maxPatternBytes = 250
	maxPatternSteps = 300 // instructions of the compiled program
	maxRanges       = 100 // matches that are shown of one line
)

// ErrInvalidPattern says why a text is no pattern.
var ErrInvalidPattern = errors.New("invalid pattern")

// Pattern finds text in log messages without colours.
type Pattern struct {
	re       *regexp.Regexp
	literals []string
}

// ContainingText is a pattern of messages that contain a text, whatever the case of its letters.
func ContainingText(text string) (*Pattern, error) {
	return newPattern("(?i)"+regexp.QuoteMeta(text), len(text))
}

// MatchingRegexp is a pattern of messages in which a regular expression in RE2's syntax matches.
func MatchingRegexp(text string) (*Pattern, error) { return newPattern(text, len(text)) }

func newPattern(expression string, length int) (*Pattern, error) {
	if length == 0 || length > maxPatternBytes {
		return nil, fmt.Errorf("%w: want 1 to %d bytes", ErrInvalidPattern, maxPatternBytes)
	}
	tree, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalidPattern, err)
	}
	program, err := syntax.Compile(tree.Simplify())
	if err != nil || len(program.Inst) > maxPatternSteps {
		return nil, fmt.Errorf("%w: it repeats too much", ErrInvalidPattern)
	}
	re, err := regexp.Compile(expression)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalidPattern, err)
	}
	return &Pattern{re: re, literals: literalsOf(tree)}, nil
}

// Matches reports whether the pattern is found in a message without colours.
func (p *Pattern) Matches(plain string) bool { return p.re.MatchString(plain) }

// Literals are texts in lower case of which every message that matches contains at least one, when its letters A to Z
// are put in lower case. None means that nothing is known.
func (p *Pattern) Literals() []string { return p.literals }

// Ranges are the places of the first matches in a message without colours: start and end in UTF-16 code units, as
// JavaScript counts them. Empty matches are none.
func (p *Pattern) Ranges(plain string) [][2]int {
	ranges := [][2]int{}
	at, units := 0, 0 // how far plain is counted, in bytes and in units
	count := func(to int) int {
		for _, r := range plain[at:to] {
			units += max(utf16.RuneLen(r), 1) // what is no character counts as one
		}
		at = to
		return units
	}
	for _, match := range p.re.FindAllStringIndex(plain, maxRanges) {
		if match[0] < match[1] {
			ranges = append(ranges, [2]int{count(match[0]), count(match[1])})
		}
	}
	return ranges
}
