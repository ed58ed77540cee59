// A desk on echo.
package main

import (
	"log"
	"net/http"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"example.com/echo/ticket"
)

type server struct {
	*echo.Echo
	tickets ticket.Handler
}

func (s *server) setup() {
	s.Use(middleware.Recover())
	s.GET("/", hello)
	s.Any("/any", hello)
	s.Match([]string{"GET", "POST"}, "/form", hello)
	s.Add(http.MethodPatch, "/patch/:id", hello)
	s.File("/logo.png", "logo.png")
	s.GET("/files/*", hello, middleware.Logger())

	api := s.Group("/api", middleware.CORS())
	s.tickets.Register(api.Group("/tickets"))
	restricted := api.Group("", middleware.Logger())
	restricted.DELETE("/session", hello)
}

func main() {
	s := &server{Echo: echo.New()}
	s.setup()
	g := s.Group("/hooks")
	register(g, map[string]echo.HandlerFunc{"/push": hello, "/pull/:n": hello})
	log.Fatal(serve(s.Echo))
}

func register(g *echo.Group, hooks map[string]echo.HandlerFunc) {
	for path, h := range hooks {
		g.POST(path, h)
	}
}

func hello(c echo.Context) error { return c.NoContent(http.StatusNoContent) }
