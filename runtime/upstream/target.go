package upstream

import (
	"errors"
	"fmt"
	"strings"
)

// MaxTarget is the longest request target, bytes.
const MaxTarget = 8 << 10

// ParseTarget checks a request target in origin form (RFC 9112, section 3.2.1), a path and perhaps a query, and
// returns both as they are sent: what a URL cannot hold, such as letters beyond ASCII, is percent-encoded as browsers
// do. Nothing that could mean another server or another path than it seems passes: no scheme or authority, no backslash,
// white space, control character or fragment, and no dot segment however it is written.
func ParseTarget(target string) (path, query string, err error) {
	path, query, hasQuery := strings.Cut(target, "?")
	switch {
	case len(target) > MaxTarget:
		return "", "", fmt.Errorf("is longer than %d bytes", MaxTarget)
	case !strings.HasPrefix(path, "/"):
		return "", "", errors.New("want a path that begins with /, without scheme and host")
	case strings.HasPrefix(path, "//"):
		return "", "", errors.New("begins with //, which names a host")
	}
	if path, err = encode(path); err != nil {
		return "", "", err
	}
	if hasDotSegment(path) {
		return "", "", errors.New("has a dot segment (. or ..)")
	}
	if !hasQuery {
		return path, "", nil
	}
	query, err = encode(query)
	return path, query, err
}

// encode percent-encodes what may not stand in a URL (RFC 3986, appendix A) and refuses what is never meant to.
func encode(s string) (string, error) {
	var out strings.Builder
	for i := range len(s) {
		c := s[i]
		switch {
		case c <= ' ' || c == 0x7f || c == '\\' || c == '#':
			return "", fmt.Errorf("has %q: percent-encode it where it is meant", c)
		case c == '%' && !isEscape(s[i:]):
			return "", errors.New("has a % that is not followed by two hexadecimal digits")
		case c == '%', isAlphanumeric(c), strings.ContainsRune("-._~!$&'()*+,;=:@/?[]", rune(c)):
			out.WriteByte(c)
		default:
			fmt.Fprintf(&out, "%%%02X", c)
		}
	}
	return out.String(), nil
}

func isEscape(s string) bool { return len(s) >= 3 && isHex(s[1]) && isHex(s[2]) }

func isHex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f' }

// hasDotSegment also sees segments that only become ones when an app decodes the path: dots, slashes and backslashes
// may be percent-encoded, and some servers cut a segment's parameters off first.
func hasDotSegment(path string) bool {
	plain := strings.NewReplacer("%2e", ".", "%2f", "/", "%5c", "/", "%3b", ";").Replace(strings.ToLower(path))
	for segment := range strings.SplitSeq(plain, "/") {
		segment, _, _ = strings.Cut(segment, ";")
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}
