package images

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"

	"previewd/runtime/preview"
)

// dockerIgnore reads root's .dockerignore; without one nothing is left out.
func dockerIgnore(tree fs.FS, root string) (skip func(name string) bool, err error) {
	data, err := fs.ReadFile(tree, path.Join(root, ".dockerignore"))
	if errors.Is(err, fs.ErrNotExist) {
		return func(string) bool { return false }, nil
	}
	if err != nil {
		return nil, fmt.Errorf(".dockerignore: %w", err)
	}
	patterns, err := ignorefile.ReadAll(bytes.NewReader(data))
	if err != nil {
		return nil, badIgnore(err)
	}
	matcher, err := patternmatcher.New(patterns)
	if err != nil {
		return nil, badIgnore(err)
	}
	return func(name string) bool {
		ignored, err := matcher.MatchesOrParentMatches(name)
		return err == nil && ignored
	}, nil
}

func badIgnore(err error) *preview.Reason {
	return &preview.Reason{
		Code: preview.InstallFailed, Message: "The project's .dockerignore cannot be read: " + shorten(err.Error(), 200),
		Hint: "Correct or remove the .dockerignore.",
	}
}
