package source

import (
	"errors"
	"path"
	"strings"
)

var (
	errLeaves = errors.New("leads outside the project")
	errLoop   = errors.New("leads to itself, or through too many links")
	errIsDir  = errors.New("is a folder")
	errNotDir = errors.New("is no folder")
)

// Bounds of one walk; Linux follows 40 links.
const (
	maxLinks = 40
	maxSteps = 2048
)

// resolve walks name as a kernel would, link by link, and returns the path it leads to, which need not exist. followLast says whether
// name itself is followed when it is a link.
func resolve(entries map[string]*entry, name string, followLast bool) (string, error) {
	todo := strings.Split(name, "/")
	at, links := ".", 0
	for steps := 0; len(todo) > 0; steps++ {
		if steps > maxSteps {
			return "", errLoop
		}
		next := todo[0]
		todo = todo[1:]
		if next == ".." && at == "." {
			return "", errLeaves
		}
		to := path.Join(at, next)
		e := entries[to]
		if e == nil || e.mode != modeLink || (len(todo) == 0 && !followLast) {
			at = to
			continue
		}
		if links++; links > maxLinks {
			return "", errLoop
		}
		todo = append(strings.Split(string(e.data), "/"), todo...)
	}
	return at, nil
}
