// A wiki on gorilla/mux.
package main

import (
	"log"
	"net/http"

	"github.com/gorilla/mux"

	"example.com/gorilla/handlers"
)

// Route is a line of the table.
type Route struct {
	Name    string
	Methods []string
	Pattern string
	Handler http.HandlerFunc
}

var table = []Route{
	{"index", []string{"GET"}, "/pages", handlers.Index},
	{"page", []string{http.MethodGet, http.MethodPut}, "/pages/{title:[a-z]+(?:-[a-z]+)*}", handlers.Page},
	{Name: "drop", Methods: []string{"DELETE"}, Pattern: "/pages/{title}", Handler: handlers.Page},
}

func newRouter() *mux.Router {
	router := mux.NewRouter().StrictSlash(true)
	for _, route := range table {
		router.
			Methods(route.Methods...).
			Path(route.Pattern).
			Name(route.Name).
			Handler(logged(route.Handler))
	}
	return router
}

func logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
}

func main() {
	r := newRouter()
	r.HandleFunc("/health", handlers.Index)
	r.Handle("/ready", logged(http.HandlerFunc(handlers.Index))).Methods("GET", "HEAD")
	r.HandleFunc("/find", handlers.Index).Queries("q", "{q}").Methods(http.MethodGet)
	r.Path("/export").Methods("POST").HandlerFunc(handlers.Index)

	api := r.PathPrefix("/api/v1/").Subrouter()
	api.Use(func(next http.Handler) http.Handler { return logged(next) })
	handlers.Register(api)

	reads := r.Methods(http.MethodGet).Subrouter()
	reads.HandleFunc("/stats", handlers.Index)
	reads.Path("/stats/{year:[0-9]{4}}").HandlerFunc(handlers.Index)

	hosts := r.Host("{sub}.example.com").Subrouter()
	hosts.HandleFunc("/tenant", handlers.Index).Methods("GET")

	r.PathPrefix("/static/").Handler(http.StripPrefix("/static/", http.FileServer(http.Dir("static"))))
	r.NotFoundHandler = http.HandlerFunc(http.NotFound)
	log.Fatal(serve(r))
}
