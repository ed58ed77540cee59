package eval

import (
	"path"
	"strings"
)

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
