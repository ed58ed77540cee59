package eval

import (
	"path"
	"sort"
	"strings"
)

// exported is the file that the package's exports give for a path below it.
func (r *Resolver) exported(p *Package, sub string) string {
	key := "."
	if sub != "" {
		key = "./" + sub
	}
	return r.conditional(p, p.Exports, key, 0)
}

// imports is the file of a specifier that begins with #.
func (r *Resolver) imports(p *Package, specifier string) string {
	return r.conditional(p, p.Imports, specifier, 0)
}

// conditional reads a table of exports or imports: names with *, conditions, alternatives.
func (r *Resolver) conditional(p *Package, table any, key string, depth int) string {
	if depth > 10 {
		return ""
	}
	switch table := table.(type) {
	case string:
		if key == "." {
			return r.built(p.Dir, table)
		}
	case map[string]any:
		names := make([]string, 0, len(table))
		for name := range table {
			names = append(names, name)
		}
		sort.Sort(sort.Reverse(sort.StringSlice(names)))
		for _, name := range names {
			if !strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "#") {
				if key != "." {
					continue
				}
				if found := r.target(p, table[name], "", depth); found != "" {
					return found
				}
				continue
			}
			before, after, star := strings.Cut(name, "*")
			switch {
			case name == key:
				return r.target(p, table[name], "", depth)
			case star && strings.HasPrefix(key, before) && strings.HasSuffix(key, after) && len(key) >= len(before)+len(after):
				return r.target(p, table[name], key[len(before):len(key)-len(after)], depth)
			}
		}
	}
	return ""
}

func (r *Resolver) target(p *Package, target any, inner string, depth int) string {
	if depth > 10 {
		return ""
	}
	switch target := target.(type) {
	case string:
		return r.built(p.Dir, path.Clean(strings.ReplaceAll(target, "*", inner)))
	case []any:
		for _, alternative := range target {
			if found := r.target(p, alternative, inner, depth+1); found != "" {
				return found
			}
		}
	case map[string]any:
		for _, condition := range []string{"source", "development", "import", "require", "node", "default", "types"} {
			if found := r.target(p, target[condition], inner, depth+1); found != "" {
				return found
			}
		}
	}
	return ""
}
