package preview

import (
	"regexp/syntax"
	"strings"
	"unicode"
)

// maxLiterals bounds how many texts are worth looking for before the pattern itself is.
const maxLiterals = 8

// literalsOf finds texts of which every match of an expression contains one, in lower case; nil when there are none. To
// look for them is many times faster than to match, and so they choose what is matched at all.
func literalsOf(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		if text := longestFixed(re); text != "" {
			return []string{text}
		}
	case syntax.OpCapture, syntax.OpPlus:
		return literalsOf(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return literalsOf(re.Sub[0])
		}
	case syntax.OpConcat:
		var best []string
		for _, sub := range re.Sub {
			if found := literalsOf(sub); rarity(found) > rarity(best) {
				best = found
			}
		}
		return best
	case syntax.OpAlternate:
		return literalsOfEach(re.Sub)
	}
	return nil
}

// literalsOfEach joins those of alternatives, which all need to have some.
func literalsOfEach(alternatives []*syntax.Regexp) []string {
	var all []string
	for _, sub := range alternatives {
		found := literalsOf(sub)
		if found == nil {
			return nil
		}
		all = append(all, found...)
	}
	if len(all) > maxLiterals {
		return nil
	}
	return all
}

// rarity is higher for texts that fewer messages contain: by the shortest, for it is the likeliest.
func rarity(literals []string) int {
	if len(literals) == 0 {
		return 0
	}
	shortest := len(literals[0])
	for _, text := range literals {
		shortest = min(shortest, len(text))
	}
	return shortest*maxLiterals - len(literals) + 1
}

// longestFixed is the longest part of a literal whose bytes are known once the letters A to Z are in lower case. A
// letter outside of ASCII that may have either case ends it, and NUL, which no message holds. (So would the Kelvin sign for k and the long s for s; a
// message that holds one of these in place of the letter is not found.)
func longestFixed(literal *syntax.Regexp) string {
	anyCase := literal.Flags&syntax.FoldCase != 0
	longest := ""
	for part := range strings.FieldsFuncSeq(string(literal.Rune), func(r rune) bool {
		return r == 0 || anyCase && r > unicode.MaxASCII && unicode.SimpleFold(r) != r
	}) {
		if len(part) > len(longest) {
			longest = part
		}
	}
	return lowerASCII(longest)
}

func lowerASCII(text string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, text)
}
