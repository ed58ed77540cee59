package folders

import (
	"slices"
	"strings"
)

// next reads Next.js: route files of the app folder, and pages/api, whose functions answer every method.
func next(p Project) []Route {
	base := p.Config([]string{"next.config"}, "basePath")
	var found []Route
	for _, dir := range []string{"app", "src/app"} {
		for inner, name := range p.below(dir) {
			parts := strings.Split(inner, "/")
			if stem(parts[len(parts)-1]) != "route" || p.handsOn(name) {
				continue
			}
			segments, ok := appSegments(parts[:len(parts)-1])
			if ok {
				found = append(found, p.exported(name, "", join(base, segments))...)
			}
		}
	}
	for _, dir := range []string{"pages/api", "src/pages/api"} {
		for inner, name := range p.below(dir) {
			if !slices.Contains(p.Exports(name), "default") || p.handsOn(name) {
				continue
			}
			for _, at := range join(base, append([]segment{{text: "api"}}, fileSegments(inner)...)) {
				found = append(found, Route{Method: "*", Path: at, File: name})
			}
		}
	}
	return found
}

// handsOn reports whether a file takes everything below its folder and gives it to an app that is made in it, of Hono for
// example: the routes of that app say more.
func (p Project) handsOn(name string) bool { return strings.Contains(name, "[...") && p.Serves(name) }

// appSegments are the parts of a path in the app folder: groups and slots are not in it, private folders are no routes.
func appSegments(parts []string) ([]segment, bool) {
	var segments []segment
	for _, part := range parts {
		switch {
		case strings.HasPrefix(part, "_"), strings.HasPrefix(part, "(."):
			return nil, false
		case strings.HasPrefix(part, "@"), strings.HasPrefix(part, "(") && strings.HasSuffix(part, ")"):
		default:
			segments = append(segments, brackets(strings.Replace(part, "%5F", "_", 1)))
		}
	}
	return segments, true
}

// fileSegments are the parts of a path that a file's name is; index is its folder.
func fileSegments(name string) []segment {
	parts := strings.Split(stem(name), "/")
	if parts[len(parts)-1] == "index" {
		parts = parts[:len(parts)-1]
	}
	segments := make([]segment, 0, len(parts))
	for _, part := range parts {
		segments = append(segments, brackets(part))
	}
	return segments
}
