package golang

import (
	"path"
	"strings"
)

const upperVerbs = "GET POST PUT DELETE PATCH HEAD OPTIONS"

func newGin(importPath string) *framework {
	fw := &framework{
		name: "gin", path: importPath,
		made: set("New Default"), types: set("Engine RouterGroup IRouter IRoutes IRoute Hertz"), global: set("RouterGroup"), zero: "Engine",
		join: joinGin, write: colons,
	}
	return fw.with(upperVerbs, verb).with("Any", every).with("Handle Match", byMethod).with("Group", grouped).
		with("Use UseRawPath Handler With", itself).with("NoRoute NoMethod Run Routes BasePath Spin", nothing).
		with("StaticFile StaticFileFS", staticFile).with("Static StaticFS", staticFolder)
}

// staticFile is router.StaticFile(path, file).
func staticFile(in *interp, c routerCall) value {
	in.add(c, []string{"GET"}, c.arg(0), 0, nil)
	return c.node
}

// staticFolder is router.Static(path, folder).
func staticFolder(in *interp, c routerCall) value {
	if t, ok := target(c.arg(0)).(text); ok {
		p := strings.TrimSuffix(string(t), "/") + "/*filepath"
		in.add(c, []string{"GET"}, text(p), 0, nil)
	}
	return c.node
}

// joinGin cleans paths and keeps the slash at the end.
func joinGin(prefix, p string) string {
	if p == "" {
		return prefix
	}
	joined := path.Join("/", prefix, p)
	if strings.HasSuffix(p, "/") && !strings.HasSuffix(joined, "/") {
		joined += "/"
	}
	return joined
}

// colons writes :name and *name as {name}.
func colons(p string) []string {
	parts := strings.Split(p, "/")
	for i, part := range parts {
		at := strings.IndexAny(part, ":*")
		if at < 0 || strings.Contains(part, "{") {
			continue
		}
		name := part[at+1:]
		if name == "" && part[at] == '*' {
			name = wildcard
		}
		if name != "" {
			parts[i] = part[:at] + "{" + name + "}"
		}
	}
	return []string{strings.Join(parts, "/")}
}

// wildcard is the name of a part of the path that has none.
const wildcard = "path"
