package openapi

import (
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Site serves the document. It is put together at the first request.
type Site struct{ document func() (*Document, error) }

// NewSite returns a Site.
func NewSite() *Site { return &Site{document: sync.OnceValues(New)} }

// Spec handles GET /openapi.json.
func (s *Site) Spec(w http.ResponseWriter, r *http.Request) error {
	d, err := s.document()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	serve(w, r, d.JSON)
	return nil
}

// serve lets a cache keep the content and ask whether it is still good.
func serve(w http.ResponseWriter, r *http.Request, content []byte) {
	h, tag := w.Header(), etag(content)
	h.Set("ETag", tag)
	h.Set("Cache-Control", "no-cache")
	if matches(r.Header.Get("If-None-Match"), tag) {
		h.Del("Content-Type")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write(content) // the caller may have gone; there is nobody left to tell
}

// matches compares weakly, as RFC 9110, section 13.1.2, wants it: a proxy that compresses weakens a tag.
func matches(header, tag string) bool {
	return slices.ContainsFunc(strings.Split(header, ","), func(given string) bool {
		given = strings.TrimPrefix(strings.TrimSpace(given), "W/")
		return given == tag || given == "*"
	})
}
