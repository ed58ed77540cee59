// Package ticket answers for tickets.
package ticket

import "github.com/labstack/echo/v4"

// Handler answers.
type Handler struct{}

// Register adds the routes.
func (h Handler) Register(g *echo.Group) {
	g.GET("", h.list)
	g.POST("/", h.list)
	one := g.Group("/:id")
	one.GET("", h.list)
	one.PUT("/state/:state", h.list)
}

func (h Handler) list(c echo.Context) error { return nil }
