// A tracker on the standard library.
package main

import (
	"log"
	"net/http"

	"example.com/nethttp/internal/web"
)

func main() {
	mux := http.NewServeMux()
	web.New(mux).Routes()
	log.Fatal(serve(mux))
}
