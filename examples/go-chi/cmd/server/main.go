// Command server serves quotes with chi.
package main

import (
	"cmp"
	"encoding/json"
	"log"
	"net/http"
	"os"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"example.com/go-chi/internal/quotes"
)

func main() {
	book := quotes.New()
	r := chi.NewRouter()
	r.Use(middleware.Logger, middleware.Recoverer)
	r.Get("/", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]string{"quotes": "/quotes"})
	})
	r.Route("/quotes", func(r chi.Router) {
		r.Get("/", func(w http.ResponseWriter, _ *http.Request) {
			writeJSON(w, http.StatusOK, book.All())
		})
		r.Post("/", func(w http.ResponseWriter, req *http.Request) {
			var q quotes.Quote
			if err := json.NewDecoder(req.Body).Decode(&q); err != nil || q.Text == "" {
				writeJSON(w, http.StatusBadRequest, map[string]string{"error": "text is required"})
				return
			}
			book.Add(q)
			writeJSON(w, http.StatusCreated, q)
		})
	})
	log.Fatal(http.ListenAndServe(":"+cmp.Or(os.Getenv("PORT"), "8080"), r))
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(v); err != nil {
		log.Print(err)
	}
}
