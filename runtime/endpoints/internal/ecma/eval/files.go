package eval

import (
	"path"
	"strings"
)

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
