package golang

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// standard knows the functions of the standard library that paths are made with.
func (in *interp) standard(fn foreign, site callSite) (value, bool) {
	if fn.path == "?" {
		return nil, false
	}
	switch fn.path + "." + fn.name {
	case "fmt.Sprintf":
		return sprintf(site.args), true
	case "fmt.Sprint":
		return joinTexts(site.args, ""), true
	case "path.Join", "path/filepath.Join":
		return pathJoin(site.args), true
	case "net/url.JoinPath":
		return tuple{urlJoin(site.args), nil}, true
	case "strings.Join":
		sep, _ := site.arg(1).(text)
		return joinTexts(items(site.arg(0)), string(sep)), true
	case "strconv.Itoa":
		if n, ok := site.arg(0).(number); ok {
			return text(strconv.Itoa(int(n))), true
		}
		return missing("number"), true
	case "os.Getenv":
		return missing("env"), true
	case "flag.String":
		return pointer{&cell{site.arg(1)}}, true
	case "cmp.Or":
		return firstKnown(site.args), true
	case "sync.OnceFunc", "sync.OnceValue":
		return site.arg(0), true
	}
	if fn.path == "strings" {
		return stringsCall(fn.name, site.args)
	}
	return nil, false
}

func firstKnown(args []value) value {
	for _, arg := range args {
		if t, ok := arg.(text); ok && t != "" && t.known() {
			return t
		}
	}
	return nil
}

// asText is how a value is printed.
func asText(v value) text {
	switch v := target(v).(type) {
	case text:
		return v
	case number:
		return text(strconv.FormatInt(int64(v), 10))
	case boolean:
		return text(strconv.FormatBool(bool(v)))
	case foreign:
		return missing(v.name)
	}
	return missing("value")
}

func joinTexts(args []value, sep string) value {
	parts := make([]string, len(args))
	for i, arg := range args {
		parts[i] = string(asText(arg))
	}
	joined := strings.Join(parts, sep)
	if len(joined) > 1<<14 {
		return missing("long")
	}
	return text(joined)
}

func pathJoin(args []value) value {
	parts := make([]string, len(args))
	for i, arg := range args {
		parts[i] = string(asText(arg))
	}
	return text(path.Join(parts...))
}

func urlJoin(args []value) value {
	if len(args) == 0 {
		return nil
	}
	base := asText(args[0])
	rest := make([]string, 0, len(args)-1)
	for _, arg := range args[1:] {
		rest = append(rest, string(asText(arg)))
	}
	if !base.known() {
		return text(path.Join(append([]string{string(base)}, rest...)...))
	}
	joined, err := url.JoinPath(string(base), rest...)
	if err != nil {
		return nil
	}
	if plain, err := url.PathUnescape(joined); err == nil {
		joined = plain
	}
	return text(joined)
}

// wide are verbs that make a text much longer than its format.
var wide = regexp.MustCompile(`%[-+# 0]*(\[\d+\])?(\*|\d{4}|\d*\.(\[\d+\])?(\*|\d{4}))`)

func sprintf(args []value) value {
	if len(args) == 0 {
		return nil
	}
	format, ok := args[0].(text)
	if !ok || len(format) > 1<<12 || wide.MatchString(string(format)) {
		return missing("format")
	}
	rest := make([]any, 0, len(args)-1)
	for _, arg := range args[1:] {
		switch v := target(arg).(type) {
		case number:
			rest = append(rest, int64(v))
		case boolean:
			rest = append(rest, bool(v))
		default:
			rest = append(rest, string(asText(arg)))
		}
	}
	made := fmt.Sprintf(string(format), rest...) // nothing is printed: what the program's author wrote is the format
	if strings.Contains(made, "%!") || len(made) > 1<<14 {
		return missing("text")
	}
	return text(made)
}

// stringsCall knows the functions of package strings that are used on paths.
func stringsCall(name string, args []value) (value, bool) {
	a := make([]string, 4)
	for i := range min(len(args), 4) {
		t, ok := args[i].(text)
		if !ok {
			return nil, false
		}
		if !t.known() && i > 0 {
			return args[0], true
		}
		a[i] = string(t)
	}
	whole, known := text(a[0]), text(a[0]).known()
	switch name {
	case "TrimSuffix":
		return text(strings.TrimSuffix(a[0], a[1])), true
	case "TrimPrefix":
		return text(strings.TrimPrefix(a[0], a[1])), true
	case "TrimRight":
		return text(strings.TrimRight(a[0], a[1])), true
	case "TrimLeft":
		return text(strings.TrimLeft(a[0], a[1])), true
	case "Trim":
		return text(strings.Trim(a[0], a[1])), true
	case "TrimSpace":
		return text(strings.TrimSpace(a[0])), true
	case "ToUpper":
		return text(strings.ToUpper(a[0])), true
	case "ToLower":
		return text(strings.ToLower(a[0])), true
	case "ReplaceAll":
		return text(strings.ReplaceAll(a[0], a[1], a[2])), true
	}
	if !known {
		return nil, false
	}
	return stringsTest(name, string(whole), a[1])
}

func stringsTest(name, s, part string) (value, bool) {
	switch name {
	case "HasPrefix":
		return boolean(strings.HasPrefix(s, part)), true
	case "HasSuffix":
		return boolean(strings.HasSuffix(s, part)), true
	case "Contains":
		return boolean(strings.Contains(s, part)), true
	case "EqualFold":
		return boolean(strings.EqualFold(s, part)), true
	case "Cut":
		before, after, found := strings.Cut(s, part)
		return tuple{text(before), text(after), boolean(found)}, true
	case "CutPrefix":
		after, found := strings.CutPrefix(s, part)
		return tuple{text(after), boolean(found)}, true
	case "CutSuffix":
		before, found := strings.CutSuffix(s, part)
		return tuple{text(before), boolean(found)}, true
	case "Split":
		made := &list{known: true}
		for piece := range strings.SplitSeq(s, part) {
			made.items = append(made.items, &cell{text(piece)})
		}
		return made, true
	}
	return nil, false
}
