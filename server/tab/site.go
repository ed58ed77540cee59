package tab

import (
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"previewd/server/encoding"
	"previewd/server/problem"
)

// Asset is the name of the path value that names an asset's file.
const Asset = "asset"

// Site is the page.
type Site struct {
	files  fs.FS // index.html, assets/ and beside each file, where it helps, the same with .gz at its end
	policy string
}

// New returns a site of built files. frames are the sources of pages that it may show in a frame, as a
// Content-Security-Policy writes them.
func New(files fs.FS, frames ...string) *Site {
	return &Site{files: files, policy: policy(frames)}
}

// policy lets the page run its own scripts, ask its own origin and show previews, and nothing else. Styles that a
// script sets on an element are no inline styles in its sense.
func policy(frames []string) string {
	return strings.Join([]string{
		"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'", "connect-src 'self'",
		"frame-src " + strings.Join(append([]string{"'self'"}, frames...), " "),
		"base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
	}, "; ")
}

// Index handles GET of the page under any of its addresses, which it reads itself.
func (s *Site) Index(w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Security-Policy", s.policy)
	return s.serve(w, r, "index.html")
}

// Asset handles GET of what the page needs. A file's name changes with its content: it may be kept for ever.
func (s *Site) Asset(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	return s.serve(w, r, "assets/"+r.PathValue(Asset))
}

func (s *Site) serve(w http.ResponseWriter, r *http.Request, name string) error {
	h := w.Header()
	content, err := s.read(h, r, name)
	if errors.Is(err, fs.ErrNotExist) {
		h.Set("Cache-Control", "no-store")
		return problem.New(problem.NotFound, "")
	}
	if err != nil {
		return fmt.Errorf("the tab's %s: %w", name, err)
	}
	h.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	if tag := etag(content); name == "index.html" {
		h.Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	h.Set("Content-Length", fmt.Sprint(len(content)))
	_, _ = w.Write(content) // the caller may have gone; there is nobody left to tell
	return nil
}

// read prefers the form that was compressed when the tab was built.
func (s *Site) read(h http.Header, r *http.Request, name string) ([]byte, error) {
	if !fs.ValidPath(name) {
		return nil, fs.ErrNotExist
	}
	h.Set("Vary", "Accept-Encoding")
	if encoding.AcceptsGzip(r.Header) {
		if content, err := fs.ReadFile(s.files, name+".gz"); err == nil {
			h.Set("Content-Encoding", "gzip")
			return content, nil
		}
	}
	return fs.ReadFile(s.files, name)
}
