package detect

import (
	"path"

	"previewd/runtime/preview"
)

// staticDirs are where a site's finished files lie, the most deliberate first.
var staticDirs = []string{".", "public", "dist", "build", "out", "_site", "site", "www", "docs", "static", "src"}

// detectStatic recognises a folder of finished files.
func detectStatic(f folder, _ Options) *candidate {
	for _, dir := range staticDirs {
		if f.isFile(path.Join(dir, "index.html")) {
			c := newCandidate(f, preview.RuntimeStatic)
			c.plan.StaticDir, c.rank = dir, rankStatic
			c.note("Serving the files of %s: index.html is there and nothing else to run.", path.Join(f.dir, dir))
			return c
		}
	}
	return nil
}
