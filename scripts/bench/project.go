package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"previewd/runtime/source"
	"previewd/server/client"
)

// putFolder uploads a project's folder as a generation.
func putFolder(ctx context.Context, c *client.Client, id, dir string) error {
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || strings.Contains(path, "node_modules") {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		files[filepath.ToSlash(name)] = string(content)
		return err
	})
	if err != nil {
		return err
	}
	return putFiles(ctx, c, id, files)
}

func putFiles(ctx context.Context, c *client.Client, id string, texts map[string]string) error {
	files := map[string]source.File{}
	for name, text := range texts {
		files[name] = source.File{Content: []byte(text)}
	}
	tree, err := source.FromFiles(files, source.Limits{})
	if err != nil {
		return err
	}
	archive, err := tree.Archive()
	if err != nil {
		return err
	}
	_, err = c.PutGeneration(ctx, id, "bench", archive)
	return err
}
