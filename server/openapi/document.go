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
}

// New puts the document together.
func New() (*Document, error) {
	files, err := fs.Sub(spec, "spec")
	if err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	root, err := assemble(files)
	if err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	text, err := encode(root)
	if err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	return &Document{JSON: text}, nil
}

// etag names a content, for RFC 9110, section 8.8.3.
func etag(content []byte) string {
	sum := sha256.Sum256(content)
	return `"` + hex.EncodeToString(sum[:8]) + `"`
}
