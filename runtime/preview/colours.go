package preview

import "strings"

// WithoutColours is a message as it reads: without the sequences that set colours (ECMA-48, SGR), the only escape
// sequences that messages hold.
func WithoutColours(message string) string {
	if strings.IndexByte(message, escape) < 0 {
		return message
	}
	var plain strings.Builder
	plain.Grow(len(message))
	for {
		at := strings.IndexByte(message, escape)
		if at < 0 {
			plain.WriteString(message)
			return plain.String()
		}
		plain.WriteString(message[:at])
		n := colourLen(message[at:])
		if n == 0 { // another escape sequence stays
			plain.WriteByte(escape)
			n = 1
		}
		message = message[at+n:]
	}
}

const escape = '\x1b'

// colourLen is the length of the sequence that text begins with, 0 when it is none: ESC [ digits, ; and :, and m.
func colourLen(text string) int {
	if len(text) < 2 || text[1] != '[' {
		return 0
	}
	for i := 2; i < len(text); i++ {
		switch c := text[i]; {
		case c == 'm':
			return i + 1
		case (c < '0' || c > '9') && c != ';' && c != ':':
			return 0
		}
	}
	return 0
}
