// A blog on chi.
package main

import (
	"context"
	"log"
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"example.com/chi/posts"
)

type app struct {
	router *chi.Mux
	posts  *posts.Resource
}

func newApp() *app {
	a := &app{router: chi.NewRouter(), posts: posts.New()}
	a.routes()
	return a
}

func (a *app) routes() {
	r := a.router
	r.Use(middleware.Logger)
	r.NotFound(http.NotFound)
	r.Get("/", hello)
	r.Method(http.MethodPut, "/raw", http.HandlerFunc(hello))
	r.MethodFunc("TRACE", "/report", hello)
	r.HandleFunc("/any", hello)
	r.Handle("/metrics", http.HandlerFunc(hello))
	r.Group(func(r chi.Router) {
		r.Use(middleware.NoCache)
		r.Post("/login", hello)
		r.With(paginate).Get("/feed", hello)
	})
	r.Mount("/posts", a.posts.Routes())
	r.Route("/users/{userID:[0-9]+}", func(r chi.Router) {
		r.Use(userCtx)
		r.Get("/", hello)
		r.Delete("/", hello)
		r.Route("/keys", keys)
	})
	r.Mount("/admin", adminRouter())
	r.Get("/files/*", hello)
}

func keys(r chi.Router) {
	r.Get("/{name}", hello)
	r.Put("/{name}/{month:\\d{2}}-{day}", hello)
}

func adminRouter() http.Handler {
	r := chi.NewRouter()
	r.Use(paginate)
	r.Get("/", hello)
	sub := chi.NewRouter()
	sub.Get("/logs", hello)
	r.Mount("/system", sub)
	return r
}

func paginate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
}

func userCtx(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), chi.RouteCtxKey, nil)))
	})
}

func hello(w http.ResponseWriter, _ *http.Request) {}

func main() {
	a := newApp()
	log.Fatal(serve(a.router))
}
