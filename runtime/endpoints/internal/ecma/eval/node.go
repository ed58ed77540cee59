package eval

import (
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
			if c.Site.Mod == nil {
				return &Unknown{Label: "require"}
			}
			return requireFunc(c.Site.Mod)
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
