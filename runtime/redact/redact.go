// Package redact takes secrets out of text, in the forms in which programs write them: as they are, escaped as in JSON or in a URL, and in base64. What is
// encrypted, hashed, compressed, in hexadecimal digits or torn apart by line breaks of another kind is not found.
package redact

import "slices"

// Mark stands where a secret was.
const Mark = "[redacted]"

// MinBytes is the length of the shortest secret that is looked for: shorter ones are everywhere.
const MinBytes = 4

// Redactor takes out the secrets that it was made for. It does not change, and one that is nil finds nothing.
type Redactor struct {
	machine machine
}

// New returns a Redactor of the values, or nil when none of them can be looked for.
func New(values []string) *Redactor {
	var patterns []string
	for _, v := range values {
		patterns = append(patterns, forms(v)...)
	}
	if len(patterns) == 0 {
		return nil
	}
	return &Redactor{machine: newMachine(patterns)}
}

// Text returns the text without secrets: the text itself where there are none, and else a new slice.
func (r *Redactor) Text(text []byte) []byte {
	if r == nil {
		return text
	}
	spans, _ := r.machine.find(text)
	return replace(text, spans)
}

// Cut is Text for the beginning of something longer: at its end the beginning of a secret is taken out, too.
func (r *Redactor) Cut(text []byte) []byte {
	if r == nil {
		return text
	}
	spans, open := r.machine.find(text)
	if open >= MinBytes {
		spans = merge(spans, span{len(text) - open, len(text)})
	}
	return replace(text, spans)
}

// String is Text for strings.
func (r *Redactor) String(s string) string {
	if r == nil {
		return s
	}
	return string(r.Text([]byte(s)))
}

// span is a part of a text, from and to.
type span struct{ from, to int }

// merge adds a span that ends behind all others.
func merge(spans []span, s span) []span {
	for n := len(spans); n > 0 && spans[n-1].to >= s.from; n = len(spans) {
		s.from = min(s.from, spans[n-1].from)
		spans = spans[:n-1]
	}
	return append(spans, s)
}

func replace(text []byte, spans []span) []byte {
	if len(spans) == 0 {
		return text
	}
	out := make([]byte, 0, len(text)+len(spans)*len(Mark))
	at := 0
	for _, s := range spans {
		out = append(append(out, text[at:s.from]...), Mark...)
		at = s.to
	}
	return slices.Clip(append(out, text[at:]...))
}
