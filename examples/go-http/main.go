// Command go-http serves a guest book with the standard library alone.
package main

import (
	"cmp"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"sync"
	"time"
)

// Entry is one line of the guest book.
type Entry struct {
	Name string    `json:"name"`
	At   time.Time `json:"at"`
}

type book struct {
	mu      sync.Mutex
	entries []Entry
}

func (b *book) list(w http.ResponseWriter, _ *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	writeJSON(w, http.StatusOK, b.entries)
}

func (b *book) sign(w http.ResponseWriter, r *http.Request) {
	var e Entry
	if err := json.NewDecoder(r.Body).Decode(&e); err != nil || e.Name == "" {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "name is required"})
		return
	}
	e.At = time.Now().UTC()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.entries = append(b.entries, e)
	writeJSON(w, http.StatusCreated, e)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(v); err != nil {
		log.Print(err)
	}
}

func main() {
	b := &book{entries: []Entry{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("guest book: GET or POST /entries\n"))
	})
	mux.HandleFunc("GET /entries", b.list)
	mux.HandleFunc("POST /entries", b.sign)

	addr := ":" + cmp.Or(os.Getenv("PORT"), "8080")
	log.Print("listening on ", addr)
	log.Fatal(http.ListenAndServe(addr, mux))
}
