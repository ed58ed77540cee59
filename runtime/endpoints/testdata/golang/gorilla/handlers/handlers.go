// Package handlers answers.
package handlers

import (
	"net/http"

	"github.com/gorilla/mux"
)

const usersPath = "/users"

// Users answers for users.
type Users struct{ router *mux.Router }

// Register adds the API.
func Register(r *mux.Router) {
	u := Users{router: r.PathPrefix(usersPath).Subrouter()}
	u.init()
	r.HandleFunc("/version", Index).Methods(http.MethodGet)
}

func (u *Users) init() {
	u.router.HandleFunc("", Index).Methods("GET")
	u.router.HandleFunc("/{id}", u.one).Methods("GET", "PATCH")
	u.handle("/{id}/avatar", u.one, http.MethodPut)
}

func (u *Users) handle(path string, h http.HandlerFunc, methods ...string) {
	u.router.Handle(path, h).Methods(methods...)
}

func (u *Users) one(w http.ResponseWriter, r *http.Request) {}

// Index answers.
func Index(w http.ResponseWriter, r *http.Request) {}

// Page answers.
func Page(w http.ResponseWriter, r *http.Request) {}
