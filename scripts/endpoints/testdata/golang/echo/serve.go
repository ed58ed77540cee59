package main

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// serve prints what the framework lists. Groups with middleware have routes of their own for what is not found.
func serve(h http.Handler) error {
	var all written
	for _, r := range h.(*echo.Echo).Routes() {
		if r.Method != echo.RouteNotFound {
			all.add(r.Method, r.Path)
		}
	}
	all.print()
	return nil
}
