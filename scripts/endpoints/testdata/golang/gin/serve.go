package main

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// serve prints what the framework lists. HEAD of files is left out, as it is everywhere beside GET.
func serve(h http.Handler) error {
	var all written
	for _, r := range h.(*gin.Engine).Routes() {
		if r.Method == "HEAD" && r.Path == "/favicon.ico" {
			continue
		}
		all.add(r.Method, r.Path)
	}
	all.print()
	return nil
}
