// Package posts is a resource of its own.
package posts

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

// Resource answers for posts.
type Resource struct{}

// New makes one.
func New() *Resource { return &Resource{} }

// Routes is its router.
func (rs *Resource) Routes() chi.Router {
	r := chi.NewRouter()
	r.Get("/", rs.List)
	r.Post("/", rs.List)
	r.Route("/{id}", func(r chi.Router) {
		r.Get("/", rs.List)
		r.Put("/", rs.List)
		r.Get("/comments", rs.List)
	})
	return r
}

// List answers with posts.
func (rs *Resource) List(w http.ResponseWriter, r *http.Request) {}
