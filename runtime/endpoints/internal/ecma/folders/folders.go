// Package folders reads the routes of frameworks that route by the names of files: Next.js, Nuxt and Nitro, SvelteKit, Astro,
// Remix, and Vercel's functions. Pages are not endpoints: what counts is what a program would call.
package folders

import (
	"path"
	"slices"
	"strings"
)

// Project is one package of a project.
type Project struct {
	Dir     string
	Names   []string // its sources
	Uses    func(dependency string) bool
	Has     func(file string) bool                          // whether the package has such a file, a source or not
	Exports func(name string) []string                      // the names that a source exports
	Config  func(stems []string, property ...string) string // a text in the configuration file
	Serves  func(name string) bool                          // whether the source makes an app of its own
}

// Route is one method on one path, both as they are answered with.
type Route struct {
	Method, Path, File string
}

// Routes are the routes of all frameworks that the package uses.
func Routes(p Project) []Route {
	var found []Route
	switch {
	case p.Uses("next"):
		found = next(p)
	case p.Uses("nuxt"), p.Uses("nuxt3"), p.Uses("nitropack"), p.Uses("nitro"):
		found = nitro(p)
	case p.Uses("@sveltejs/kit"):
		found = svelteKit(p)
	case p.Uses("astro"):
		found = astro(p)
	case p.Uses("@remix-run/react"), p.Uses("@remix-run/node"), p.Uses("@remix-run/dev"):
		found = remix(p)
	case p.Has("vercel.json"), p.Uses("@vercel/node"):
		found = vercel(p)
	}
	return found
}

// verbs are the methods that a module exports functions of.
var verbs = []string{"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"}

// below gives the sources in a folder of the package, relative to it, with their full names.
func (p Project) below(dir string) map[string]string {
	prefix := path.Join(p.Dir, dir) + "/"
	found := map[string]string{}
	for _, name := range p.Names {
		if inner, ok := strings.CutPrefix(name, prefix); ok {
			found[inner] = name
		}
	}
	return found
}

// stem is a name without the extension of a source.
func stem(name string) string {
	if strings.HasSuffix(name, ".d.ts") {
		return ""
	}
	ext := path.Ext(name)
	if !slices.Contains([]string{".ts", ".js", ".tsx", ".jsx", ".mts", ".mjs", ".cts", ".cjs"}, ext) {
		return ""
	}
	return strings.TrimSuffix(name, ext)
}

// exported are the routes of a source that exports functions by method; every is the name of one for all methods.
func (p Project) exported(name, every string, paths []string) []Route {
	var found []Route
	names := p.Exports(name)
	for _, at := range paths {
		for _, verb := range verbs {
			if slices.Contains(names, verb) {
				found = append(found, Route{Method: verb, Path: at, File: name})
			}
		}
		if every != "" && slices.Contains(names, every) {
			found = append(found, Route{Method: "*", Path: at, File: name})
		}
	}
	return found
}

// join puts segments below a base. Optional ones, marked by absent, are left out or not.
func join(base string, segments []segment) []string {
	paths := []string{strings.TrimSuffix(base, "/")}
	for _, s := range segments {
		var longer []string
		for _, p := range paths {
			if s.optional {
				longer = append(longer, p)
			}
			longer = append(longer, p+"/"+s.text)
		}
		paths = longer[:min(len(longer), 32)]
	}
	for i, p := range paths {
		if p == "" {
			paths[i] = "/"
		}
		if !strings.HasPrefix(paths[i], "/") {
			paths[i] = "/" + paths[i]
		}
	}
	return paths
}

// segment is a part of a path between slashes.
type segment struct {
	text     string
	optional bool
}

// brackets writes [name], [...name], [[name]] and [name=matcher] as {name}, inside of other text, too.
func brackets(s string) segment {
	var out strings.Builder
	optional := false
	for s != "" {
		before, after, found := strings.Cut(s, "[")
		out.WriteString(before)
		if !found {
			break
		}
		double := strings.HasPrefix(after, "[")
		name, rest, closed := strings.Cut(strings.TrimPrefix(after, "["), "]")
		if !closed {
			out.WriteString("[" + after)
			break
		}
		if double {
			rest = strings.TrimPrefix(rest, "]")
			optional = true
		}
		name, _, _ = strings.Cut(strings.TrimPrefix(name, "..."), "=")
		if name == "" {
			out.WriteString("*")
		} else {
			out.WriteString("{" + name + "}")
		}
		s = rest
	}
	return segment{text: out.String(), optional: optional}
}
