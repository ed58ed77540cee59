package main

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

// serve prints what the framework walks.
func serve(h http.Handler) error {
	var all written
	err := chi.Walk(h.(chi.Routes), func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		all.add(method, route)
		return nil
	})
	all.print()
	return err
}
