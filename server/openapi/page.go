package openapi

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the page's template and style
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
)

//go:embed page/page.html
var pageTemplate string

//go:embed page/page.css
var pageStyle string

// Page handles GET /docs.
func (s *Site) Page(w http.ResponseWriter, r *http.Request) error {
	d, err := s.document()
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", pagePolicy())
	serve(w, r, d.Page)
	return nil
}

// pagePolicy allows the one style that the page has, and its icon. There is no script, and nothing is loaded.
func pagePolicy() string {
	sum := sha256.Sum256([]byte(pageStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; img-src data:; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

// render makes the page of a document.
func render(root object) ([]byte, error) {
	t, err := template.New("page").Parse(pageTemplate)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	view, err := newView(root)
	if err != nil {
		return nil, err
	}
	if err := t.Execute(&b, view); err != nil {
		return nil, fmt.Errorf("render page: %w", err)
	}
	return b.Bytes(), nil
}
