package main

import (
	"net/http"

	"github.com/gorilla/mux"
)

// serve prints what the framework walks.
func serve(h http.Handler) error {
	var all written
	err := h.(*mux.Router).Walk(func(route *mux.Route, _ *mux.Router, above []*mux.Route) error {
		if route.GetHandler() == nil {
			return nil
		}
		path, err := route.GetPathTemplate()
		if err != nil {
			return err
		}
		methods, err := route.GetMethods()
		for i := len(above) - 1; i >= 0 && err != nil; i-- {
			methods, err = above[i].GetMethods()
		}
		if err != nil {
			methods = []string{"*"}
		}
		for _, m := range methods {
			all.add(m, path)
		}
		return nil
	})
	all.print()
	return err
}
