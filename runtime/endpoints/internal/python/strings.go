package python

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"previewd/runtime/endpoints/internal/syntax"
)

// stringLiteral is a string with its escapes read and, in an f-string, its expressions put in. What is not known comes
// to nothing: a prefix that cannot be known is better left out than the whole path.
func (in *interpreter) stringLiteral(f *frame, n syntax.Node) value {
	start := strings.ToLower(n.Child("string_start").Text())
	raw := strings.Contains(start, "r")
	formatted := strings.Contains(start, "f")
	var b strings.Builder
	for part := range n.Children() {
		switch {
		case part.Is("string_content"):
			b.WriteString(content(part, raw, formatted))
		case part.Is("interpolation"):
			b.WriteString(in.interpolation(f, part))
		}
	}
	return bounded(b.String())
}

func content(n syntax.Node, raw, formatted bool) string {
	text := n.Text()
	if formatted {
		text = strings.NewReplacer("{{", "{", "}}", "}").Replace(text)
	}
	if raw || !strings.Contains(text, `\`) {
		return text
	}
	return unescape(text)
}

func unescape(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			b.WriteByte(text[i])
			continue
		}
		i++
		switch text[i] {
		case '\n':
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case '\\', '\'', '"':
			b.WriteByte(text[i])
		default:
			b.WriteByte('\\')
			b.WriteByte(text[i])
		}
	}
	return b.String()
}

func (in *interpreter) interpolation(f *frame, n syntax.Node) string {
	return display(in.eval(f, n.Field("expression")))
}

// display is str(v), "" where it is not known.
func display(v value) string {
	switch v := v.(type) {
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case bool:
		if v {
			return "True"
		}
		return "False"
	}
	return ""
}

// formatPercent is template % values.
func formatPercent(template string, v value) value {
	var positional []value
	if l, ok := v.(*list); ok {
		positional = l.items
	} else {
		positional = []value{v}
	}
	named, _ := v.(*dict)
	var b strings.Builder
	for i := 0; i < len(template); i++ {
		if template[i] != '%' || i+1 == len(template) {
			b.WriteByte(template[i])
			continue
		}
		i++
		if template[i] == '%' {
			b.WriteByte('%')
			continue
		}
		if template[i] == '(' && named != nil {
			end := strings.IndexByte(template[i:], ')')
			if end < 0 {
				break
			}
			v, _ := named.get(template[i+1 : i+end])
			b.WriteString(display(v))
			i += end + 1
			continue
		}
		if len(positional) > 0 {
			b.WriteString(display(positional[0]))
			positional = positional[1:]
		}
	}
	return bounded(b.String())
}

// formatBraces is template.format(...).
func formatBraces(template string, a args) value {
	var b strings.Builder
	next := 0
	for i := 0; i < len(template); i++ {
		c := template[i]
		if (c == '{' || c == '}') && i+1 < len(template) && template[i+1] == c {
			b.WriteByte(c)
			i++
			continue
		}
		if c != '{' {
			b.WriteByte(c)
			continue
		}
		end := strings.IndexByte(template[i:], '}')
		if end < 0 {
			break
		}
		key, _, _ := strings.Cut(template[i+1:i+end], ":")
		b.WriteString(formatted(key, a, &next))
		i += end
	}
	return bounded(b.String())
}

func formatted(key string, a args, next *int) string {
	if key == "" {
		key = fmt.Sprint(*next)
		*next++
	}
	if i, err := strconv.Atoi(key); err == nil {
		return display(a.at(i, ""))
	}
	return display(a.named[key])
}

// stringMethod is a method of str.
func (in *interpreter) stringMethod(s, name string) (value, bool) {
	switch name {
	case "strip", "lstrip", "rstrip", "lower", "casefold", "upper", "title", "capitalize", "replace", "removeprefix", "removesuffix", "format",
		"startswith", "endswith", "join", "split", "rsplit", "splitlines", "encode", "decode", "expandtabs":
	default:
		return nil, false
	}
	return nativeFunction(name, func(a args) value {
		in.charge(len(s) / 100)
		x, y := a.text(0, ""), a.text(1, "")
		switch name {
		case "strip", "lstrip", "rstrip":
			return strip(s, name, a)
		case "lower", "casefold":
			return strings.ToLower(s)
		case "upper":
			return strings.ToUpper(s)
		case "capitalize":
			return capital(s)
		case "title":
			return titleCase(s)
		case "replace":
			if a.has(1, "") && x != "" {
				return bounded(strings.ReplaceAll(s, x, y))
			}
		case "removeprefix":
			return strings.TrimPrefix(s, x)
		case "removesuffix":
			return strings.TrimSuffix(s, x)
		case "format":
			return formatBraces(s, a)
		case "startswith":
			return strings.HasPrefix(s, x)
		case "endswith":
			return strings.HasSuffix(s, x)
		case "join":
			return in.joinStrings(s, a.at(0, ""))
		case "split", "rsplit", "splitlines":
			return splitString(s, x)
		case "encode", "decode", "expandtabs":
			return s
		}
		return nil
	}), true
}

func strip(s, name string, a args) value {
	cut := " \t\r\n"
	if a.has(0, "chars") {
		cut = a.text(0, "chars")
	}
	if name != "rstrip" {
		s = strings.TrimLeft(s, cut)
	}
	if name != "lstrip" {
		s = strings.TrimRight(s, cut)
	}
	return s
}

// titleCase is str.title: a capital after everything that is no letter.
func titleCase(s string) string {
	inside := false
	return strings.Map(func(r rune) rune {
		if inside = unicode.IsLetter(r) && inside; inside {
			return unicode.ToLower(r)
		}
		inside = unicode.IsLetter(r)
		return unicode.ToUpper(r)
	}, s)
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + strings.ToLower(s[1:])
}

func (in *interpreter) joinStrings(separator string, v value) value {
	elements, known := in.elements(v)
	if !known {
		return nil
	}
	parts := make([]string, 0, len(elements))
	for _, e := range elements {
		parts = append(parts, display(e))
	}
	return bounded(strings.Join(parts, separator))
}

func splitString(s, separator string) value {
	var parts []string
	if separator == "" {
		parts = strings.Fields(s)
	} else {
		parts = strings.Split(s, separator)
	}
	l := &list{}
	for _, part := range parts {
		l.items = append(l.items, part)
	}
	return l
}
