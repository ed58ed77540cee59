package eval

import (
	"path"
	"regexp"
	"sort"
	"strings"
)

// Cwd is the folder in which the program runs.
func (m *Machine) Cwd() string {
	if m.cwd == "" {
		return "."
	}
	return m.cwd
}

// SetCwd sets the folder in which the program runs.
func (m *Machine) SetCwd(dir string) { m.cwd = dir }

// builtinModule is a module of Node.js, or a library that finds files; nil for others.
func builtinModule(m *Machine, name string) Value {
	switch name {
	case "path", "path/posix":
		return pathModule()
	case "fs", "fs/promises", "fs-extra", "graceful-fs":
		return fsModule()
	case "url":
		toPath := Native("fileURLToPath", func(c *Call) Value {
			if s, ok := c.Text(0); ok {
				return Str{S: strings.TrimPrefix(s, "file://")}
			}
			return c.M.Get(c.Arg(0), "pathname")
		})
		toURL := Native("pathToFileURL", func(c *Call) Value {
			s, ok := c.Text(0)
			if !ok {
				return &Unknown{Label: "url"}
			}
			return ObjectOf(map[string]Value{"href": Str{S: "file://" + s}, "pathname": Str{S: s}})
		})
		return &Partial{Name: "url", Props: map[string]Value{"fileURLToPath": toPath, "pathToFileURL": toURL, "URL": m.Globals["URL"]}}
	case "util":
		return &Partial{Name: "util", Props: map[string]Value{"promisify": Native("promisify", func(c *Call) Value { return c.Arg(0) })}}
	case "module":
		return &Partial{Name: "module", Props: map[string]Value{"createRequire": Native("createRequire", func(c *Call) Value {
			mod := c.Site.Mod
			return Native("require", func(inner *Call) Value {
				s, ok := inner.Text(0)
				if !ok || mod == nil {
					return &Unknown{}
				}
				return inner.M.Import(mod, s)
			})
		})}}
	case "process":
		return m.Globals["process"]
	case "glob", "fast-glob", "globby", "tiny-glob", "tinyglobby":
		return globModule()
	case "require-all", "require-dir", "require-directory", "include-all", "requireindex", "require-index":
		return Native(name, requireAll)
	case "lodash", "underscore", "lodash-es", "ramda":
		return lodash()
	case "config":
		return m.configModule()
	case "convict":
		return m.convict()
	case "reflect-metadata", "dotenv/config":
		return NewObject()
	}
	if part, ok := strings.CutPrefix(strings.Replace(name, "lodash.", "lodash/", 1), "lodash/"); ok {
		return lodashPart(m, part)
	}
	return nil
}

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

// Place is the name in the project of a path that the program gives to fs.
func (m *Machine) Place(v Value) (string, bool) {
	s, ok := Text(v)
	if !ok || strings.Contains(s, holeOpen) {
		return "", false
	}
	if strings.HasPrefix(s, "/") || strings.HasPrefix(s, "file:") {
		return relative(s)
	}
	name := path.Join(m.Cwd(), s)
	return name, !strings.HasPrefix(name, "..")
}

func fsModule() Value {
	p := &Partial{Name: "fs", Props: map[string]Value{}}
	list := Native("readdir", func(c *Call) Value {
		dir, ok := c.M.Place(c.Arg(0))
		if !ok || !c.M.Files.IsDir(dir) {
			return &Array{Open: true}
		}
		withTypes := false
		recursive := false
		if o, ok := c.Arg(1).(*Object); ok {
			withTypes, _ = truth(c.M.Get(o, "withFileTypes"))
			recursive, _ = truth(c.M.Get(o, "recursive"))
		}
		files := c.M.list(dir, "", withTypes, recursive, 0)
		if callback, ok := c.Arg(len(c.Args) - 1).(*Func); ok && len(c.Args) > 1 {
			c.M.Call(callback, Undefined{}, []Value{Null{}, files}, c.Site)
		}
		return files
	})
	stat := Native("stat", func(c *Call) Value {
		name, ok := c.M.Place(c.Arg(0))
		if _, callback := c.Arg(len(c.Args) - 1).(*Func); callback || !ok {
			return c.M.callUnknown(&Unknown{Label: "stat"}, c.Args, c.Site)
		}
		return c.M.entry(name, path.Base(name))
	})
	exists := Native("exists", func(c *Call) Value {
		name, ok := c.M.Place(c.Arg(0))
		if !ok {
			return &Unknown{}
		}
		return Bool{V: c.M.Files.IsDir(name) || c.M.Files.IsFile(name), Soft: true}
	})
	read := Native("readFile", func(c *Call) Value {
		name, ok := c.M.Place(c.Arg(0))
		if ok && path.Ext(name) == ".json" {
			if data, err := c.M.Files.Read(name); err == nil && len(data) < maxText {
				return Str{S: string(data)}
			}
		}
		return c.M.callUnknown(&Unknown{Label: "file"}, c.Args, c.Site)
	})
	p.Props["readdirSync"], p.Props["readdir"] = list, list
	p.Props["statSync"], p.Props["stat"], p.Props["lstatSync"] = stat, stat, stat
	p.Props["existsSync"], p.Props["readFileSync"], p.Props["readFile"] = exists, read, read
	p.Props["promises"], p.Props["default"] = p, p
	return p
}

func (m *Machine) list(dir, below string, withTypes, recursive bool, depth int) *Array {
	out := &Array{}
	for _, entry := range m.Files.ReadDir(path.Join(dir, below)) {
		name := path.Join(below, entry.Name())
		if withTypes {
			out.Items = append(out.Items, m.entry(path.Join(dir, name), entry.Name()))
		} else {
			out.Items = append(out.Items, Str{S: name})
		}
		if recursive && entry.IsDir() && depth < 10 && len(out.Items) < 5000 {
			out.Items = append(out.Items, m.list(dir, name, withTypes, true, depth+1).Items...)
		}
	}
	return out
}

func (m *Machine) entry(name, base string) Value {
	is := func(v bool) Value { return Native("is", func(*Call) Value { return Bool{V: v} }) }
	return ObjectOf(map[string]Value{
		"name": Str{S: base}, "isDirectory": is(m.Files.IsDir(name)), "isFile": is(m.Files.IsFile(name)),
		"path": Str{S: absolute(path.Dir(name))}, "parentPath": Str{S: absolute(path.Dir(name))}, "isSymbolicLink": is(false),
	})
}

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

// requireAll gives an object of the modules in a folder, by name.
func requireAll(c *Call) Value {
	at := c.Arg(0)
	if o, ok := at.(*Object); ok {
		if _, isModule := o.Own("exports"); isModule {
			at = Str{S: path.Dir(str(c.M.Get(o, "filename")))}
			if dir, ok := c.Text(1); ok && strings.HasPrefix(dir, "/") {
				at = Str{S: dir}
			} else if ok {
				at = Str{S: joinPath(str(at), dir)}
			}
		} else {
			at = c.M.Get(o, "dirname")
		}
	}
	if s, ok := Text(at); ok && strings.HasPrefix(s, ".") && c.Site.Mod != nil {
		at = Str{S: joinPath(absolute(c.Site.Mod.Dir()), s)}
	}
	dir, ok := c.M.Place(at)
	if !ok {
		return &Unknown{}
	}
	return c.M.requireDir(dir, c.Arg(len(c.Args)-1), c.Site, 0)
}

func (m *Machine) requireDir(dir string, options Value, site Site, depth int) Value {
	out := NewObject()
	for _, entry := range m.Files.ReadDir(dir) {
		name := path.Join(dir, entry.Name())
		switch {
		case site.File == name:
		case entry.IsDir():
			if depth < 10 {
				out.Put(entry.Name(), m.requireDir(name, options, site, depth+1))
			}
		default:
			if mod := m.Load(name); mod != nil {
				if o, ok := options.(*Object); ok {
					if visit, there := o.Own("visit"); there {
						m.Call(visit, Undefined{}, []Value{mod.Value(), Str{S: absolute(name)}, Str{S: entry.Name()}}, site)
					}
				}
				out.Put(strings.TrimSuffix(entry.Name(), path.Ext(name)), mod.Value())
			}
		}
	}
	return out
}
