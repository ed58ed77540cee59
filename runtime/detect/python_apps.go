package detect

import (
	"regexp"
	"slices"
	"strings"
)

// pyApp is an app object, or a function that makes one, found in a module.
type pyApp struct {
	module  *pyModule
	name    string
	factory bool
}

var (
	pyDef    = regexp.MustCompile(`(?m)^(?:async[ \t]+)?def[ \t]+(\w+)[ \t]*\(([^)]*)\)[^\n]*:`)
	pyMain   = regexp.MustCompile(`(?m)^if[ \t]+__name__[ \t]*==[^\n]*:[^\n]*\n`)
	pyDedent = regexp.MustCompile(`(?m)^[^\s#)]`)
)

// findApp returns the app made by one of the constructors, such as "FastAPI", preferring objects over factories
// and likely files over others.
func (p *pyProject) findApp(constructor string) *pyApp {
	makers := map[string]bool{}
	var objects, factories []pyApp
	for i := range p.modules {
		m := &p.modules[i]
		for _, name := range assigned(m.code, constructor) {
			objects = append(objects, pyApp{module: m, name: name})
		}
		for _, d := range pyDef.FindAllStringSubmatchIndex(m.code, -1) {
			name, params := m.code[d[2]:d[3]], m.code[d[4]:d[5]]
			if calls(block(m.code[d[1]:]), constructor) {
				makers[name] = true
				if optional(params) {
					factories = append(factories, pyApp{module: m, name: name, factory: true})
				}
			}
		}
	}
	objects = append(objects, p.made(makers)...)
	if best := preferredApp(objects); best != nil {
		return best
	}
	return preferredApp(factories)
}

// made finds module-level objects that a factory returned.
func (p *pyProject) made(makers map[string]bool) []pyApp {
	var objects []pyApp
	for i := range p.modules {
		for maker := range makers {
			for _, name := range assigned(p.modules[i].code, maker) {
				objects = append(objects, pyApp{module: &p.modules[i], name: name})
			}
		}
	}
	return objects
}

func preferredApp(apps []pyApp) *pyApp {
	if len(apps) == 0 {
		return nil
	}
	best := slices.MinFunc(apps, func(a, b pyApp) int {
		if c := compareModules(a.module.file, b.module.file); c != 0 {
			return c
		}
		if c := appNameWeight(a.name) - appNameWeight(b.name); c != 0 {
			return c
		}
		return strings.Compare(a.name, b.name)
	})
	return &best
}

func appNameWeight(name string) int {
	order := []string{"app", "application", "create_app", "make_app", "api", "server"}
	if at := slices.Index(order, name); at >= 0 {
		return at
	}
	return len(order)
}

// assigned lists module-level names given the result of calling fn.
func assigned(code, fn string) []string {
	var names []string
	for line := range strings.SplitSeq(code, "\n") {
		name, value, ok := strings.Cut(line, "=")
		name, _, _ = strings.Cut(name, ":")
		if ok && envName.MatchString(strings.TrimRight(name, " \t")) && callsFirst(strings.TrimSpace(value), fn) {
			names = append(names, strings.TrimSpace(name))
		}
	}
	return names
}

// callsFirst reports whether an expression begins with a call of fn, maybe through a module: fastapi.FastAPI(….
func callsFirst(value, fn string) bool {
	callee, _, ok := strings.Cut(value, "(")
	if !ok {
		return false
	}
	callee = strings.TrimSpace(callee)
	return callee == fn || strings.HasSuffix(callee, "."+fn)
}

// calls reports whether code calls fn anywhere.
func calls(code, fn string) bool {
	for rest := code; ; {
		at := strings.Index(rest, fn+"(")
		if at < 0 {
			return false
		}
		if at == 0 || !isWord(rest[at-1]) {
			return true
		}
		rest = rest[at+len(fn):]
	}
}

func isWord(b byte) bool {
	return b == '_' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

// block is the indented code at the beginning of rest.
func block(rest string) string {
	first := strings.IndexByte(rest, '\n')
	if first < 0 {
		return rest
	}
	if at := pyDedent.FindStringIndex(rest[first+1:]); at != nil {
		return rest[:first+1+at[0]]
	}
	return rest
}

// optional reports whether a function can be called without arguments.
func optional(params string) bool {
	for param := range strings.SplitSeq(params, ",") {
		param = strings.TrimSpace(param)
		if param != "" && !strings.Contains(param, "=") && !strings.HasPrefix(param, "*") && !strings.HasSuffix(param, "]") {
			return false
		}
	}
	return true
}
