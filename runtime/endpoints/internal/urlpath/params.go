package urlpath

import "regexp"

var name = regexp.MustCompile(`\{([^{}]+)\}`)

// Params are the names of a normalised path's parameters, in order.
func Params(p string) []string {
	var names []string
	for _, found := range name.FindAllStringSubmatch(p, -1) {
		names = append(names, found[1])
	}
	return names
}
