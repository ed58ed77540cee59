// Package encoding reads which content codings a client takes.
package encoding

import (
	"net/http"
	"strconv"
	"strings"
)

// AcceptsGzip reports whether a client accepts gzip (RFC 9110, section 12.5.3). Being no worse than plain text, it is used
// whatever the weights are, unless gzip itself is refused.
func AcceptsGzip(h http.Header) bool {
	for _, list := range h.Values("Accept-Encoding") {
		for coding := range strings.SplitSeq(list, ",") {
			name, params, _ := strings.Cut(coding, ";")
			if strings.EqualFold(strings.TrimSpace(name), "gzip") {
				return weight(params) > 0
			}
		}
	}
	return false
}

// weight reads a parameter such as "q=0.5"; 1 where there is none that can be read.
func weight(params string) float64 {
	name, value, _ := strings.Cut(params, "=")
	if !strings.EqualFold(strings.TrimSpace(name), "q") {
		return 1
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil {
		return 1
	}
	return q
}
