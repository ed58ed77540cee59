package folders

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// nitro reads Nuxt and Nitro: server/api and server/routes, with the method at the end of the name.
func nitro(p Project) []Route {
	base := p.Config([]string{"nuxt.config", "nitro.config"}, "app", "baseURL")
	dirs := map[string]string{"server/api": "api", "server/routes": "", "src/server/api": "api", "src/server/routes": ""}
	if !p.Uses("nuxt") && !p.Uses("nuxt3") {
		dirs["api"], dirs["routes"] = "api", ""
	}
	var found []Route
	for dir, prefix := range dirs {
		for inner, name := range p.below(dir) {
			method, file := nitroMethod(stem(inner))
			if file == "" {
				continue
			}
			var segments []segment
			if prefix != "" {
				segments = append(segments, segment{text: prefix})
			}
			for _, part := range fileSegments(file + ".ts") {
				if !strings.HasPrefix(part.text, "(") {
					segments = append(segments, part)
				}
			}
			for _, at := range join(base, segments) {
				found = append(found, Route{Method: method, Path: at, File: name})
			}
		}
	}
	return found
}

var nitroName = regexp.MustCompile(`^(.*?)(?:\.(get|head|patch|post|put|delete|connect|options|trace))?(?:\.(?:dev|prod|prerender))?$`)

func nitroMethod(file string) (method, rest string) {
	parts := nitroName.FindStringSubmatch(file)
	if parts == nil || parts[2] == "" {
		return "*", file
	}
	return strings.ToUpper(parts[2]), parts[1]
}

// svelteKit reads the +server files of src/routes.
func svelteKit(p Project) []Route {
	base := p.Config([]string{"svelte.config"}, "kit", "paths", "base")
	var found []Route
	for inner, name := range p.below("src/routes") {
		parts := strings.Split(inner, "/")
		if stem(parts[len(parts)-1]) != "+server" {
			continue
		}
		var segments []segment
		for _, part := range parts[:len(parts)-1] {
			if !strings.HasPrefix(part, "(") || !strings.HasSuffix(part, ")") {
				segments = append(segments, brackets(hexEscapes(part)))
			}
		}
		found = append(found, p.exported(name, "fallback", join(base, segments))...)
	}
	return found
}

var hexEscape = regexp.MustCompile(`\[x\+([0-9a-f]{2})\]`)

// hexEscapes writes [x+2e] as the character it stands for.
func hexEscapes(s string) string {
	return hexEscape.ReplaceAllStringFunc(s, func(m string) string {
		code := 0
		for _, c := range m[3:5] {
			code = code*16 + strings.IndexRune("0123456789abcdef", c)
		}
		return string(rune(code))
	})
}

// astro reads the endpoints among the files of src/pages.
func astro(p Project) []Route {
	base := p.Config([]string{"astro.config"}, "base")
	var found []Route
	for inner, name := range p.below("src/pages") {
		if strings.HasPrefix(inner, "_") || strings.Contains(inner, "/_") {
			continue
		}
		found = append(found, p.exported(name, "ALL", join(base, fileSegments(inner)))...)
	}
	return found
}

// remix reads resource routes: those without a component, by flat names (api.users.$id) or folders.
func remix(p Project) []Route {
	var found []Route
	for inner, name := range p.below("app/routes") {
		names := p.Exports(name)
		file := stem(inner)
		if dir, base := path.Split(file); dir != "" {
			if base != "route" && base != "index" {
				file = strings.ReplaceAll(file, "/", ".")
			} else {
				file = strings.TrimSuffix(dir, "/")
			}
		}
		if file == "" || slices.Contains(names, "default") {
			continue
		}
		for _, at := range join("", remixSegments(file)) {
			if slices.Contains(names, "loader") {
				found = append(found, Route{Method: "GET", Path: at, File: name})
			}
			if slices.Contains(names, "action") {
				found = append(found, Route{Method: "*", Path: at, File: name})
			}
		}
	}
	return found
}

func remixSegments(file string) []segment {
	file = strings.NewReplacer("[.]", "\x00", "[", "", "]", "").Replace(file)
	var segments []segment
	for part := range strings.SplitSeq(file, ".") {
		part = strings.ReplaceAll(part, "\x00", ".")
		optional := strings.HasPrefix(part, "(") && strings.HasSuffix(part, ")")
		part = strings.Trim(part, "()")
		if strings.HasPrefix(part, "_") {
			continue
		}
		part = strings.TrimSuffix(part, "_")
		if name, ok := strings.CutPrefix(part, "$"); ok {
			part = "{" + name + "}"
			if name == "" {
				part = "*"
			}
		}
		segments = append(segments, segment{text: part, optional: optional})
	}
	return segments
}

// vercel reads the functions in the folder api.
func vercel(p Project) []Route {
	var found []Route
	for inner, name := range p.below("api") {
		if strings.HasPrefix(inner, "_") || strings.Contains(inner, "/_") || p.Serves(name) {
			continue
		}
		paths := join("/api", fileSegments(inner))
		if slices.Contains(p.Exports(name), "default") {
			for _, at := range paths {
				found = append(found, Route{Method: "*", Path: at, File: name})
			}
			continue
		}
		found = append(found, p.exported(name, "", paths)...)
	}
	return found
}
