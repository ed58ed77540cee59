// Package web holds the preview tab, the page that previewd shows to people: TypeScript in src, which `make web` builds.
package web

import (
	"embed"
	"io/fs"
)

// dist holds what was built in app, which git does not know, and a page in its place in placeholder.
//
//go:embed all:dist
var dist embed.FS

// Files is the built tab, with index.html at its top; a page that tells how to build it where that was not done. So Go
// builds without Node.
func Files() fs.FS { return choose(dist) }

func choose(built fs.FS) fs.FS {
	for _, folder := range []string{"dist/app", "dist/placeholder"} {
		if _, err := fs.Stat(built, folder+"/index.html"); err == nil {
			if files, err := fs.Sub(built, folder); err == nil {
				return files
			}
		}
	}
	return built
}
