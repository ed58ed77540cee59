package eval

import (
	"path"
	"strings"
)

func joinPath(parts ...string) string {
	out := ""
	for _, part := range parts {
		if strings.HasPrefix(part, "/") && out == "" {
			out = part
			continue
		}
		out = path.Join(out, part)
	}
	return out
}

func texts(args []Value) ([]string, bool) {
	out := make([]string, 0, len(args))
	for _, arg := range args {
		s, ok := Text(arg)
		if !ok {
			return nil, false
		}
		out = append(out, s)
	}
	return out, true
}

func pathModule() Value {
	apply := func(name string, f func(parts []string) string) Value {
		return Native(name, func(c *Call) Value {
			parts, ok := texts(c.Args)
			if !ok || len(parts) == 0 {
				return &Unknown{Label: name}
			}
			return limited(f(parts))
		})
	}
	p := &Partial{Name: "path", Props: map[string]Value{
		"isAbsolute": Native("isAbsolute", func(c *Call) Value {
			s, ok := c.Text(0)
			return Bool{V: strings.HasPrefix(s, "/"), Soft: !ok}
		}),
		"sep": Str{S: "/"}, "delimiter": Str{S: ":"},
		"join":    apply("join", func(parts []string) string { return joinPath(parts...) }),
		"dirname": apply("dirname", func(parts []string) string { return path.Dir(parts[0]) }),
		"extname": apply("extname", func(parts []string) string { return path.Ext(parts[0]) }),
		"basename": apply("basename", func(parts []string) string {
			return strings.TrimSuffix(path.Base(parts[0]), strings.Join(parts[1:], ""))
		}),
		"normalize": apply("normalize", func(parts []string) string {
			return path.Clean(parts[0])
		}),
		"relative": apply("relative", func(parts []string) string {
			if len(parts) < 2 {
				return ""
			}
			return strings.TrimPrefix(strings.TrimPrefix(path.Clean(parts[1]), path.Clean(parts[0])), "/")
		}),
		"parse": Native("parse", func(c *Call) Value {
			s, ok := c.Text(0)
			if !ok {
				return &Unknown{}
			}
			base, ext := path.Base(s), path.Ext(s)
			return ObjectOf(map[string]Value{"name": Str{S: strings.TrimSuffix(base, ext)}, "ext": Str{S: ext}, "base": Str{S: base}, "dir": Str{S: path.Dir(s)}})
		}),
		"resolve": Native("resolve", func(c *Call) Value {
			parts, ok := texts(c.Args)
			if !ok {
				return &Unknown{Label: "path"}
			}
			out := absolute(c.M.Cwd())
			for _, part := range parts {
				if strings.HasPrefix(part, "/") {
					out = path.Clean(part)
				} else {
					out = path.Join(out, part)
				}
			}
			return limited(out)
		}),
	}}
	p.Props["posix"], p.Props["default"] = p, p
	return p
}
