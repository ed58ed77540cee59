// Package live asks a running app which endpoints it serves: for the OpenAPI document that many frameworks publish. The app is a
// stranger: whatever it answers is bounded, and read elsewhere.
//
// No framework tells its own table of routes over HTTP unless its author made a route for that, so there is nothing else to ask
// without touching the app's code.
package live

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"previewd/runtime/endpoints"
	"previewd/runtime/preview"
	"previewd/runtime/upstream"
)

// Bounds on asking. A request is a line in the app's own log: there are few, one after the other.
const (
	patience = 2 * time.Second // for one answer
	longest  = 8 * time.Second // for all of them
	maxBytes = 4 << 20
	maxAsked = 40
)

// Asker sends requests to a running preview, as upstream.Pool does.
type Asker interface {
	Ask(ctx context.Context, to preview.Preview, r upstream.Request, l upstream.Limits) (upstream.Answer, error)
}

// Reader reads a document, of which nothing is known.
type Reader interface {
	Document(ctx context.Context, document []byte) ([]endpoints.Endpoint, error)
}

// Finder finds an app's documents.
type Finder struct {
	Apps   Asker
	Reader Reader
}

// Found is what an app says of itself.
type Found struct {
	Endpoints []endpoints.Endpoint
	At        string // path of the document, "" when there is none
}

// Find asks the app for its document: at the given path, where it was the last time, or, when that is "", wherever it may be. Routes
// are the paths of the app's own routes, which may tell. An app without a document is no error; the error is ctx's, or tells that the
// app cannot be asked.
func (f Finder) Find(ctx context.Context, p preview.Preview, at string, routes []string) (Found, error) {
	bounded, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	s := &search{Finder: f, ctx: bounded, to: p, asked: map[string]bool{}}
	if at != "" {
		s.documents(at)
	} else {
		s.everywhere(routes)
	}
	if err := ctx.Err(); err != nil {
		return Found{}, err
	}
	return s.found, s.err
}

// search is one search under way.
type search struct {
	Finder
	ctx   context.Context //nolint:containedctx // lives as long as the search it belongs to
	to    preview.Preview
	asked map[string]bool
	found Found
	err   error // the app cannot be asked any more
}

func (s *search) everywhere(routes []string) {
	named, shown := hinted(routes)
	_ = s.documents(named...) || s.documents(documents[:]...) || s.read(shown...) || s.read(pages[:]...)
}

// documents asks for documents until there is one.
func (s *search) documents(places ...string) bool {
	for _, at := range places {
		if body := s.get(at); body != nil && s.take(at, body) {
			return true
		}
	}
	return false
}

// read asks for pages, and where these say that documents are.
func (s *search) read(places ...string) bool {
	for _, at := range places {
		body := s.get(at)
		if body == nil {
			continue
		}
		if s.take(at, body) || s.documents(linked(at, body)...) {
			return true
		}
		for _, script := range scripts(at, body) {
			code := s.get(script)
			if document := inside(code); document != nil && s.take("", document) || code != nil && s.documents(linked(script, code)...) {
				return true
			}
		}
	}
	return false
}

// get is the body of a good answer, or nil. Redirects within the app are followed once.
func (s *search) get(at string) []byte {
	for range 2 {
		if s.asked[at] || len(s.asked) >= maxAsked || s.err != nil || s.ctx.Err() != nil {
			return nil
		}
		s.asked[at] = true
		a, err := s.Apps.Ask(s.ctx, s.to, upstream.Request{
			Method: http.MethodGet, Target: at, Header: http.Header{"Accept": {"application/json, text/html;q=0.9, */*;q=0.5"}},
		}, upstream.Limits{Timeout: patience, Bytes: maxBytes})
		switch {
		case err != nil:
			s.failed(err)
			return nil
		case a.Status >= 300 && a.Status < 400:
			next := redirected(at, a.Header.Get("Location"))
			if next == "" {
				return nil
			}
			at = next
		case a.Status != http.StatusOK || a.Truncated:
			return nil
		default:
			return a.Body
		}
	}
	return nil
}

// take reads a document. What is none is passed over.
func (s *search) take(at string, body []byte) bool {
	if !looksLikeOne(body) {
		return false
	}
	all, err := s.Reader.Document(s.ctx, body)
	if err != nil || len(all) == 0 {
		return false
	}
	s.found = Found{Endpoints: all, At: at}
	return true
}

// looksLikeOne says whether reading is worth while: every document names its version near its beginning or its end.
func looksLikeOne(body []byte) bool {
	trimmed := bytes.TrimLeft(body, " \t\r\n\xef\xbb\xbf")
	return len(trimmed) > 0 && trimmed[0] != '<' && (bytes.Contains(body, []byte("openapi")) || bytes.Contains(body, []byte("swagger"))) &&
		bytes.Contains(body, []byte("paths"))
}
