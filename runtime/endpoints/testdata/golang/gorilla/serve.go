package main

import (
	"net/http"
	"os"
)

// serve answers requests until the process ends.
func serve(h http.Handler) error { return http.ListenAndServe(":"+os.Getenv("PORT"), h) }
