// Package web answers.
package web

import (
	"fmt"
	"net/http"
)

// Server answers.
type Server struct{ mux *http.ServeMux }

// New makes one.
func New(mux *http.ServeMux) *Server { return &Server{mux} }

// Routes adds everything.
func (s *Server) Routes() {
	s.mux.HandleFunc("GET /{$}", s.home())
	s.mux.HandleFunc("/static/", s.home())
	s.mux.Handle("POST /tasks", guard(s.home()))
	s.mux.HandleFunc("GET api.example.com/hosted/{id}", s.home())
	s.mux.HandleFunc("DELETE  /tasks/{id}", s.home())
	s.mux.HandleFunc("/files/{rest...}", s.home())
	for _, kind := range kinds {
		s.crud(kind)
	}
}

type kind struct{ plural, singular string }

var kinds = [...]kind{{"people", "person"}, {"teams", "team"}}

func (s *Server) crud(k kind) {
	s.mux.HandleFunc("GET /"+k.plural, s.home())
	s.mux.HandleFunc(fmt.Sprintf("%s /%s/{%s}", http.MethodPut, k.plural, k.singular), s.home())
}

func guard(next http.HandlerFunc) http.Handler { return next }

func (s *Server) home() http.HandlerFunc { return func(w http.ResponseWriter, r *http.Request) {} }
