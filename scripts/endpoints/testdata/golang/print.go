package main

import (
	"cmp"
	"encoding/json"
	"os"
	"regexp"
	"slices"
)

type called struct {
	Method string `json:"method"`
	Path   string `json:"path"`
}

// written are the endpoints as they are kept: sorted, once each, with parameters as {name}.
type written []called

var (
	colon   = regexp.MustCompile(`[:*]([A-Za-z_]+)(<[^>]*>)?`)
	pattern = regexp.MustCompile(`\{([A-Za-z_]+)(?::[^{}]*(?:\{[^{}]*\}[^{}]*)*|\.\.\.)\}`)
	open    = regexp.MustCompile(`[*+]$`)
)

// add notes one. A method of "" or "*" is any.
func (w *written) add(method, path string) {
	path = colon.ReplaceAllString(path, "{$1}")
	path = pattern.ReplaceAllString(path, "{$1}")
	path = open.ReplaceAllString(path, "{path}")
	if method == "" {
		method = "*"
	}
	*w = append(*w, called{method, cmp.Or(path, "/")})
}

func (w written) print() {
	byPath := map[string][]string{}
	for _, c := range w {
		byPath[c.Path] = append(byPath[c.Path], c.Method)
	}
	var all written
	for path, methods := range byPath {
		slices.Sort(methods)
		methods = slices.Compact(methods)
		if len(methods) >= 9 { // a framework lists a route of any method under each one it knows
			methods = []string{"*"}
		}
		for _, m := range methods {
			all = append(all, called{m, path})
		}
	}
	slices.SortFunc(all, func(a, b called) int { return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method)) })
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", "  ")
	_ = out.Encode(all)
}
