package eval

import (
	"path"
	"regexp"
	"sort"
	"strings"
)

func globModule() Value {
	find := Native("glob", func(c *Call) Value {
		found := c.M.glob(c)
		if callback, ok := c.Arg(len(c.Args) - 1).(*Func); ok && len(c.Args) > 1 {
			c.M.Call(callback, Undefined{}, []Value{Null{}, found}, c.Site)
		}
		return found
	})
	props := map[string]Value{"sync": find, "globSync": find, "glob": find, "globby": find, "globbySync": find, "async": find}
	return &Partial{Name: "glob", Props: props, Make: find.Native}
}

func (m *Machine) glob(c *Call) Value {
	cwd := Value(Str{S: absolute(m.Cwd())})
	isAbsolute := false
	if o, ok := c.Arg(1).(*Object); ok {
		if dir, there := o.Own("cwd"); there {
			cwd = dir
		}
		isAbsolute, _ = truth(m.Get(o, "absolute"))
	}
	patterns := []Value{c.Arg(0)}
	if a, ok := c.Arg(0).(*Array); ok {
		patterns = a.Items
	}
	out := &Array{}
	for _, pattern := range patterns {
		s, ok := Text(pattern)
		dir, ok2 := m.Place(cwd)
		if !ok || !ok2 || strings.Contains(s, holeOpen) {
			out.Open = true
			continue
		}
		full := s
		if !strings.HasPrefix(s, "/") {
			full = joinPath(absolute(dir), s)
		}
		re, err := globRegexp(full)
		if err != nil {
			out.Open = true
			continue
		}
		base, _ := relative(staticPrefix(full))
		all := m.list(base, "", false, true, 0).Items
		m.spend(100 * len(all))
		for _, item := range all {
			name := absolute(path.Join(base, str(item)))
			if !re.MatchString(name) || !m.Files.IsFile(path.Join(base, str(item))) {
				continue
			}
			if !strings.HasPrefix(s, "/") && !isAbsolute {
				name = strings.TrimPrefix(name, absolute(dir)+"/")
			}
			out.Items = append(out.Items, Str{S: name})
		}
	}
	sort.SliceStable(out.Items, func(i, j int) bool { return str(out.Items[i]) < str(out.Items[j]) })
	return out
}

// Glob are the files of the project that a pattern of the program's matches.
func (m *Machine) Glob(pattern string) []string {
	found, _ := m.glob(&Call{M: m, Args: []Value{Str{S: pattern}}}).(*Array)
	var names []string
	for _, item := range found.Items {
		if name, ok := m.Place(item); ok {
			names = append(names, name)
		}
	}
	return names
}

// staticPrefix is the folder above the first wildcard.
func staticPrefix(pattern string) string {
	if i := strings.IndexAny(pattern, "*?{[!("); i >= 0 {
		pattern = pattern[:i]
		return pattern[:strings.LastIndexByte(pattern, '/')+1]
	}
	return path.Dir(pattern)
}

func globRegexp(pattern string) (*regexp.Regexp, error) {
	if len(pattern) > 500 {
		pattern = pattern[:500]
	}
	var out strings.Builder
	out.WriteString("^")
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; c {
		case '*':
			switch {
			case strings.HasPrefix(pattern[i:], "**/"):
				out.WriteString("(?:.*/)?")
				i += 2
			case strings.HasPrefix(pattern[i:], "**"):
				out.WriteString(".*")
				i++
			default:
				out.WriteString("[^/]*")
			}
		case '?':
			out.WriteString("[^/]")
		case '{':
			out.WriteString("(?:")
		case '}':
			out.WriteString(")")
		case ',':
			out.WriteString("|")
		case '(', ')', '|':
			out.WriteByte(c)
		case '@', '+':
			if i+1 < len(pattern) && pattern[i+1] == '(' {
				continue
			}
			out.WriteString(regexp.QuoteMeta(string(c)))
		default:
			out.WriteString(regexp.QuoteMeta(string(c)))
		}
	}
	out.WriteString("$")
	return regexp.Compile(out.String())
}
