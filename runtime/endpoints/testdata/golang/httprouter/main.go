// A counter on httprouter.
package main

import (
	"log"
	"net/http"

	"github.com/julienschmidt/httprouter"
)

type counter struct{ router *httprouter.Router }

func (c *counter) handle(method, path string, h httprouter.Handle) {
	c.router.Handle(method, "/api"+path, h)
}

func main() {
	c := counter{router: httprouter.New()}
	c.handle("GET", "/count", c.show)
	c.handle("POST", "/count/:by", c.show)
	c.router.GET("/", c.show)
	c.router.HandlerFunc(http.MethodDelete, "/count", func(w http.ResponseWriter, r *http.Request) {})
	c.router.Handler("PUT", "/raw/*path", http.NotFoundHandler())
	log.Fatal(serve(c.router))
}

func (c *counter) show(w http.ResponseWriter, r *http.Request, _ httprouter.Params) {}
