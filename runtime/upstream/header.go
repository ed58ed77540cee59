package upstream

import (
	"net/http"
	"net/textproto"
	"strings"
)

// hopByHop headers belong to one connection and are never passed on (RFC 9110, section 7.6.1, and RFC 2616, section 13.5.1).
var hopByHop = [...]string{
	"Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "Te", "Trailer",
	"Transfer-Encoding", "Upgrade",
}

// EndToEnd returns the headers that are meant for the other end: a copy without those of the connection and those that
// Connection names.
func EndToEnd(h http.Header) http.Header {
	out := h.Clone()
	if out == nil {
		out = http.Header{}
	}
	for _, list := range h["Connection"] {
		for name := range strings.SplitSeq(list, ",") {
			out.Del(textproto.TrimString(name))
		}
	}
	for _, name := range hopByHop {
		out.Del(name)
	}
	return out
}

// ValidToken reports whether s is a token (RFC 9110, section 5.6.2), such as a method or a header's name.
func ValidToken(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isAlphanumeric(c) && !strings.ContainsRune("!#$%&'*+-.^_`|~", rune(c)) {
			return false
		}
	}
	return s != ""
}

// ValidHeaderValue reports whether s can be a header's value (RFC 9110, section 5.5): no control characters but the tab.
func ValidHeaderValue(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < ' ' && c != '\t') || c == 0x7f {
			return false
		}
	}
	return true
}

func isAlphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}
