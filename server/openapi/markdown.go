package openapi

import (
	"bytes"
	"html/template"
	"regexp"

	"github.com/yuin/goldmark"
)

// markdown renders CommonMark, which descriptions are written in. HTML in it is left out.
func (b *builder) markdown(text string) template.HTML {
	if text == "" {
		return ""
	}
	var out bytes.Buffer
	if err := goldmark.Convert([]byte(text), &out); err != nil {
		b.fail(err)
	}
	return template.HTML(out.String()) //nolint:gosec // it escapes, and the text is our own
}

// token is a JSON string with the colon that makes it a name, or a number or word outside of strings.
var token = regexp.MustCompile(`("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\b\d[\d.eE+-]*`)

// highlight marks the parts of a JSON text.
func highlight(text string) template.HTML {
	var out bytes.Buffer
	end := 0
	for _, m := range token.FindAllStringSubmatchIndex(text, -1) {
		template.HTMLEscape(&out, []byte(text[end:m[0]]))
		class := "lit"
		switch {
		case m[4] >= 0:
			class = "key"
		case m[2] >= 0:
			class = "str"
		}
		stop := m[1]
		if m[4] >= 0 {
			stop = m[3]
		}
		out.WriteString(`<span class="` + class + `">`)
		template.HTMLEscape(&out, []byte(text[m[0]:stop]))
		out.WriteString(`</span>`)
		end = stop
	}
	template.HTMLEscape(&out, []byte(text[end:]))
	return template.HTML(out.String()) //nolint:gosec // every part is escaped
}
