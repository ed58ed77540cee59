package eval

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

func (m *Machine) stringProperty(s Str, name string) Value {
	if name == "length" {
		return Number(len(s.S))
	}
	if i, err := strconv.Atoi(name); err == nil {
		if i >= 0 && i < len(s.S) {
			return Str{S: s.S[i : i+1]}
		}
		return Undefined{}
	}
	if f := textMethod(s.S, name); f != nil {
		return Native(name, func(c *Call) Value {
			v := f(c)
			if text, ok := v.(Str); ok && s.Soft {
				return Soften(text)
			}
			return v
		})
	}
	return &Unknown{Label: name}
}

func textMethod(s, name string) func(c *Call) Value {
	switch name {
	case "toLowerCase", "toLocaleLowerCase":
		return func(*Call) Value { return Str{S: strings.ToLower(s)} }
	case "toUpperCase", "toLocaleUpperCase":
		return func(*Call) Value { return Str{S: strings.ToUpper(s)} }
	case "trim":
		return func(*Call) Value { return Str{S: strings.TrimSpace(s)} }
	case "toString", "valueOf", "normalize":
		return func(*Call) Value { return Str{S: s} }
	case "concat":
		return func(c *Call) Value {
			var v Value = Str{S: s}
			for _, arg := range c.Args {
				v = add(v, arg)
			}
			return v
		}
	case "split":
		return func(c *Call) Value { return splitText(s, c.Arg(0)) }
	case "replace", "replaceAll":
		return func(c *Call) Value { return c.M.replaceText(s, name, c) }
	case "slice", "substring", "substr":
		return func(c *Call) Value {
			from, to := bounds(c, len(s))
			if n, ok := c.Arg(1).(Number); ok && name == "substr" {
				to = max(from, min(len(s), from+int(n)))
			}
			return Str{S: s[from:to]}
		}
	case "match", "matchAll", "search":
		return func(c *Call) Value { return matchText(s, c.Arg(0)) }
	case "charAt", "at":
		return func(c *Call) Value {
			from, _ := bounds(c, len(s))
			if from >= len(s) {
				return Str{}
			}
			return Str{S: s[from : from+1]}
		}
	}
	if f := textShape(s, name); f != nil {
		return f
	}
	return textSearch(s, name)
}

// textShape is what trims a text or makes it longer.
func textShape(s, name string) func(c *Call) Value {
	switch name {
	case "trimStart", "trimEnd":
		return func(*Call) Value {
			if name == "trimStart" {
				return Str{S: strings.TrimLeft(s, " \t\r\n")}
			}
			return Str{S: strings.TrimRight(s, " \t\r\n")}
		}
	case "repeat", "padStart", "padEnd":
		return func(c *Call) Value {
			n, ok := c.Arg(0).(Number)
			if !ok || math.IsNaN(float64(n)) || n < 0 || n > maxText || int(n)*len(s) > maxText && name == "repeat" {
				return &Unknown{}
			}
			c.M.spend(int(n))
			if name == "repeat" {
				return Str{S: strings.Repeat(s, int(n))}
			}
			return padded(s, name == "padStart", int(n), c)
		}
	}
	return nil
}

// padded fills a text up to the length.
func padded(s string, before bool, length int, c *Call) Value {
	with, ok := c.Text(1)
	if !ok {
		with = " "
	}
	missing := length - len(s)
	if missing <= 0 || with == "" {
		return Str{S: s}
	}
	fill := strings.Repeat(with, missing/len(with)+1)[:missing]
	if before {
		return Str{S: fill + s}
	}
	return Str{S: s + fill}
}

func textSearch(s, name string) func(c *Call) Value {
	find := map[string]func(part string) Value{
		"startsWith":  func(part string) Value { return Bool{V: strings.HasPrefix(s, part)} },
		"endsWith":    func(part string) Value { return Bool{V: strings.HasSuffix(s, part)} },
		"includes":    func(part string) Value { return Bool{V: strings.Contains(s, part)} },
		"indexOf":     func(part string) Value { return Number(strings.Index(s, part)) },
		"lastIndexOf": func(part string) Value { return Number(strings.LastIndex(s, part)) },
	}[name]
	if find == nil {
		return nil
	}
	return func(c *Call) Value {
		part, ok := c.Text(0)
		if !ok {
			return &Unknown{}
		}
		return find(part)
	}
}

func splitText(s string, by Value) Value {
	var parts []string
	switch by := by.(type) {
	case Str:
		parts = strings.Split(s, by.S)
	case Regexp:
		re, err := by.compile()
		if err != nil {
			return &Unknown{}
		}
		parts = re.Split(s, -1)
	default:
		return &Array{Items: []Value{Str{S: s}}}
	}
	out := &Array{}
	for _, part := range parts[:min(len(parts), maxItems)] {
		out.Items = append(out.Items, Str{S: part})
	}
	return out
}

func (m *Machine) replaceText(s, name string, c *Call) Value {
	with := func(match string, groups ...Value) string {
		if f, ok := c.Arg(1).(*Func); ok {
			return str(m.Call(f, Undefined{}, append([]Value{Str{S: match}}, groups...), c.Site))
		}
		return str(c.Arg(1))
	}
	switch what := c.Arg(0).(type) {
	case Str:
		if !strings.Contains(s, what.S) {
			return Str{S: s}
		}
		count := 1
		if name == "replaceAll" {
			count = -1
		}
		return limited(strings.Replace(s, what.S, with(what.S), count))
	case Regexp:
		re, err := what.compile()
		if err != nil {
			return &Unknown{}
		}
		if text, ok := c.Text(1); ok && strings.Contains(text, "$") {
			return limited(re.ReplaceAllString(s, groups.ReplaceAllString(text, "${$1}")))
		}
		done := false
		return limited(re.ReplaceAllStringFunc(s, func(match string) string {
			if done && !strings.Contains(what.Flags, "g") {
				return match
			}
			done = true
			groups := re.FindStringSubmatch(match)
			if groups == nil {
				return with(match) // the expression looks at what is around
			}
			return with(match, textsOf(groups[1:])...)
		}))
	}
	return &Unknown{}
}

var groups = regexp.MustCompile(`\$(\d+)`)

func limited(s string) Value {
	if len(s) > maxText {
		return &Unknown{}
	}
	return Str{S: s}
}

// compile gives Go's form of the expression; what Go has not (look-around, back references) is an error.
func (r Regexp) compile() (*regexp.Regexp, error) {
	source := strings.ReplaceAll(r.Source, `\/`, "/")
	if strings.Contains(r.Flags, "i") {
		source = "(?i)" + source
	}
	return regexp.Compile(source)
}

// Match reports whether the expression matches; one that Go does not know matches nothing.
func (r Regexp) Match(s string) bool {
	re, err := r.compile()
	return err == nil && re.MatchString(s)
}

func matchText(s string, by Value) Value {
	r, ok := by.(Regexp)
	if !ok {
		return &Unknown{}
	}
	re, err := r.compile()
	if err != nil {
		return &Unknown{}
	}
	found := re.FindStringSubmatch(s)
	if found == nil {
		return Null{}
	}
	return &Array{Items: textsOf(found)}
}

func textsOf(parts []string) []Value {
	out := make([]Value, 0, len(parts))
	for _, part := range parts {
		out = append(out, Str{S: part})
	}
	return out
}

func regexpProperty(r Regexp, name string) Value {
	switch name {
	case "source":
		return Str{S: r.Source}
	case "test":
		return Native("test", func(c *Call) Value {
			s, ok := c.Text(0)
			re, err := r.compile()
			if !ok || err != nil || strings.Contains(s, holeOpen) {
				return &Unknown{}
			}
			return Bool{V: re.MatchString(s)}
		})
	case "exec":
		return Native("exec", func(c *Call) Value {
			s, ok := c.Text(0)
			if !ok {
				return &Unknown{}
			}
			return matchText(s, r)
		})
	}
	return &Unknown{Label: name}
}
