package source

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

// dockerIgnore is the project's .dockerignore; the zero value ignores nothing.
type dockerIgnore struct {
	matcher *patternmatcher.PatternMatcher
}

// DockerIgnored returns a function that tells whether the .dockerignore at the root of fsys leaves a path out. As docker does, it never
// leaves out Dockerfile and .dockerignore themselves. Without such a file it leaves nothing out.
func DockerIgnored(fsys fs.FS) (func(path string) bool, error) {
	d, err := readDockerIgnore(func() (io.ReadCloser, error) { return fsys.Open(".dockerignore") })
	if err != nil {
		return nil, err
	}
	return d.ignored, nil
}

func readDockerIgnore(open func() (io.ReadCloser, error)) (dockerIgnore, error) {
	f, err := open()
	if errors.Is(err, fs.ErrNotExist) {
		return dockerIgnore{}, nil
	}
	if err != nil {
		return dockerIgnore{}, fmt.Errorf("opening .dockerignore: %w", err)
	}
	defer f.Close()
	patterns, err := ignorefile.ReadAll(io.LimitReader(f, ignoreFileBytes))
	if err != nil {
		return dockerIgnore{}, problem(".dockerignore", err.Error())
	}
	m, err := patternmatcher.New(patterns)
	if err != nil {
		return dockerIgnore{}, problem(".dockerignore", err.Error())
	}
	return dockerIgnore{matcher: m}, nil
}

func (d dockerIgnore) ignored(path string) bool {
	if d.matcher == nil || path == "Dockerfile" || path == ".dockerignore" {
		return false
	}
	match, err := d.matcher.MatchesOrParentMatches(path)
	return err == nil && match
}

// prunes says that a folder need not be looked into.
func (d dockerIgnore) prunes(path string) bool {
	return d.ignored(path) && !d.matcher.Exclusions()
}
