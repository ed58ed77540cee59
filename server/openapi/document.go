package openapi

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
)

//go:embed spec/*.yaml
var spec embed.FS

// Document is the description of the API. It does not change while previewd runs.
type Document struct {
	JSON []byte
	Page []byte // HTML
}

// New puts the document together.
func New() (*Document, error) {
	root, err := assembled()
	if err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	text, err := encode(root)
	if err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	page, err := render(root)
	if err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	return &Document{JSON: text, Page: page}, nil
}

func assembled() (object, error) {
	files, err := fs.Sub(spec, "spec")
	if err != nil {
		return nil, err
	}
	return assemble(files)
}

// etag names a content, for RFC 9110, section 8.8.3.
func etag(content []byte) string {
	sum := sha256.Sum256(content)
	return `"` + hex.EncodeToString(sum[:8]) + `"`
}
