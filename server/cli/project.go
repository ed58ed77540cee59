package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"previewd/runtime/preview"
	"previewd/runtime/source"
)

// project is a packed folder with the ids it goes by.
type project struct {
	generation string
	name       string // the project's id
	archive    []byte
	notices    []source.Notice
}

// pack reads a folder. Empty ids are derived from the folder, the same each time, so that launching it again replaces its preview.
func pack(dir, generation, name string) (project, error) {
	for _, id := range []string{generation, name} {
		if id != "" && !preview.ValidID(id) {
			return project{}, badID(id)
		}
	}
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return project{}, fmt.Errorf("finding the folder: %w", err)
	}
	if info, err := os.Stat(absolute); err != nil || !info.IsDir() {
		return project{}, &usageError{quote(dir) + " is not a folder", "name the folder that holds the project"}
	}
	tree, notices, err := source.FromDir(absolute, source.Limits{})
	if err != nil {
		return project{}, err
	}
	archive, err := tree.Archive()
	if err != nil {
		return project{}, err
	}
	p := project{generation: generation, name: name, archive: archive, notices: notices}
	if p.name == "" {
		p.name = word(filepath.Base(absolute))
	}
	if p.generation == "" {
		p.generation = generationID(absolute)
	}
	return p, nil
}

// generationID tells folders of the same name, on this machine and on others, apart.
func generationID(absolute string) string {
	host, _ := os.Hostname() // without it the path alone has to do
	sum := sha256.Sum256([]byte(host + "\x00" + absolute))
	return word(filepath.Base(absolute)) + "-" + hex.EncodeToString(sum[:4])
}

// word turns a folder's name into what an id may hold.
func word(name string) string {
	const longest = 100
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '_', r == '.':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, name)
	name = strings.Trim(name[:min(len(name), longest)], "-.")
	if name == "" {
		return "project"
	}
	return name
}
