package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// MinLine is the length of the shortest line that is looked for of a value with several. They are found one by one: a log has no text of several lines.
const MinLine = 8

// Findable says whether a value is long enough to be looked for as it is.
func Findable(value string) bool {
	for _, line := range lines(strings.TrimSpace(value)) {
		if len(line) >= MinBytes {
			return true
		}
	}
	return false
}

// forms are the ways in which a value may be written.
func forms(value string) []string {
	value = strings.TrimSpace(value)
	var all []string
	for _, line := range lines(value) {
		all = append(all, line, jsonForm(line), asciiForm(line), url.QueryEscape(line), url.PathEscape(line),
			strings.ReplaceAll(url.QueryEscape(line), "+", "%20"))
	}
	if len(value) >= MinBytes {
		all = append(all, base64Forms(value)...)
	}
	all = slices.DeleteFunc(all, func(s string) bool { return len(s) < MinBytes })
	slices.Sort(all)
	return slices.Compact(all)
}

func lines(value string) []string {
	if !strings.ContainsAny(value, "\r\n") {
		return []string{value}
	}
	var out []string
	for line := range strings.FieldsFuncSeq(value, func(r rune) bool { return r == '\n' || r == '\r' }) {
		if line = strings.TrimSpace(line); len(line) >= MinLine {
			out = append(out, line)
		}
	}
	return out
}

// jsonForm is how encoders of JSON write it that escape only what they must; Python, JavaScript and Go quote strings much the same.
func jsonForm(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string can be encoded
	return strings.TrimSuffix(strings.TrimPrefix(b.String(), `"`), "\"\n")
}

// asciiForm is how Python's encoder of JSON writes it: nothing but ASCII.
func asciiForm(s string) string {
	var b strings.Builder
	for _, r := range jsonForm(s) {
		switch {
		case r < utf8.RuneSelf:
			b.WriteRune(r)
		case r <= 0xFFFF:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xD800+r>>10, 0xDC00+r&0x3FF)
		}
	}
	return b.String()
}

// base64Forms are the characters that depend on the value alone, wherever in the encoded text it stands: an Authorization header holds a user's
// name before the password.
func base64Forms(value string) []string {
	var all []string
	for shift := range 3 {
		encoded := base64.StdEncoding.EncodeToString(append(make([]byte, shift), value...))
		encoded = strings.TrimRight(encoded, "=")
		encoded = encoded[(shift*8+5)/6:]               // characters with bits of what stands before
		if (shift+len(value))%3 != 0 && encoded != "" { // the last character has bits of what follows
			encoded = encoded[:len(encoded)-1]
		}
		if len(encoded) >= MinLine {
			all = append(all, encoded, strings.NewReplacer("+", "-", "/", "_").Replace(encoded))
		}
	}
	return all
}
